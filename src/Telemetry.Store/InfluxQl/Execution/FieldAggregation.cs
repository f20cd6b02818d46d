using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// The windows of one field over the series of a group. Samples stream through; only the functions that need all of a
/// window's samples keep them.
/// </summary>
internal sealed class FieldAggregation : IFieldReduction
{
    private const int BytesPerSample = 96; // a picked sample in a growing list

    private readonly TimeWindows _windows;
    private readonly QueryBudget _budget;
    private readonly WindowTable _table;
    private readonly bool _keepsSamples;
    private readonly bool _needsQuality;
    private readonly bool _needsValues;

    /// <param name="type">The field's type in this measurement.</param>
    /// <param name="windows">How time is cut.</param>
    /// <param name="calls">What is asked for.</param>
    /// <param name="needsPlaces">The time or series of the least or greatest sample is asked for.</param>
    /// <param name="budget">Pays for the windows.</param>
    public FieldAggregation(
        FieldType type, TimeWindows windows, List<AggregateCall> calls, bool needsPlaces, QueryBudget budget)
    {
        Type = type;
        _windows = windows;
        _budget = budget;
        _table = new WindowTable(windows, budget);
        _keepsSamples = calls.Exists(call => call.NeedsSamples);
        _needsQuality = calls.Exists(call => call.Function == AggregateFunction.GoodShare);
        _needsValues = calls.Exists(
            call => call.Function is not (AggregateFunction.Count or AggregateFunction.GoodShare));
        Summaries = _keepsSamples ? SummaryWish.None : new SummaryWish(
            windows.IsWhole ? long.MaxValue : windows.Interval, WithDetail: needsPlaces || _needsQuality);
    }

    public FieldType Type { get; }

    /// <summary>What may stand for the samples of one window.</summary>
    public SummaryWish Summaries { get; }

    public WindowStatistics[] Ordered() => _table.Ordered();

    public void Read(ISampleSource source, Field field, in MemberReading member)
    {
        FieldType? cast = field.Type == Type ? null : Type;
        var reader = new Reader(this, member.Index);
        AcceptedTimes.Read(source, field, cast, member.Range, member.Accepted, reader);
    }

    private bool IsInOneWindow(long first, long last) => _windows.StartOf(first) == _windows.StartOf(last);

    /// <summary>A summary holds floats, so of whole numbers it knows the small ones only.</summary>
    private bool Accepts(in SampleSummary summary) =>
        Type == FieldType.Float || !_needsValues || summary.IsExactForWhole;

    private void Add(in SampleSummary summary, int member)
    {
        ref WindowStatistics window = ref _table.At(summary.FirstTime);
        window.Count += summary.Count;
        window.GoodCount += summary.Detail?.GoodCount ?? 0; // without detail nobody asks for it
        if (!_needsValues)
        {
            return;
        }

        if (Type == FieldType.Float)
        {
            window.Sum += summary.Sum;
        }
        else
        {
            window.WholeSum = unchecked(window.WholeSum + (long)summary.Sum);
        }

        window.OfferFirst(new PickedSample(ValueOf(summary.First), summary.FirstTime, member));
        window.OfferLast(new PickedSample(ValueOf(summary.Last), summary.LastTime, member));
        long minTime = summary.Detail?.MinTime ?? summary.FirstTime; // without detail nobody asks when it was
        long maxTime = summary.Detail?.MaxTime ?? summary.FirstTime;
        window.OfferMin(new PickedSample(ValueOf(summary.Min), minTime, member));
        window.OfferMax(new PickedSample(ValueOf(summary.Max), maxTime, member));
    }

    private Value ValueOf(double number) =>
        Type == FieldType.Float ? Value.Of(number) : Value.Of(Type, (long)number);

    /// <summary>Adds samples, run by run of those that share a window.</summary>
    private void Add(scoped in SampleBlock block, int member)
    {
        _budget.CheckTime();
        int start = 0;
        while (start < block.Count)
        {
            ref WindowStatistics window = ref _table.At(block.Times[start]);
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

        if (_needsQuality)
        {
            window.GoodCount += GoodCountOf(block.Qualities[start..end]);
        }

        if (_keepsSamples)
        {
            KeepRun(ref window, block, start, end, member);
        }
    }

    private static int GoodCountOf(ReadOnlySpan<byte> qualities)
    {
        int count = 0;
        foreach (byte quality in qualities)
        {
            count += Quality.IsGood(quality) ? 1 : 0;
        }

        return count;
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

    /// <summary>Hands on what is read of one series.</summary>
    private readonly struct Reader(FieldAggregation target, int member) : ISampleVisitor
    {
        public bool WantsProvenance => false;

        public SummaryWish Summaries => target.Summaries;

        public bool WantsSummary(long firstTime, long lastTime) => target.IsInOneWindow(firstTime, lastTime);

        public bool Accepts(in SampleSummary summary) => target.Accepts(summary);

        public void OnSummary(in SampleSummary summary) => target.Add(summary, member);

        public bool OnSamples(scoped in SampleBlock block)
        {
            target.Add(block, member);
            return true;
        }
    }
}
