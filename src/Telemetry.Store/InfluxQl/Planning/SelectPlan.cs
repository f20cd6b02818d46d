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

    /// <summary>Keys of the tags that make groups, sorted; empty for one group.</summary>
    public required IReadOnlyList<string> Dimensions { get; init; }

    /// <summary>The instants asked for.</summary>
    public required TimeRange Range { get; init; }

    /// <summary>The condition without its bounds on time.</summary>
    public required Expression? Condition { get; init; }

    /// <summary>The windows; null when there are none.</summary>
    public TimeGrouping? Windows => Statement.Grouping.Time;

    /// <summary>How many slots a row has.</summary>
    public int SlotCount => Names.Count + Calls.Count;

    /// <summary>Puts a row together.</summary>
    public object?[] RowOf(long time, ReadOnlySpan<Value> slots)
    {
        var row = new object?[Columns.Count + 1];
        row[0] = time;
        for (int i = 0; i < Columns.Count; i++)
        {
            row[i + 1] = Evaluation.Of(Columns[i], slots).ToObject();
        }

        return row;
    }
}
