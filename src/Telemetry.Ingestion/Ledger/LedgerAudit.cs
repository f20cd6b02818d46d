using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Checks the ledger against the log it was made from: between two checkpoints of the store it must have taken exactly
/// the messages that stand in the log there. It reads the log by itself and knows no decoding, so that a message that
/// decoding, a consumer or a restart left out is found.
/// </summary>
public sealed class LedgerAudit
{
    private readonly SpoolHold _hold;
    private readonly SpoolReader _reader;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _start;
    private long _end;
    private long _taken;
    private long _audited;
    private long _off;

    /// <param name="spool">The log.</param>
    /// <param name="start">Where the ledger goes on: the store's cursor.</param>
    /// <param name="logger">Told of a ledger that does not close.</param>
    public LedgerAudit(Spool.Spool spool, long start, ILogger logger)
    {
        _logger = logger;
        _start = start;
        _end = start;
        _hold = spool.OpenHold("ledger", required: false, start);
        _reader = spool.OpenReader(start);
    }

    /// <summary>Messages of the log that were counted for comparison since the service started.</summary>
    public long Audited => Volatile.Read(ref _audited);

    /// <summary>By how many messages ledger and log differ, all differences added up; not 0 is a bug.</summary>
    public long Off => Volatile.Read(ref _off);

    /// <summary>The ledger has been made durable up to <paramref name="end"/>.</summary>
    /// <param name="end">Offset behind the last record in it.</param>
    /// <param name="messages">How many messages it took since it was last made durable.</param>
    internal void OnDurable(long end, long messages)
    {
        lock (_lock)
        {
            _end = end;
            _taken += messages;
            _wanted.Writer.TryWrite(true);
        }
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (bool _ in _wanted.Reader.ReadAllAsync(cancellationToken))
        {
            Audit();
        }
    }

    /// <summary>Compares what has become durable since the last time.</summary>
    internal void Audit()
    {
        (long start, long end, long taken) = Next();
        bool isWhole = _reader.Position <= start;
        long found = 0;
        while (_reader.TryRead(out RecordView record, end))
        {
            found += IsMessage(record.Kind) ? 1 : 0;
        }

        _hold.ReleaseTo(end);
        while (_reader.TryTakeSkip(out SkippedRange skip))
        {
            isWhole &= skip.Cause != SkipCause.Trimmed;
        }

        if (!isWhole)
        {
            return; // a full spool has let go of it before we came by
        }

        Volatile.Write(ref _audited, _audited + found);
        if (found != taken)
        {
            Volatile.Write(ref _off, _off + Math.Abs(found - taken));
            IngestionLog.LedgerOff(_logger, start, end, found, taken);
        }
    }

    /// <summary>What the log holds of others than gateways and HTTP callers is no message.</summary>
    internal static bool IsMessage(byte kind) => kind is (byte)RecordKind.Publish or (byte)RecordKind.HttpWrite;

    private (long Start, long End, long Taken) Next()
    {
        lock (_lock)
        {
            (long, long, long) range = (_start, _end, _taken);
            _start = _end;
            _taken = 0;
            return range;
        }
    }
}
