namespace Telemetry.Store.InfluxQl;

/// <summary>
/// A SELECT ready to run: wildcards are named, columns have their names, and their expressions ask a row of slots,
/// first the plain names, then the calls.
/// </summary>
internal sealed record SelectPlan
{
    public required SelectStatement Statement { get; init; }

    /// <summary>The measurements, in the order of their names.</summary>
    public required IReadOnlyList<MeasurementEntry> Measurements { get; init; }

    /// <summary>Names of the columns, <c>time</c> first.</summary>
    public required IReadOnlyList<string> ColumnNames { get; init; }

    /// <summary>What stands in the columns after <c>time</c>.</summary>
    public required IReadOnlyList<Expression> Columns { get; init; }

    /// <summary>The names that fill the first slots.</summary>
    public required IReadOnlyList<NameExpression> Names { get; init; }

    /// <summary>The calls that fill the slots after them.</summary>
    public required IReadOnlyList<AggregateCall> Calls { get; init; }

    /// <summary>Keys of the tags by which the statement makes groups, sorted; empty for one group.</summary>
    public required IReadOnlyList<string> Dimensions { get; init; }

    /// <summary>The same with those of the query around a sub-query.</summary>
    public required IReadOnlyList<string> GroupTags { get; init; }

    /// <summary>The instants asked for.</summary>
    public required TimeRange Range { get; init; }

    /// <summary>When the query is asked, nanoseconds since 1970.</summary>
    public required long Now { get; init; }

    /// <summary>The condition without its bounds on time.</summary>
    public required Expression? Condition { get; init; }

    /// <summary>The windows; null when there are none.</summary>
    public TimeGrouping? Windows => Statement.Grouping.Time;

    /// <summary>
    /// True for a query over sub-queries. What these gave was already narrowed to the range, and their windows may
    /// begin before it.
    /// </summary>
    public bool IsOverAnswers => Statement.SubQueries.Count > 0;

    /// <summary>The instants to read when so many windows before the range are wanted as well.</summary>
    public TimeRange RangeWith(int windowsBefore)
    {
        Int128 lead = (Int128)windowsBefore * (Windows?.Interval ?? 0);
        return Statement.Descending
            ? Range with { Last = Saturated(Range.Last, lead) }
            : Range with { First = Saturated(Range.First, -lead) };
    }

    /// <summary>The one call whose sample's own time and neighbours are given; null when there are several.</summary>
    public AggregateCall? OnlySelector => Calls is [{ IsSelector: true } only] ? only : null;

    /// <summary>How many slots a row has.</summary>
    public int SlotCount => Names.Count + Calls.Count;

    private static long? Saturated(long? time, Int128 by) =>
        time is null ? null : (long)Int128.Clamp(time.Value + by, long.MinValue, long.MaxValue);

    /// <summary>Puts a row together.</summary>
    public void AddRow(ResultRows rows, long time, ReadOnlySpan<Value> slots)
    {
        Span<Value> row = rows.Add();
        row[0] = Value.Of(time);
        for (int i = 0; i < Columns.Count; i++)
        {
            row[i + 1] = Evaluation.Of(Columns[i], slots);
        }
    }
}
