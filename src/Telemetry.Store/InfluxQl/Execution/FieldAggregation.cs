using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// The windows of one field over the series of a group. Samples stream through; only the functions that need all of a
/// window's samples keep them.
/// </summary>
internal sealed class FieldAggregation
{
    private const int BytesPerWindow = 320; // statistics, the dictionary's entry and the growth of both
    private const int BytesPerSample = 96; // a picked sample in a growing list

    private readonly TimeWindows _windows;
    private readonly QueryBudget _budget;
    private readonly Dictionary<long, int> _indexByStart = [];
    private WindowStatistics[] _statistics = new WindowStatistics[4];
    private int _count;
    private int _current = -1;

    /// <param name="type">The field's type in this measurement.</param>
    /// <param name="windows">How time is cut.</param>
    /// <param name="keepsSamples">A function needs all samples of a window at once.</param>
    /// <param name="needsPlaces">The time or series of the least or greatest sample is asked for.</param>
    /// <param name="needsValues">Anything but the count is asked for.</param>
    /// <param name="budget">Pays for the windows.</param>
    public FieldAggregation(
        FieldType type, TimeWindows windows, bool keepsSamples, bool needsPlaces, bool needsValues, QueryBudget budget)
    {
        Type = type;
        KeepsSamples = keepsSamples;
        _windows = windows;
        _budget = budget;

        // A summary knows no whole numbers beyond 2^53.
        bool isExact = type == FieldType.Float || !needsValues;
        Summaries = !keepsSamples && isExact
            ? new SummaryWish(windows.IsWhole ? long.MaxValue : windows.Interval, WithDetail: needsPlaces)
            : SummaryWish.None;
    }

    /// <summary>The field's type.</summary>
    public FieldType Type { get; }

    /// <summary>True when each window keeps its samples.</summary>
    public bool KeepsSamples { get; }

    /// <summary>What may stand for the samples of one window.</summary>
    public SummaryWish Summaries { get; }

    /// <summary>The windows that have samples, in order of time.</summary>
    public WindowStatistics[] Ordered()
    {
        WindowStatistics[] windows = _statistics.AsSpan(0, _count).ToArray();
        Array.Sort(windows, (left, right) => left.Start.CompareTo(right.Start));
        return windows;
    }

    /// <summary>Reads a field of one series into the windows.</summary>
    public void Read(ISampleSource source, Field field, TimeRange range, int member, long[]? accepted)
    {
        var reader = new Reader(this, member, accepted);
        FieldType? cast = field.Type == Type ? null : Type;
        Casting.Read(source, field, cast, range, ref reader);
    }

    private bool IsInOneWindow(long first, long last) => _windows.StartOf(first) == _windows.StartOf(last);

    private ref WindowStatistics WindowOf(long time)
    {
        if (_current >= 0)
        {
            long start = _statistics[_current].Start;
            if (time >= start && time <= _windows.LastOf(start))
            {
                return ref _statistics[_current];
            }
        }

        return ref WindowOfSlow(_windows.StartOf(time));
    }

    private ref WindowStatistics WindowOfSlow(long start)
    {
        if (!_indexByStart.TryGetValue(start, out _current))
        {
            _budget.Charge(BytesPerWindow);
            if (_count == _statistics.Length)
            {
                Array.Resize(ref _statistics, _count * 2);
            }

            _current = _count++;
            _statistics[_current].Start = start;
            _indexByStart.Add(start, _current);
        }

        return ref _statistics[_current];
    }

    private void Add(in SampleSummary summary, int member)
    {
        ref WindowStatistics window = ref WindowOf(summary.FirstTime);
        window.Count += summary.Count;
        if (Type != FieldType.Float)
        {
            return;
        }

        window.Sum += summary.Sum;
        window.OfferFirst(new PickedSample(Value.Of(summary.First), summary.FirstTime, member));
        window.OfferLast(new PickedSample(Value.Of(summary.Last), summary.LastTime, member));
        long minTime = summary.Detail?.MinTime ?? summary.FirstTime; // without detail nobody asks when it was
        long maxTime = summary.Detail?.MaxTime ?? summary.FirstTime;
        window.OfferMin(new PickedSample(Value.Of(summary.Min), minTime, member));
        window.OfferMax(new PickedSample(Value.Of(summary.Max), maxTime, member));
    }

    /// <summary>Adds samples, run by run of those that share a window.</summary>
    private void Add(scoped in SampleBlock block, int member)
    {
        _budget.CheckTime();
        int start = 0;
        while (start < block.Count)
        {
            ref WindowStatistics window = ref WindowOf(block.Times[start]);
            long last = _windows.LastOf(window.Start);
            int end = block.Times[^1] <= last ? block.Count : start + 1;
            while (end < block.Count && block.Times[end] <= last)
            {
                end++;
            }

            AddRun(ref window, block, start, end, member);
            start = end;
        }
    }

    private void AddRun(ref WindowStatistics window, scoped in SampleBlock block, int start, int end, int member)
    {
        window.Count += end - start;
        window.OfferFirst(SampleAt(block, start, member));
        window.OfferLast(SampleAt(block, end - 1, member));
        switch (Type)
        {
            case FieldType.Float:
                AddFloats(ref window, block, start, end, member);
                break;
            case FieldType.String:
                break;
            default:
                AddWhole(ref window, block, start, end, member);
                break;
        }

        if (KeepsSamples)
        {
            KeepRun(ref window, block, start, end, member);
        }
    }

    private static void AddFloats(
        ref WindowStatistics window, scoped in SampleBlock block, int start, int end, int member)
    {
        double sum = 0;
        int least = start;
        int greatest = start;
        double min = BitConverter.Int64BitsToDouble(block.Bits[start]);
        double max = min;
        for (int i = start; i < end; i++)
        {
            double value = BitConverter.Int64BitsToDouble(block.Bits[i]);
            sum += value;
            if (value < min)
            {
                (min, least) = (value, i);
            }
            else if (value > max)
            {
                (max, greatest) = (value, i);
            }
        }

        window.Sum += sum;
        window.OfferMin(new PickedSample(Value.Of(min), block.Times[least], member));
        window.OfferMax(new PickedSample(Value.Of(max), block.Times[greatest], member));
    }

    private void AddWhole(
        ref WindowStatistics window, scoped in SampleBlock block, int start, int end, int member)
    {
        long sum = 0;
        int least = start;
        int greatest = start;
        bool isUnsigned = Type == FieldType.Unsigned;
        for (int i = start; i < end; i++)
        {
            sum = unchecked(sum + block.Bits[i]);
            least = IsLess(block.Bits[i], block.Bits[least], isUnsigned) ? i : least;
            greatest = IsLess(block.Bits[greatest], block.Bits[i], isUnsigned) ? i : greatest;
        }

        window.WholeSum = unchecked(window.WholeSum + sum);
        window.OfferMin(SampleAt(block, least, member));
        window.OfferMax(SampleAt(block, greatest, member));
    }

    private static bool IsLess(long left, long right, bool isUnsigned) =>
        isUnsigned ? unchecked((ulong)left < (ulong)right) : left < right;

    private void KeepRun(ref WindowStatistics window, scoped in SampleBlock block, int start, int end, int member)
    {
        _budget.Charge((long)(end - start) * BytesPerSample);
        window.Samples ??= [];
        for (int i = start; i < end; i++)
        {
            window.Samples.Add(SampleAt(block, i, member));
        }
    }

    private PickedSample SampleAt(scoped in SampleBlock block, int index, int member)
    {
        Value value = Type == FieldType.String
            ? Value.Of(Encoding.UTF8.GetString(block.TextAt(index)))
            : Value.Of(Type, block.Bits[index]);
        return new PickedSample(value, block.Times[index], member);
    }

    /// <summary>Hands blocks on, without the samples that the condition does not accept.</summary>
    private struct Reader(FieldAggregation target, int member, long[]? accepted) : ISampleVisitor
    {
        private int _acceptedIndex;

        public readonly bool WantsProvenance => false;

        public readonly SummaryWish Summaries => accepted is null ? target.Summaries : SummaryWish.None;

        public readonly bool WantsSummary(long firstTime, long lastTime) => target.IsInOneWindow(firstTime, lastTime);

        public readonly void OnSummary(in SampleSummary summary) => target.Add(summary, member);

        public bool OnSamples(scoped in SampleBlock block)
        {
            if (accepted is null)
            {
                target.Add(block, member);
                return true;
            }

            OnSomeSamples(block, accepted);
            return _acceptedIndex < accepted.Length;
        }

        /// <summary>Hands on the stretches of a block between samples that are not accepted.</summary>
        private void OnSomeSamples(scoped in SampleBlock block, long[] accepted)
        {
            int start = 0;
            for (int i = 0; i < block.Count; i++)
            {
                while (_acceptedIndex < accepted.Length && accepted[_acceptedIndex] < block.Times[i])
                {
                    _acceptedIndex++;
                }

                bool passes = _acceptedIndex < accepted.Length && accepted[_acceptedIndex] == block.Times[i];
                if (!passes)
                {
                    AddStretch(block, start, i);
                    start = i + 1;
                }
            }

            AddStretch(block, start, block.Count);
        }

        private readonly void AddStretch(scoped in SampleBlock block, int start, int end)
        {
            if (start >= end)
            {
                return;
            }

            target.Add(
                new SampleBlock
                {
                    Times = block.Times[start..end],
                    Bits = block.Bits[start..end],
                    Qualities = block.Qualities[start..end],
                    Text = block.Text,
                    Type = block.Type,
                },
                member);
        }
    }
}
