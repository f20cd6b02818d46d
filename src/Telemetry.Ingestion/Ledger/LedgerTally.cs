using System.Runtime.InteropServices;
using Telemetry.Model;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>
/// Counts the records that the store's consumer takes, for the ledger. One thread uses it: the store's.
/// </summary>
/// <param name="ledger">Takes the counts with the store's checkpoints.</param>
/// <param name="gateways">Names of the gateways.</param>
/// <param name="audit">Told how far the ledger is durable.</param>
/// <param name="start">Where the ledger goes on.</param>
public sealed class LedgerTally(StoreLedger ledger, GatewayRegistry gateways, LedgerAudit audit, long start)
{
    private readonly Dictionary<(int Gateway, long Hour), LedgerCounts> _counts = [];
    private long _received; // since the ledger was last durable
    private TaskCompletionSource<long>? _settling;
    private long _settledOffset = start;

    /// <summary>Everything before this offset was in the ledger when it was last asked to settle or made durable.
    /// </summary>
    public long SettledOffset => Volatile.Read(ref _settledOffset);

    /// <summary>
    /// Completes when the store's consumer has handed over all it has taken, with the offset behind it: at its next
    /// batch, which comes with the next tick at the latest.
    /// </summary>
    public Task<long> SettleAsync()
    {
        var mine = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _settling, mine, null) ?? mine).Task;
    }

    /// <summary>Counts a batch whose points the store has taken.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="dropped">Offsets of messages that the quarantine did not keep.</param>
    internal void Take(PointBatch batch, HashSet<long> dropped)
    {
        foreach (ref readonly RecordEntry record in batch.Records)
        {
            if (record.Lane == Lanes.All)
            {
                continue; // a tick is nobody's message
            }

            (int, long) key = (record.Gateway, LedgerLine.HourOf(record.ArrivalTime));
            ref LedgerCounts counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _);
            Count(ref counts, record, dropped);
            _received += CameBefore(record) ? 0 : 1;
        }

        if (Volatile.Read(ref _settling) is not null)
        {
            HandOver(batch.EndOffset);
            Interlocked.Exchange(ref _settling, null)?.SetResult(batch.EndOffset);
        }
    }

    /// <summary>Hands all to the ledger, whose next checkpoint they belong to.</summary>
    /// <param name="end">Offset behind the last record taken.</param>
    internal void HandOver(long end)
    {
        foreach (((int gateway, long hour), LedgerCounts counts) in _counts)
        {
            ledger.Add(hour, gateways.KeyAt(gateway), counts);
        }

        _counts.Clear();
        Volatile.Write(ref _settledOffset, end);
    }

    /// <summary>The checkpoint is durable up to that offset.</summary>
    internal void OnDurable(long end)
    {
        audit.OnDurable(end, _received);
        _received = 0;
    }

    private static void Count(ref LedgerCounts counts, in RecordEntry record, HashSet<long> dropped)
    {
        CountMessage(ref counts, record, dropped);
        counts.Missing += record.MissingCount;
        counts.Points += record.PointCount + record.RefusedCount;
        counts.Stored += record.PointCount;
        counts.Refused += record.RefusedCount;
    }

    /// <summary>True for what stands in the log a second time, or was held: it was received when it came.</summary>
    private static bool CameBefore(in RecordEntry record) =>
        record.IsRetry || record.IsRedecoded || record.ReleasedAt > 0;

    private static void CountMessage(ref LedgerCounts counts, in RecordEntry record, HashSet<long> dropped)
    {
        if (CameBefore(record))
        {
            counts.Recovered += record is { Fate: RecordFate.Decoded, IsRedecoded: false } ? 1 : 0;
            return;
        }

        counts.Received++;
        switch (record.Fate)
        {
            case RecordFate.Decoded:
                counts.Decoded++;
                break;
            case RecordFate.NotAMeasurement:
                counts.NotAMeasurement++;
                break;
            case RecordFate.NoRoute:
                counts.NoRoute++;
                break;
            case RecordFate.Duplicate:
                counts.Duplicate++;
                break;
            case RecordFate.Dropped:
                counts.Dropped++;
                break;
            case RecordFate.Quarantined when dropped.Contains(record.Offset):
                counts.Dropped++;
                break;
            case RecordFate.Quarantined:
                counts.Quarantined++;
                break;
        }
    }
}
