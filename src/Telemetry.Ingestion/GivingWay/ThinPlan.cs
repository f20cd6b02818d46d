using System.Runtime.InteropServices;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Which messages of a segment can go so that of each field and interval the least and the greatest, the first and the
/// last value stay. Only whole messages go, and only those that decode without any fault to nothing but numbers.
/// </summary>
internal sealed class ThinPlan
{
    private readonly Dictionary<(int Field, long Interval), Extremes> _intervals = [];
    private readonly List<long> _offsets = []; // of messages that could go, ascending
    private readonly HashSet<long> _kept = [];

    private ThinPlan()
    {
    }

    /// <summary>Decodes the records between two offsets, by the state that decoding has there.</summary>
    public static ThinPlan Of(DecodedLog log, LaneTable lanes, long start, long end)
    {
        var plan = new ThinPlan();
        using SpoolReader reader = log.Spool.OpenReader(start);
        using SpoolReader records = log.Spool.OpenReader(start);
        using BatchLease lease = log.Rent();
        RecordDecoder decoder = log.DecoderAt(start);
        while (decoder.TryFill(lease.Batch, reader, end))
        {
            plan.Take(lease.Batch, records, lanes);
        }

        foreach (Extremes extremes in plan._intervals.Values)
        {
            plan._kept.Add(extremes.LeastAt);
            plan._kept.Add(extremes.GreatestAt);
            plan._kept.Add(extremes.FirstAt);
            plan._kept.Add(extremes.LastAt);
        }

        return plan;
    }

    /// <summary>Whether the message at an offset can go.</summary>
    public bool Drops(long offset) => _offsets.BinarySearch(offset) >= 0 && !_kept.Contains(offset);

    private void Take(PointBatch batch, SpoolReader records, LaneTable lanes)
    {
        foreach (ref readonly RecordEntry entry in batch.Records)
        {
            bool isPlain = entry is { Fate: RecordFate.Decoded, PointCount: > 0, RefusedCount: 0, IsRetry: false }
                && entry is { ReleasedAt: 0 } && entry.Lane != Lanes.All;
            if (isPlain
                && TryReadAt(records, entry.Offset, out RecordView record)
                && lanes.TryFind(record, out int lane, out _)
                && lanes.Lanes[lane] is { WhenFull: WhenFull.Thin, ThinNanoseconds: var interval }
                && _offsets.Count < IngestionLimits.ThinnedMessagesMax
                && TryNote(batch, entry, interval))
            {
                _offsets.Add(entry.Offset);
            }
        }
    }

    /// <summary>The entries come in the order of the records, and not each record has one.</summary>
    private static bool TryReadAt(SpoolReader records, long offset, out RecordView record)
    {
        while (records.TryRead(out record))
        {
            if (record.Offset >= offset)
            {
                return record.Offset == offset;
            }
        }

        return false;
    }

    /// <summary>False when something in it has no extremes to be kept by; it stays then.</summary>
    private bool TryNote(PointBatch batch, in RecordEntry entry, long interval)
    {
        foreach (ref readonly PointEntry point in batch.Points.Slice(entry.FirstPoint, entry.PointCount))
        {
            foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
            {
                double value = FieldBits.ToDouble(sample.Bits, sample.Type);
                if (!double.IsFinite(value) || !TryNote(sample.FieldId, point.Time, interval, value, entry.Offset))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool TryNote(int field, long time, long interval, double value, long offset)
    {
        (int, long) key = (field, Math.DivRem(time, interval).Quotient);
        if (_intervals.Count == IngestionLimits.ThinnedIntervalsMax && !_intervals.ContainsKey(key))
        {
            return false;
        }

        ref Extremes extremes = ref CollectionsMarshal.GetValueRefOrAddDefault(_intervals, key, out bool isKnown);
        extremes.Note(time, value, offset, isFirst: !isKnown);
        return true;
    }

    /// <summary>Where the extremes of a field in an interval stand.</summary>
    private struct Extremes
    {
        private double _least;
        private double _greatest;
        private long _first;
        private long _last;

        public long LeastAt { get; private set; }

        public long GreatestAt { get; private set; }

        public long FirstAt { get; private set; }

        public long LastAt { get; private set; }

        public void Note(long time, double value, long offset, bool isFirst)
        {
            (_least, LeastAt) = isFirst || value < _least ? (value, offset) : (_least, LeastAt);
            (_greatest, GreatestAt) = isFirst || value > _greatest ? (value, offset) : (_greatest, GreatestAt);
            (_first, FirstAt) = isFirst || time < _first ? (time, offset) : (_first, FirstAt);
            (_last, LastAt) = isFirst || time >= _last ? (time, offset) : (_last, LastAt);
        }
    }
}
