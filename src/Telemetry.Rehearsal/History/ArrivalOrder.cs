using Telemetry.Model;
using Telemetry.Store;

namespace Telemetry.Rehearsal;

/// <summary>
/// Stored samples, which lie by field and event time, in the order in which they arrived. Slices of event time are read
/// one after the other; what of them arrives later is held until its turn. Memory is bounded by
/// <see cref="RehearsalLimits"/>. In a settled pass each sample counts as arrived at its time.
/// </summary>
/// <param name="source">The samples.</param>
/// <param name="fields">Whose samples.</param>
/// <param name="options">Which span of arrival.</param>
internal sealed class ArrivalOrder(ISampleSource source, IReadOnlyList<Field> fields, RehearsalOptions options)
{
    private const long Ahead = 300 * Timestamp.NanosecondsPerSecond; // as far ahead as detection believes a clock
    private const long Behind = Timestamp.NanosecondsPerDay; // buffered before the span, sent in it
    private const long SliceMin = 60 * Timestamp.NanosecondsPerSecond;
    private const long SliceMax = Timestamp.NanosecondsPerDay;

    private readonly List<ArrivedSample> _held = [];
    private long _slice = 3_600 * Timestamp.NanosecondsPerSecond;

    /// <summary>Late samples that are not given because too many were held.</summary>
    public long LeftOutCount { get; private set; }

    /// <summary>Samples that a settled pass leaves out: they were under way for longer than its horizon.</summary>
    public long UnsettledCount { get; private set; }

    /// <summary>Samples given after others that arrived later: their clock was more than five minutes ahead.</summary>
    public long AheadCount { get; private set; }

    public IEnumerable<ArrivedSample> Read()
    {
        bool isSettled = options.SettleHorizon is not null; // no sample of the span lies beside it then
        long ahead = isSettled ? 0 : Ahead;
        long next = options.From - (isSettled ? 0 : Behind);
        long end = options.To + ahead;
        long given = options.From; // all that arrived before this was given
        while (next < end)
        {
            long sliceEnd = Math.Min(end, next + _slice);
            if (!TryReadSlice(next, sliceEnd))
            {
                _slice = Math.Max(SliceMin, _slice / 2);
                continue;
            }

            next = sliceEnd;
            long known = next == end ? long.MaxValue : next - ahead;
            _held.Sort(ArrivedSample.Compare);
            int ready = 0;
            for (; ready < _held.Count && _held[ready].Arrival < known; ready++)
            {
                AheadCount += _held[ready].Arrival < given ? 1 : 0;
                yield return _held[ready];
            }

            _held.RemoveRange(0, ready);
            given = Math.Max(given, known);
        }
    }

    /// <summary>Reads a slice; a sparse one makes the next one longer.</summary>
    /// <returns>False, and nothing is held of it, when it has too many samples and can be shorter.</returns>
    private bool TryReadSlice(long from, long to)
    {
        int before = _held.Count;
        int max = to - from > SliceMin ? RehearsalLimits.SliceSamplesMax : int.MaxValue;
        var reader = new Reader(_held, options, max);
        foreach (Field field in fields)
        {
            reader.FieldId = field.Id;
            source.Read(field.Id, from, to, ref reader);
            if (reader.IsFull)
            {
                _held.RemoveRange(before, _held.Count - before);
                return false;
            }
        }

        LeftOutCount += reader.LeftOut;
        UnsettledCount += reader.Unsettled;
        _slice = reader.Count < RehearsalLimits.SliceSamplesMax / 4 ? Math.Min(_slice * 2, SliceMax) : _slice;
        return true;
    }

    private struct Reader(List<ArrivedSample> held, RehearsalOptions options, int countMax) : ISampleVisitor
    {
        public int FieldId { get; set; }

        public int Count { get; private set; }

        public int LeftOut { get; private set; }

        public int Unsettled { get; private set; }

        public readonly bool IsFull => Count > countMax;

        public readonly bool WantsProvenance => true;

        public readonly SummaryWish Summaries => SummaryWish.None;

        public bool OnSamples(scoped in SampleBlock block)
        {
            for (int i = 0; i < block.Count; i++)
            {
                long arrival = block.Arrivals[i] * Timestamp.NanosecondsPerMillisecond;
                long due = options.SettleHorizon is null ? arrival : block.Times[i];
                if (due < options.From || due >= options.To)
                {
                    continue;
                }

                if (options.SettleHorizon is { } horizon
                    && RehearsalOptions.IsLate(block.Times[i], arrival, horizon))
                {
                    Unsettled++;
                    continue;
                }

                if (held.Count >= RehearsalLimits.HeldSamplesMax && options.IsLate(block.Times[i], due))
                {
                    LeftOut++;
                    continue;
                }

                long bits = block.Type == FieldType.String ? 0 : block.Bits[i];
                held.Add(new ArrivedSample(due, block.Times[i], FieldId, block.Type, block.Qualities[i], bits));
            }

            Count += block.Count;
            return !IsFull;
        }
    }
}
