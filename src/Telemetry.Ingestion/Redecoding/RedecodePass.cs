using System.Buffers;
using System.Text;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Goes through the history once and decodes each message twice: by the site that was in force when it came, and by
/// the one that is now. Both decoders begin with the state that decoding had at an earlier place of the log, so that
/// clocks, births and duplicates are to them what they were. Nothing is counted or stored by it.
/// </summary>
internal sealed class RedecodePass : IDisposable
{
    private const int SamplesPerStep = 20_000;
    private const long BytesPerStep = 8 * 1024 * 1024;
    private readonly HistoryReader _reader;
    private readonly RedecodeRequest _request;
    private readonly RedecodeFindings _findings;
    private readonly RecordDecoder _then;
    private readonly RecordDecoder _now;
    private readonly byte[] _gateway;

    /// <param name="spool">Has the history.</param>
    /// <param name="log">Has states of decoding.</param>
    /// <param name="context">What decoders need.</param>
    /// <param name="site">The site in force.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="findings">Takes what is found on the way.</param>
    public RedecodePass(
        Spool.Spool spool,
        DecodedLog log,
        DecodingContext context,
        SiteVersion site,
        RedecodeRequest request,
        RedecodeFindings findings)
    {
        _request = request;
        _findings = findings;
        _gateway = Encoding.UTF8.GetBytes(request.Gateway);
        _then = new RecordDecoder(context, metrics: null);
        _now = new RecordDecoder(context, metrics: null);
        long place = spool.HistoryOffsetAt(request.From);
        long start = log.TryRestore(_then.State, place, out long kept) ? kept : spool.HistoryOffset;
        var state = new ArrayBufferWriter<byte>();
        _then.State.Save(state);
        _now.State.Restore(state.WrittenSpan);
        _now.State.Site.Hold(site);
        _reader = spool.OpenHistory(Math.Max(start, spool.HistoryOffset));
    }

    /// <summary>What the messages of the last step gave when they came.</summary>
    public PointBatch Then { get; } = new();

    /// <summary>What they give now.</summary>
    public PointBatch Now { get; } = new();

    /// <summary>Arrival of the last record that was read, nanoseconds since 1970.</summary>
    public long ReachedArrival { get; private set; }

    /// <summary>Bytes of the log that could not be read.</summary>
    public long SkippedBytes => _reader.SkippedBytes;

    /// <summary>Decodes the next messages; false when the range is through, with the last of them.</summary>
    public bool TryStep(CancellationToken cancellationToken)
    {
        Then.Reset();
        Now.Reset();
        long begin = _reader.Position;
        while (Now.Samples.Length < SamplesPerStep && Then.Samples.Length < SamplesPerStep)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_reader.TryRead(out RecordView record) || record.ArrivalTime >= _request.To)
            {
                return false;
            }

            ReachedArrival = record.ArrivalTime;
            Take(record);
            if (_reader.Position - begin > BytesPerStep && Now.Records.Length > 0)
            {
                break;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private void Take(in RecordView record)
    {
        bool isMessage = LedgerAudit.IsMessage(record.Kind);
        if (isMessage && !IsOfGateway(record))
        {
            return;
        }

        if (isMessage && record.ArrivalTime >= _request.From)
        {
            _findings.OnMessage(_then.State.Site.Version.Hash);
            _then.DecodeNext(Then, record);
            int first = Now.Records.Length;
            _now.DecodeNext(Now, record);
            _findings.OnDecoded(Now, first, MessageRecord.Read(record.Body));
            return;
        }

        // For what it leaves in the state; a site that came into force holds for what was then.
        int thenBefore = Then.Records.Length;
        int nowBefore = Now.Records.Length;
        if (isMessage || record.Kind is (byte)RecordKind.Tick or (byte)RecordKind.SiteChange)
        {
            _then.DecodeNext(Then, record);
        }

        if (isMessage || record.Kind == (byte)RecordKind.Tick)
        {
            _now.DecodeNext(Now, record);
        }

        bool isBefore = record.ArrivalTime < _request.From;
        if (isBefore && (Then.Records.Length > thenBefore || Now.Records.Length > nowBefore))
        {
            Then.Reset();
            Now.Reset();
        }
    }

    private bool IsOfGateway(in RecordView record)
    {
        if (_gateway.Length == 0)
        {
            return true;
        }

        MessageRecord message = MessageRecord.Read(record.Body);
        bool isPublish = record.Kind == (byte)RecordKind.Publish;
        ReadOnlySpan<byte> key = isPublish ? KeyOf(message, _now) : message.Gateway;
        bool isMeant = key.SequenceEqual(_gateway)
            || (isPublish && KeyOf(message, _then).SequenceEqual(_gateway))
            || message.Client.SequenceEqual(_gateway);
        if (!isMeant && record.ArrivalTime >= _request.From)
        {
            _findings.OnOther(key);
        }

        return isMeant;
    }

    private static ReadOnlySpan<byte> KeyOf(in MessageRecord message, RecordDecoder decoder) =>
        decoder.Routes.Find(message.Topic, message.Client)?.GatewayKeyBytes ?? message.Gateway;
}
