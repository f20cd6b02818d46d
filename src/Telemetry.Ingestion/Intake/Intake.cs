using System.Buffers;
using System.Text;
using Telemetry.Buffers;
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
    private volatile IReadOnlyList<Route>? _routes; // null when none names the gateway by the topic
    private long _wantedOffset;
    private int _wantedAppends; // going on now: their offset is not known yet, and may be durable already

    /// <param name="spool">Where messages become durable.</param>
    /// <param name="clock">Gives arrival times.</param>
    /// <param name="site">Whose routes may name the gateway by the topic.</param>
    public Intake(Spool.Spool spool, ArrivalClock clock, SiteCatalogue site)
    {
        _spool = spool;
        _clock = clock;
        Follow(site);
        Upstream = new UpstreamIntake(this);
    }

    /// <summary>
    /// The way in for other brokers: RETAIN marks their old messages there, and asks for nothing.
    /// </summary>
    public IIntake Upstream { get; }

    /// <summary>
    /// End of the last appended block that held a retained message or an event of a session; the fan-out must read up
    /// to there, whether anybody subscribes or not.
    /// </summary>
    public long WantedOffset =>
        Volatile.Read(ref _wantedAppends) > 0 ? long.MaxValue : Volatile.Read(ref _wantedOffset);

    /// <inheritdoc/>
    public long DurableOffset => _spool.DurableOffset;

    /// <summary>Another site is in force: lanes are by its routes from now on.</summary>
    internal void Follow(SiteCatalogue site)
    {
        var routes = new RouteTable(site.Routes);
        _routes = routes.NamesGateways ? routes.Routes : null;
    }

    /// <inheritdoc/>
    public IConnectionIntake Open(string clientIdentifier, string? identity) =>
        new ConnectionIntake(
            this,
            Encoding.UTF8.GetBytes(clientIdentifier),
            Encoding.UTF8.GetBytes(identity ?? string.Empty),
            isUpstream: false);

    /// <inheritdoc/>
    public async ValueTask WaitForDurableAsync(long offset, CancellationToken cancellationToken) =>
        await _spool.WaitForCommitAsync(offset - 1, cancellationToken);

    /// <summary>
    /// Appends a message of the service itself, for subscribers only; false when there is no room for it. Any thread
    /// may call it.
    /// </summary>
    public bool TryPublish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, byte qos, bool retain)
    {
        var publish = new PublishView { Topic = topic, Payload = payload, Qos = qos, Retain = retain };
        byte[] record = new byte[SpoolRecord.Measure(MessageRecord.Measure(clientBytes: 0, publish))];
        MessageRecord.Write(record.AsSpan(SpoolRecord.HeaderBytes), client: default, publish);
        SpoolRecord.Seal(record, (byte)RecordKind.OwnPublish, lane: 0, _clock.Now());
        return TryAppend(record, listener: null, isWanted: true, out _) == AppendOutcome.Appended;
    }

    private AppendOutcome TryAppend(
        ReadOnlySpan<byte> block, ICommitListener? listener, bool isWanted, out long endOffset)
    {
        if (!isWanted)
        {
            return _spool.TryAppend(block, listener, out endOffset);
        }

        Interlocked.Increment(ref _wantedAppends);
        AppendOutcome outcome = _spool.TryAppend(block, listener, out endOffset);
        if (outcome == AppendOutcome.Appended)
        {
            Monotone.Raise(ref _wantedOffset, endOffset);
        }

        Interlocked.Decrement(ref _wantedAppends);
        return outcome;
    }

    private sealed class UpstreamIntake(Intake intake) : IIntake
    {
        public long DurableOffset => intake.DurableOffset;

        public IConnectionIntake Open(string clientIdentifier, string? identity) =>
            new ConnectionIntake(intake, Encoding.UTF8.GetBytes(clientIdentifier), identity: [], isUpstream: true);

        public ValueTask WaitForDurableAsync(long offset, CancellationToken cancellationToken) =>
            intake.WaitForDurableAsync(offset, cancellationToken);
    }

    /// <summary>One connection's block; used by that connection's read loop alone.</summary>
    private sealed class ConnectionIntake : IConnectionIntake, ICommitListener
    {
        private const int BlockBytesKept = 2 * 1024 * 1024; // what one large message needed is let go
        private const int BlockBytesMin = 1024;

        private readonly Intake _intake;
        private readonly byte[] _client;
        private readonly byte[] _identity;
        private readonly byte _laneOfClient;
        private readonly bool _isUpstream;
        private RouteTable? _routes; // made by the first message: most of a mine's connections are idle
        private byte[] _block = []; // rented while it holds records: connections that are silent hold none
        private int _lastBlockBytes;
        private int _bytes;
        private long _arrivalTime;
        private bool _isWanted;
        private bool _isHeld; // the block waits: what comes now comes later than what it holds
        private ICommitSignal? _signal;

        public ConnectionIntake(Intake intake, byte[] client, byte[] identity, bool isUpstream)
        {
            _intake = intake;
            _client = client;
            _identity = identity;
            _isUpstream = isUpstream;
            _laneOfClient = Lanes.Of(identity.Length > 0 ? identity : client);
        }

        public int BlockBytes => _bytes;

        public void Add(in PublishView publish)
        {
            Span<byte> record = Reserve(MessageRecord.Measure(_client.Length, publish, _identity.Length));
            Span<byte> body = record[SpoolRecord.HeaderBytes..];
            if (_isUpstream)
            {
                MessageRecord.WriteUpstream(body, _client, publish);
            }
            else
            {
                MessageRecord.Write(body, _client, publish, identity: _identity);
                _isWanted |= publish.Retain;
            }

            SpoolRecord.Seal(record, (byte)RecordKind.Publish, LaneOf(publish.Topic), _arrivalTime);
        }

        public void Add(SessionEventKind kind, ReadOnlySpan<byte> content)
        {
            Span<byte> record = Reserve(SessionEventFormat.Measure(_client.Length, content.Length));
            SessionEventFormat.Write(record[SpoolRecord.HeaderBytes..], kind, _client, content);
            SpoolRecord.Seal(record, (byte)RecordKind.SessionEvent, _laneOfClient, _arrivalTime);
            _isWanted = true;
        }

        public IntakeOutcome TryAppend(ICommitSignal signal, out long endOffset)
        {
            _signal = signal;
            AppendOutcome outcome = _intake.TryAppend(_block.AsSpan(0, _bytes), this, _isWanted, out endOffset);
            _isHeld = outcome != AppendOutcome.Appended;
            if (_isHeld)
            {
                return outcome == AppendOutcome.NoRoom ? IntakeOutcome.NoRoom : IntakeOutcome.Refused;
            }

            GiveBlockBack();
            _isWanted = false;
            return IntakeOutcome.Appended;
        }

        public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) =>
            _intake._spool.WaitForRoomAsync(cancellationToken);

        public void OnCommitted(long durableOffset) => _signal!.OnCommitted(durableOffset);

        private byte LaneOf(ReadOnlySpan<byte> topic)
        {
            if (_intake._routes is not { } routes)
            {
                return _laneOfClient;
            }

            if (_routes?.Routes != routes)
            {
                _routes = new RouteTable(routes);
            }

            byte[]? gateway = _routes.Find(topic, _client)?.GatewayKeyBytes;
            return gateway is null ? _laneOfClient : Lanes.Of(gateway);
        }

        /// <summary>Room for a record with a body of this length at the end of the block.</summary>
        private Span<byte> Reserve(int bodyBytes)
        {
            _arrivalTime = _bytes == 0 || _isHeld ? _intake._clock.Now() : _intake._clock.Next();
            int bytes = SpoolRecord.Measure(bodyBytes);
            if (_block.Length - _bytes < bytes)
            {
                Grow(_bytes + bytes);
            }

            Span<byte> record = _block.AsSpan(_bytes, bytes);
            _bytes += bytes;
            return record;
        }

        /// <summary>The first block of a read is as large as that of the last one: it will be filled as far.</summary>
        private void Grow(int bytes)
        {
            int wanted = Math.Max(bytes, _bytes == 0 ? _lastBlockBytes : _block.Length * 2);
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, BlockBytesMin));
            _block.AsSpan(0, _bytes).CopyTo(larger);
            Return(_block);
            _block = larger;
        }

        private void GiveBlockBack()
        {
            _lastBlockBytes = Math.Min(_bytes, BlockBytesKept);
            Return(_block);
            _block = [];
            _bytes = 0;
        }

        private static void Return(byte[] block)
        {
            if (block.Length is > 0 and <= BlockBytesKept)
            {
                ArrayPool<byte>.Shared.Return(block);
            }
        }
    }
}
