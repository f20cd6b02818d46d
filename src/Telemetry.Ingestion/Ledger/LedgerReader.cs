using System.Runtime.InteropServices;
using System.Text;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>One line of the ledger as people read it, pending messages included.</summary>
/// <param name="Hour">Of arrival, in hours since 1970.</param>
/// <param name="Gateway">Its key.</param>
/// <param name="Pending">Messages in the log that are not decoded yet.</param>
/// <param name="Counts">What became of the others.</param>
public sealed record LedgerRow(long Hour, string Gateway, long Pending, LedgerCounts Counts)
{
    /// <summary>Every message received, pending or not.</summary>
    public long Received => Counts.Received + Pending;
}

/// <summary>A part of the ledger, and whether it closes.</summary>
/// <param name="Rows">By hour and gateway.</param>
/// <param name="IsCut">True when there are more rows than are shown.</param>
/// <param name="IsPendingCut">True when there is more pending than was counted.</param>
/// <param name="Audited">Messages counted in the log for comparison since the service started.</param>
/// <param name="Off">By how many messages the ledger and the log differ; not 0 is a bug.</param>
public sealed record LedgerView(
    IReadOnlyList<LedgerRow> Rows, bool IsCut, bool IsPendingCut, long Audited, long Off)
{
    /// <summary>True when every message and point of it is accounted for.</summary>
    public bool Closes => Off == 0 && Rows.All(row => row.Counts is { MessagesOff: 0, PointsOff: 0 });
}

/// <summary>Reads the ledger up to this moment.</summary>
/// <param name="ledger">What is settled.</param>
/// <param name="tally">What the store's consumer is about to settle.</param>
/// <param name="audit">Whether ledger and log agree.</param>
/// <param name="spool">Where pending messages stand.</param>
/// <param name="site">The site in force, whose routes name gateways by topics.</param>
/// <param name="time">For the wait for a consumer that takes nothing.</param>
public sealed class LedgerReader(
    StoreLedger ledger,
    LedgerTally tally,
    LedgerAudit audit,
    Spool.Spool spool,
    Func<SiteCatalogue> site,
    TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2); // a tick comes each second

    /// <summary>The rows of the hours from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    /// <param name="from">First hour, in hours since 1970.</param>
    /// <param name="to">The hour behind the last.</param>
    /// <param name="gateway">Of this gateway only; empty: of all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LedgerView> ReadAsync(long from, long to, string gateway, CancellationToken cancellationToken)
    {
        long settled = await SettledAsync(cancellationToken);
        IReadOnlyList<LedgerLine> lines = ledger.Read(from, to, IngestionLimits.LedgerRowsMax + 1);
        bool isPendingCut = !TryCountPending(settled, out Dictionary<(long, string), Unsettled> pending);
        var rows = new List<LedgerRow>();
        foreach (LedgerLine line in lines)
        {
            pending.Remove((line.Hour, line.Gateway), out Unsettled waiting);
            rows.Add(waiting.RowOf(line));
        }

        rows.AddRange(pending
            .Where(entry => entry.Key.Item1 >= from && entry.Key.Item1 < to)
            .Select(entry => entry.Value.RowOf(new LedgerLine(entry.Key.Item1, entry.Key.Item2, default))));
        LedgerRow[] chosen =
        [
            .. rows.Where(row => gateway.Length == 0 || row.Gateway == gateway)
                .OrderBy(row => row.Hour)
                .ThenBy(row => row.Gateway, StringComparer.Ordinal),
        ];
        bool isCut = lines.Count > IngestionLimits.LedgerRowsMax;
        return new LedgerView(chosen, isCut, isPendingCut, audit.Audited, audit.Off);
    }

    /// <summary>Up to where the log is in the ledger; asks for all that the store has taken.</summary>
    private async Task<long> SettledAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await tally.SettleAsync().WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return tally.SettledOffset; // the store takes nothing now; what it has not settled is pending
        }
    }

    /// <summary>What gave way is not pending any more: it is known what the ledger will say of it.</summary>
    private bool TryCountPending(long settled, out Dictionary<(long Hour, string Gateway), Unsettled> pending)
    {
        pending = [];
        long end = Math.Min(spool.DurableOffset, settled + IngestionLimits.LedgerPendingBytesMax);
        var routes = new RouteTable(site().Routes);
        using SpoolReader reader = spool.OpenReader(settled);
        while (reader.TryRead(out RecordView record, end))
        {
            if (!LedgerAudit.IsMessage(record.Kind))
            {
                continue;
            }

            (long, string) key = (LedgerLine.HourOf(record.ArrivalTime), GatewayOf(record, routes));
            ref Unsettled count = ref CollectionsMarshal.GetValueRefOrAddDefault(pending, key, out _);
            count.Dropped += record.IsDropped ? 1 : 0;
            count.Pending += record.IsDropped ? 0 : 1;
        }

        return end == spool.DurableOffset;
    }

    private static string GatewayOf(in RecordView record, RouteTable routes)
    {
        if (record.IsDropped)
        {
            return Encoding.UTF8.GetString(record.Body);
        }

        MessageRecord message = MessageRecord.Read(record.Body);
        bool isPublish = record.Kind == (byte)RecordKind.Publish;
        byte[]? byTopic = isPublish ? routes.Find(message.Topic, message.Client)?.GatewayKeyBytes : null;
        return Encoding.UTF8.GetString(byTopic ?? message.Gateway);
    }

    /// <summary>What of a gateway and hour stands in the log and is not in the ledger yet.</summary>
    private struct Unsettled
    {
        public long Pending;
        public long Dropped;

        public readonly LedgerRow RowOf(LedgerLine line)
        {
            LedgerCounts counts = line.Counts;
            counts.Received += Dropped;
            counts.Dropped += Dropped;
            return new LedgerRow(line.Hour, line.Gateway, Pending, counts);
        }
    }
}
