namespace Telemetry.Store.InfluxQl;

/// <summary>What a sub-query takes over from the query around it, as in InfluxDB 1.x.</summary>
internal static class SubQueries
{
    /// <summary>The instants left to sub-queries: the query's own, and the windows before that it reads.</summary>
    public static TimeRange RangeOf(SelectStatement statement, in TimeRange range)
    {
        long interval = statement.Grouping.Time?.Interval ?? 0;
        int windows = SelectRules.CallsOf(statement).Select(call => call.WindowsRead).DefaultIfEmpty().Max();
        long lead = (long)Int128.Min((Int128)windows * interval, long.MaxValue / 4);
        bool isBound = statement.Descending
            ? range.Last is { } last && last < long.MaxValue - lead
            : range.First is { } first && first > long.MinValue + lead;
        return !isBound ? range
            : statement.Descending ? range with { Last = range.Last + lead }
            : range with { First = range.First - lead };
    }

    /// <summary>
    /// A sub-query with what it inherits: the range, the order, the tags by which groups are made, and the windows if
    /// it has none. Empty windows are not given on.
    /// </summary>
    /// <exception cref="QueryRefusedException">It is ordered the other way.</exception>
    public static SelectStatement Inside(SelectStatement outer, SelectStatement inner, in TimeRange range)
    {
        if (inner.IsOrdered && inner.Descending != outer.Descending)
        {
            throw new QueryRefusedException(
                "subqueries must be ordered in the same direction as the query itself");
        }

        bool inherits = inner.Grouping.Time is null && outer.Grouping.Time is not null;
        bool reduces = inner.Fields.Any(field => HasCall(field.Expression));
        return inner with
        {
            Grouping = inner.Grouping with
            {
                Time = inner.Grouping.Time ?? outer.Grouping.Time,
                OuterTags = [.. outer.Grouping.Tags, .. outer.Grouping.OuterTags],
            },
            HasOuterWindows = inherits,
            OuterRange = range,
            Descending = outer.Descending,
            Fill = reduces && inner.Fill == FillKind.Null ? FillKind.None : inner.Fill,
        };
    }

    private static bool HasCall(Expression expression) => expression switch
    {
        CallExpression call => !SampleAspects.TryRead(call.Function, out _),
        MathExpression math => math.Arguments.Any(HasCall),
        BinaryExpression both => HasCall(both.Left) || HasCall(both.Right),
        _ => false,
    };
}
