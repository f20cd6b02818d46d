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
    /// <param name="kind">The kind of the call's values.</param>
    /// <param name="isCount">A count is 0 where others are null.</param>
    public List<WindowResult> Fill(List<WindowResult> results, ValueKind kind, bool isCount)
    {
        bool descending = plan.Statement.Descending;
        if (results.Count == 0 || windows.IsWhole || plan.Statement.Fill == FillKind.None)
        {
            return descending ? [.. results.AsEnumerable().Reverse()] : results;
        }

        long first = plan.Range.First is { } lower ? windows.StartOf(lower) : results[0].Start;
        long last = windows.StartOf(plan.Range.Last!.Value);
        if (descending && plan.Range.First is null)
        {
            first = results[0].Start;
        }

        Int128 count = (((Int128)last - first) / windows.Interval) + 1;
        Int128 wanted = plan.Statement.Rows.Reach is { } reach ? Int128.Min(count, reach) : count;
        budget.Charge((long)Int128.Min(wanted * BytesPerWindow, long.MaxValue / 2));
        long begin = descending ? last : first;
        return Complete(results, begin, (int)wanted, kind, isCount);
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

    /// <summary>As many windows as rows can be wanted of, from the first in the direction of the query on.</summary>
    private List<WindowResult> Complete(List<WindowResult> results, long begin, int count, ValueKind kind, bool isCount)
    {
        var filled = new List<WindowResult>(count);
        int step = plan.Statement.Descending ? -1 : 1;
        int next = step > 0 ? 0 : results.Count - 1;
        PickedSample previous = PickedSample.None;
        int previousIndex = -1;
        for (int i = 0; i < count; i++)
        {
            long start = begin + (i * step * windows.Interval);
            bool isHere = next >= 0 && next < results.Count && results[next].Start == start;
            if (isHere)
            {
                previous = results[next].Sample;
                previousIndex = next;
                filled.Add(results[next]);
                next += step;
                continue;
            }

            WindowResult? before = previousIndex < 0 ? null : results[previousIndex];
            WindowResult? after = next >= 0 && next < results.Count ? results[next] : null;
            filled.Add(new WindowResult(start, new PickedSample(
                ValueFor(start, previous.Value, before, after, isCount, kind), 0, -1)));
        }

        budget.CheckTime();
        return filled;
    }

    private Value ValueFor(
        long start, Value previous, WindowResult? before, WindowResult? after, bool isCount, ValueKind kind) =>
        plan.Statement.Fill switch
        {
            FillKind.Null => isCount ? Value.Of(0L) : Value.None,
            FillKind.Previous => previous,
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

        double share = (double)((start - left.Start) / windows.Interval)
            / ((right.Start - left.Start) / windows.Interval);
        double value = from.AsFloat + ((to.AsFloat - from.AsFloat) * share);
        return from.Kind == ValueKind.Float ? Value.Of(value) : new Value(from.Kind, (long)value, null);
    }
}
