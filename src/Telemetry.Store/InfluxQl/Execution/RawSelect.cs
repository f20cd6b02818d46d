using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// SELECT without functions: the samples of a group's series joined by time, a row wherever one of the named fields has
/// a sample. Of rows with the same time the order of the series' keys decides.
/// </summary>
internal sealed class RawSelect(ISampleSource source, SelectPlan plan, QueryBudget budget)
{
    private TimeRange ReadRange => plan.IsOverAnswers ? default : plan.Range;

    /// <summary>The rows of a group, paged.</summary>
    public ResultRows RowsOf(SeriesGroup group, MeasurementEntry measurement)
    {
        long heldBefore = budget.HeldBytes;
        var rows = new ResultRows(plan.ColumnNames.Count);
        int seriesWithRows = 0;
        foreach (GroupMember member in group.Members)
        {
            int before = rows.Count;
            AddRows(rows, member, measurement);
            seriesWithRows += rows.Count > before ? 1 : 0;
        }

        rows = Directed(rows, seriesWithRows > 1);
        if (plan.Statement.Fill == FillKind.Previous)
        {
            FillFromPrevious(rows);
        }

        if (plan.Statement.Rows != default)
        {
            rows = rows.Pick(plan.Statement.Rows.Of(Enumerable.Range(0, rows.Count)));
        }

        budget.KeepRows(heldBefore, rows.Count, plan.ColumnNames.Count);
        return rows;
    }

    /// <summary>The rows in the order of the query; those of one time in that of their series.</summary>
    private ResultRows Directed(ResultRows rows, bool isOfSeveral)
    {
        if (!isOfSeveral && !plan.Statement.Descending)
        {
            return rows;
        }

        IEnumerable<int> indices = Enumerable.Range(0, rows.Count);
        IEnumerable<int> ordered = isOfSeveral ? indices.OrderBy(rows.TimeOf) : indices;
        return rows.Pick(plan.Statement.Descending ? ordered.Reverse() : ordered);
    }

    /// <summary>Takes what a row misses from the row before.</summary>
    private static void FillFromPrevious(ResultRows rows)
    {
        for (int i = 1; i < rows.Count; i++)
        {
            Span<Value> before = rows.CellsOf(i - 1);
            Span<Value> row = rows.CellsOf(i);
            for (int cell = 1; cell < row.Length; cell++)
            {
                row[cell] = row[cell].IsNone ? before[cell] : row[cell];
            }
        }
    }

    private void AddRows(ResultRows rows, GroupMember member, MeasurementEntry measurement)
    {
        Field?[] fields = [.. plan.Names.Select(name => FieldOf(name, member.Series, measurement))];
        bool isAnswer = member.Series.RowField is not null && plan.Names.Any(name => IsKnown(name, measurement));
        if (Array.TrueForAll(fields, field => field is null) && !isAnswer)
        {
            return;
        }

        long[]? accepted = AcceptedTimes.Of(source, member.Condition, ReadRange, budget);
        int edge = accepted is null ? EdgeOf(plan.Statement) : 0;
        var columns = new List<SampleColumn>();
        var slots = new Value[plan.SlotCount];
        var slotColumns = new SampleColumn?[plan.SlotCount];
        for (int i = 0; i < fields.Length; i++)
        {
            if (fields[i] is { } field)
            {
                var wanted = new FieldAspect(field, plan.Names[i].Aspect, plan.Names[i].Cast);
                slotColumns[i] = SampleColumn.Read(source, wanted, ReadRange, edge, budget);
                columns.Add(slotColumns[i]!);
            }
            else
            {
                slots[i] = TagOf(plan.Names[i], member.Series, measurement);
            }
        }

        if (member.Series.RowField is { } rowField)
        {
            var rowMark = new FieldAspect(rowField, SampleAspect.Value);
            columns.Add(SampleColumn.Read(source, rowMark, ReadRange, edge, budget));
        }

        Join(rows, [.. columns], slotColumns, slots, accepted);
        columns.ForEach(column => column.Release());
    }

    private void Join(
        ResultRows rows,
        SampleColumn[] columns,
        SampleColumn?[] slotColumns,
        Value[] slots,
        long[]? accepted)
    {
        int acceptedIndex = 0;
        while (AcceptedTimes.TryNextTime(columns, out long time))
        {
            if (IsAccepted(accepted, ref acceptedIndex, time))
            {
                for (int i = 0; i < slots.Length; i++)
                {
                    slots[i] = slotColumns[i] is { } column ? Filled(column.ValueAt(time)) : slots[i];
                }

                budget.Charge(QueryBudget.RowBytes(plan.ColumnNames.Count));
                plan.AddRow(rows, time, slots);
            }

            foreach (SampleColumn column in columns)
            {
                column.Pass(time);
            }
        }

        budget.CheckTime();
    }

    private Value Filled(in Value value) => value.IsNone && plan.Statement.Fill == FillKind.Number
        ? Value.Of(plan.Statement.FillNumber)
        : value;

    private static bool IsAccepted(long[]? accepted, ref int index, long time)
    {
        if (accepted is null)
        {
            return true;
        }

        while (index < accepted.Length && accepted[index] < time)
        {
            index++;
        }

        return index < accepted.Length && accepted[index] == time;
    }

    /// <summary>
    /// The first n rows of a join need the first n samples of each field, and the last n rows the last n.
    /// </summary>
    private static int EdgeOf(SelectStatement statement)
    {
        long count = (long)statement.Rows.Limit + statement.Rows.Offset;
        int edge = statement.Rows.Limit > 0 && count < int.MaxValue ? (int)count : 0;
        return statement.Descending ? -edge : edge;
    }

    private static Field? FieldOf(NameExpression name, SeriesEntry series, MeasurementEntry measurement) =>
        IsField(name, measurement) ? series.FieldOf(name.Name) : null;

    private static bool IsField(NameExpression name, MeasurementEntry measurement) =>
        name.Kind != NameKind.Tag && measurement.Fields.ContainsKey(name.Name);

    private static bool IsKnown(NameExpression name, MeasurementEntry measurement) =>
        measurement.Fields.ContainsKey(name.Name) || measurement.TagKeys.Contains(name.Name);

    /// <summary>The value of a tag as a column: missing where the series has none, unlike in a condition.</summary>
    private static Value TagOf(NameExpression name, SeriesEntry series, MeasurementEntry measurement)
    {
        string value = IsField(name, measurement) || name.Kind == NameKind.Field ? "" : series.TagOf(name.Name);
        return value.Length == 0 ? Value.None : Value.Of(value);
    }
}
