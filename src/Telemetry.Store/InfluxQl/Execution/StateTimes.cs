using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// How long the values of one field were in a state, window by window, over the series of a group. A value lasts until
/// the next one of its series, the one before the range into it; windows of which no value is known are left out.
/// Summaries stand for samples that are all in the state or all not.
/// </summary>
internal sealed class StateTimes : IFieldReduction, ISampleVisitor
{
    private const long FirstLookBack = 3_600 * Timestamp.NanosecondsPerSecond;
    private const int LookBackGrowth = 8;

    private readonly StateCondition _state;
    private readonly TimeWindows _windows;
    private readonly long _end;
    private readonly QueryBudget _budget;
    private readonly WindowTable _table;
    private long _from;
    private bool _isKnown;
    private bool _holds;
    private long _since;
    private long _last;

    /// <param name="type">The type the field is given in.</param>
    /// <param name="state">The state.</param>
    /// <param name="windows">How time is cut.</param>
    /// <param name="end">The instant up to which the last value may last.</param>
    /// <param name="budget">Pays for the windows.</param>
    public StateTimes(FieldType type, StateCondition state, TimeWindows windows, long end, QueryBudget budget)
    {
        Type = type;
        _state = state;
        _windows = windows;
        _end = end;
        _budget = budget;
        _table = new WindowTable(windows, budget);
    }

    public FieldType Type { get; }

    public bool WantsProvenance => false;

    /// <summary>A summary may reach over windows, for its values are in one state.</summary>
    public SummaryWish Summaries => Type is FieldType.Float or FieldType.Integer or FieldType.Unsigned
        ? new SummaryWish(long.MaxValue, WithDetail: false)
        : SummaryWish.None;

    public WindowStatistics[] Ordered() => _table.Ordered();

    public void Read(ISampleSource source, Field field, in MemberReading member)
    {
        FieldType? cast = field.Type == Type ? null : Type;
        _isKnown = false;
        _from = member.Range.From;
        if (member.Range.First is { } first)
        {
            LookBack(source, field, cast, member.Condition, first);
        }

        AcceptedTimes.Read(source, field, cast, member.Range, member.Accepted, this);
        Close(Math.Max(_last, _end));
    }

    /// <summary>A summary whose samples may be further apart than a value lasts would hide a gap.</summary>
    public bool WantsSummary(long firstTime, long lastTime) =>
        SaturatingTime.Subtract(lastTime, firstTime) <= _state.Longest;

    public bool Accepts(in SampleSummary summary) => HoldsAll(summary) is not null;

    public void OnSummary(in SampleSummary summary)
    {
        bool holds = HoldsAll(summary)!.Value;
        Take(summary.FirstTime, holds);
        Take(summary.LastTime, holds);
    }

    public bool OnSamples(scoped in SampleBlock block)
    {
        _budget.CheckTime();
        for (int i = 0; i < block.Count; i++)
        {
            Value value = Type == FieldType.String
                ? Value.Of(Encoding.UTF8.GetString(block.TextAt(i)))
                : Value.Of(Type, block.Bits[i]);
            Take(block.Times[i], _state.Holds(value));
        }

        return true;
    }

    private bool? HoldsAll(in SampleSummary summary)
    {
        if (Type == FieldType.Float)
        {
            return _state.HoldsBetween(Value.Of(summary.Min), Value.Of(summary.Max));
        }

        return summary.IsExactForWhole
            ? _state.HoldsBetween(Value.Of(Type, (long)summary.Min), Value.Of(Type, (long)summary.Max))
            : null;
    }

    /// <summary>
    /// Finds the value that lasts into the range: step by step further back, so that a near one costs little. What is
    /// read before the range adds nothing to it.
    /// </summary>
    private void LookBack(ISampleSource source, Field field, FieldType? cast, SeriesCondition condition, long first)
    {
        long earliest = Before(first, _state.Longest);
        long span = FirstLookBack;
        for (long to = first; to > earliest && !_isKnown;)
        {
            var range = new TimeRange(Math.Max(earliest, Before(to, span)), to - 1);
            long[]? accepted = AcceptedTimes.Of(source, condition, range, _budget);
            AcceptedTimes.Read(source, field, cast, range, accepted, this);
            to = range.From;
            span = span > long.MaxValue / LookBackGrowth ? long.MaxValue : span * LookBackGrowth;
        }
    }

    private static long Before(long time, long span) => (long)Int128.Max((Int128)time - span, long.MinValue);

    private void Take(long time, bool holds)
    {
        if (_isKnown && (holds != _holds || SaturatingTime.Subtract(time, _last) > _state.Longest))
        {
            Close(time);
        }

        if (!_isKnown)
        {
            (_since, _holds, _isKnown) = (time, holds, true);
        }

        _last = time;
    }

    /// <summary>Counts what has lasted up to an instant.</summary>
    private void Close(long until)
    {
        if (!_isKnown)
        {
            return;
        }

        _isKnown = false;
        long end = Math.Min(until, SaturatingTime.Add(_last, _state.Longest));
        for (long time = Math.Max(_since, _from); time < end;)
        {
            ref WindowStatistics window = ref _table.At(time);
            long last = _windows.LastOf(window.Start);
            long stop = last < end ? last + 1 : end;
            window.StateTime += _holds ? stop - time : 0;
            time = stop;
        }
    }
}
