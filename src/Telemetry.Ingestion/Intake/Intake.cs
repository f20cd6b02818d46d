using System.Text;
using Telemetry.Model;
using Telemetry.Mqtt;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// The way in: PUBLISH → block of records → spool → acknowledgement. A connection's messages of one read become one
/// block, appended under one lock; the spool's commit lets the acknowledgements out (law L2).
/// </summary>
public sealed class Intake : IIntake
{
    private readonly Spool.Spool _spool;
    private readonly ArrivalClock _clock;
    private readonly SiteCatalogue _site;
    private long _retainedOffset;

    /// <param name="spool">Where messages become durable.</param>
    /// <param name="clock">Gives arrival times.</param>
    /// <param name="site">Whose routes may name the gateway by the topic.</param>
    public Intake(Spool.Spool spool, ArrivalClock clock, SiteCatalogue site)
    {
        _spool = spool;
        _clock = clock;
        _site = site;
    }

    /// <summary>
    /// End of the last appended block that held a retained message; the fan-out must read up to there.
    /// </summary>
    public long RetainedOffset => Volatile.Read(ref _retainedOffset);

    /// <inheritdoc/>
    public IConnectionIntake Open(string clientIdentifier, string? userName) =>
        new ConnectionIntake(this, Encoding.UTF8.GetBytes(clientIdentifier));

    private void NoteRetained(long endOffset)
    {
        long known = Volatile.Read(ref _retainedOffset);
        while (endOffset > known)
        {
            long seen = Interlocked.CompareExchange(ref _retainedOffset, endOffset, known);
            if (seen == known)
            {
                return;
            }

            known = seen;
        }
    }

    /// <summary>One connection's block; used by that connection's read loop alone.</summary>
    private sealed class ConnectionIntake : IConnectionIntake, ICommitListener
    {
        private readonly Intake _intake;
        private readonly byte[] _client;
        private readonly byte _laneOfClient;
        private readonly RouteTable? _routes;
        private byte[] _block = [];
        private int _bytes;
        private long _arrivalTime;
        private bool _holdsRetained;
        private ICommitSignal? _signal;

        public ConnectionIntake(Intake intake, byte[] client)
        {
            _intake = intake;
            _client = client;
            _laneOfClient = Lanes.Of(client);
            var routes = new RouteTable(intake._site.Routes);
            _routes = routes.NamesGateways ? routes : null;
        }

        public void Add(in PublishView publish)
        {
            if (_bytes == 0)
            {
                _arrivalTime = _intake._clock.Now();
            }

            int bodyBytes = MessageRecord.Measure(_client.Length, publish);
            int recordBytes = SpoolRecord.Measure(bodyBytes);
            Span<byte> record = Reserve(recordBytes);
            MessageRecord.Write(record[SpoolRecord.HeaderBytes..], _client, publish);
            SpoolRecord.Seal(record, (byte)RecordKind.Publish, LaneOf(publish.Topic), _arrivalTime);
            _bytes += recordBytes;
            _holdsRetained |= publish.Retain;
        }

        public IntakeOutcome TryAppend(ICommitSignal signal, out long endOffset)
        {
            _signal = signal;
            AppendOutcome outcome = _intake._spool.TryAppend(_block.AsSpan(0, _bytes), this, out endOffset);
            if (outcome != AppendOutcome.Appended)
            {
                return outcome == AppendOutcome.NoRoom ? IntakeOutcome.NoRoom : IntakeOutcome.Refused;
            }

            if (_holdsRetained)
            {
                _intake.NoteRetained(endOffset);
            }

            _bytes = 0;
            _holdsRetained = false;
            return IntakeOutcome.Appended;
        }

        public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) =>
            _intake._spool.WaitForRoomAsync(cancellationToken);

        public void OnCommitted(long durableOffset) => _signal!.OnCommitted(durableOffset);

        private byte LaneOf(ReadOnlySpan<byte> topic)
        {
            byte[]? gateway = _routes?.Find(topic, _client)?.GatewayKeyBytes;
            return gateway is null ? _laneOfClient : Lanes.Of(gateway);
        }

        private Span<byte> Reserve(int bytes)
        {
            if (_block.Length - _bytes < bytes)
            {
                Array.Resize(ref _block, Math.Max(_block.Length * 2, _bytes + bytes));
            }

            return _block.AsSpan(_bytes, bytes);
        }
    }
}
