namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Completes the results of one call to one per window of the range and fills the empty ones. Runs in the direction of
/// the query, so that <c>fill(previous)</c> under ORDER BY time DESC takes the later value, as InfluxDB does.
/// </summary>
internal sealed class Filling(SelectPlan plan, TimeWindows windows, QueryBudget budget)
{
    private const int BytesPerWindow = 64;

    /// <summary>The results of a call with the empty windows filled, in the direction of the query.</summary>
    /// <param name="results">One per window with samples, ascending.</param>
    /// <param name="range">The instants whose windows are filled.</param>
    /// <param name="wanted">How many results are wanted; null for all.</param>
    /// <param name="kind">The kind of the call's values.</param>
    /// <param name="isCount">A count is 0 where others are null.</param>
    public List<WindowResult> Fill(
        List<WindowResult> results, in TimeRange range, long? wanted, ValueKind kind, bool isCount)
    {
        bool descending = plan.Statement.Descending;
        if (descending)
        {
            results.Reverse();
        }

        if (results.Count == 0 || windows.IsWhole || plan.Statement.Fill == FillKind.None)
        {
            return results;
        }

        long earliest = descending ? results[^1].Start : results[0].Start;
        long first = range.First is { } lower ? windows.StartOf(lower) : earliest;
        long last = windows.StartOf(range.Last!.Value);
        Int128 count = Int128.Min((((Int128)last - first) / windows.Interval) + 1, wanted ?? long.MaxValue);
        budget.Charge((long)Int128.Min(count * BytesPerWindow, long.MaxValue / 2));
        return descending
            ? Complete(results, last, first, wanted, kind, isCount)
            : Complete(results, first, last, wanted, kind, isCount);
    }

    /// <summary>The number of <c>fill(number)</c> as a value of that kind.</summary>
    public Value NumberFor(ValueKind kind) => kind switch
    {
        ValueKind.Integer => Value.Of((long)plan.Statement.FillNumber),
        ValueKind.Unsigned => new Value(ValueKind.Unsigned, (long)plan.Statement.FillNumber, null),
        ValueKind.Boolean => Value.False,
        ValueKind.Text => Value.Of(""),
        _ => Value.Of(plan.Statement.FillNumber),
    };

    /// <summary>The results and those that are made for windows without, in the direction of the query.</summary>
    private List<WindowResult> Complete(
        List<WindowResult> results, long begin, long end, long? wanted, ValueKind kind, bool isCount)
    {
        var filled = new List<WindowResult>(results.Count);
        bool descending = plan.Statement.Descending;
        WindowSteps steps = windows.StepsFrom(begin, descending);
        WindowResult? before = null;
        int next = 0;
        while (filled.Count != wanted && (next < results.Count || !steps.IsBeyond(end)))
        {
            WindowResult? after = next < results.Count ? results[next] : null;
            if (after is { } here && !steps.IsBefore(here.Start))
            {
                before = here;
                filled.Add(here);
                next++;
            }
            else
            {
                Value value = ValueFor(steps.Start, before, after, isCount, kind);
                filled.Add(new WindowResult(steps.Start, new PickedSample(value, 0, -1)));
            }

            steps.Advance();
        }

        budget.CheckTime();
        return filled;
    }

    private Value ValueFor(
        long start, WindowResult? before, WindowResult? after, bool isCount, ValueKind kind) =>
        plan.Statement.Fill switch
        {
            FillKind.Null => isCount ? Value.Of(0L) : Value.None,
            FillKind.Previous => before?.Sample.Value ?? Value.None,
            FillKind.Number => NumberFor(kind),
            FillKind.Linear when before is { } left && after is { } right => Between(start, left, right),
            _ => Value.None,
        };

    private Value Between(long start, in WindowResult left, in WindowResult right)
    {
        Value from = left.Sample.Value;
        Value to = right.Sample.Value;
        if (!from.IsNumber || !to.IsNumber)
        {
            return Value.None;
        }

        // Windows are numbered from 1970 on, so that those which a zone's clocks stretch count as one.
        long first = left.Start / windows.Interval;
        double slope = (to.AsFloat - from.AsFloat) / ((right.Start / windows.Interval) - first);
        double value = (slope * ((start / windows.Interval) - first)) + from.AsFloat;
        return from.Kind == ValueKind.Float ? Value.Of(value) : new Value(from.Kind, (long)value, null);
    }
}
