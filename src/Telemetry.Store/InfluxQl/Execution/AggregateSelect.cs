using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// SELECT with functions: each field of each series of a group is read once, through the windows of every call that
/// reduces it.
/// </summary>
internal sealed class AggregateSelect(ISampleSource source, SelectPlan plan, QueryBudget budget)
{
    private readonly TimeWindows _windows = new(plan.Windows);

    /// <summary>The one call whose sample's own time and neighbours are given; null when there are several.</summary>
    private AggregateCall? OnlySelector => plan.Calls is [{ IsSelector: true } only] ? only : null;

    /// <summary>The rows of a group, paged.</summary>
    public IReadOnlyList<object?[]> RowsOf(SeriesGroup group, MeasurementEntry measurement)
    {
        long before = budget.HeldBytes;
        Dictionary<string, FieldAggregation> aggregations = Prepare(measurement);
        for (int member = 0; member < group.Members.Count; member++)
        {
            ReadMember(group.Members[member], member, aggregations);
        }

        var filling = new Filling(plan, _windows, budget);
        List<List<WindowResult>> results = [];
        foreach (AggregateCall call in plan.Calls)
        {
            results.Add(aggregations.TryGetValue(call.FieldName, out FieldAggregation? aggregation)
                ? ResultsOf(call, aggregation, filling)
                : []);
        }

        var neighbours = new SelectorNeighbours(source, plan, filling, budget);
        List<object?[]> rows = [.. plan.Statement.Rows.Of(Merge(results, group, measurement, neighbours))];
        budget.KeepRows(before, rows.Count, plan.ColumnNames.Count);
        return rows;
    }

    private static List<WindowResult> ResultsOf(AggregateCall call, FieldAggregation aggregation, Filling filling)
    {
        List<WindowResult> found =
            [.. aggregation.Ordered().SelectMany(window => WindowResults.Of(call, aggregation.Type, window))];
        if (call.Function == AggregateFunction.Distinct)
        {
            return found;
        }

        bool isCount = call.Function is AggregateFunction.Count or AggregateFunction.CountDistinct;
        return filling.Fill(found, WindowResults.KindOf(call.Function, aggregation.Type), isCount);
    }

    private Dictionary<string, FieldAggregation> Prepare(MeasurementEntry measurement)
    {
        var aggregations = new Dictionary<string, FieldAggregation>(StringComparer.Ordinal);
        bool needsPlaces = OnlySelector is not null && (_windows.IsWhole || plan.Names.Count > 0);
        foreach (IGrouping<string, AggregateCall> calls in plan.Calls.GroupBy(call => call.FieldName))
        {
            if (!measurement.Fields.TryGetValue(calls.Key, out FieldType type))
            {
                continue;
            }

            foreach (AggregateCall call in calls)
            {
                AggregateFunctions.RequireType(AggregateFunctions.NameOf(call.Function), type);
            }

            aggregations.Add(calls.Key, new FieldAggregation(
                type,
                _windows,
                keepsSamples: calls.Any(call => call.NeedsSamples),
                needsPlaces && calls.Any(call => call.Function is AggregateFunction.Min or AggregateFunction.Max),
                needsValues: calls.Any(call => call.Function != AggregateFunction.Count),
                budget));
        }

        return aggregations;
    }

    private void ReadMember(GroupMember member, int index, Dictionary<string, FieldAggregation> aggregations)
    {
        long[]? accepted = AcceptedTimes.Of(source, member.Condition, plan.Range, budget);
        if (accepted is { Length: 0 })
        {
            return;
        }

        foreach ((string name, FieldAggregation aggregation) in aggregations)
        {
            if (member.Series.FieldOf(name) is { } field)
            {
                aggregation.Read(source, field.Id, plan.Range, index, accepted);
            }
        }
    }

    /// <summary>Rows of the windows that any call has a result for, in the direction of the query.</summary>
    private IEnumerable<object?[]> Merge(
        List<List<WindowResult>> results,
        SeriesGroup group,
        MeasurementEntry measurement,
        SelectorNeighbours neighbours)
    {
        var next = new int[results.Count];
        var slots = new Value[plan.SlotCount];
        while (TryNextStart(results, next, out long start))
        {
            PickedSample picked = PickedSample.None;
            for (int i = 0; i < results.Count; i++)
            {
                bool isHere = next[i] < results[i].Count && results[i][next[i]].Start == start;
                picked = isHere ? results[i][next[i]++].Sample : PickedSample.None;
                slots[plan.Names.Count + i] = isHere ? picked.Value : neighbours.MissingCall(i, measurement);
            }

            neighbours.Put(slots, picked, group, measurement);
            yield return plan.RowOf(TimeOf(start, picked), slots);
        }
    }

    private bool TryNextStart(List<List<WindowResult>> results, int[] next, out long start)
    {
        bool found = false;
        start = 0;
        for (int i = 0; i < results.Count; i++)
        {
            if (next[i] >= results[i].Count)
            {
                continue;
            }

            long candidate = results[i][next[i]].Start;
            bool isNearer = plan.Statement.Descending ? candidate > start : candidate < start;
            start = !found || isNearer ? candidate : start;
            found = true;
        }

        return found;
    }

    private long TimeOf(long start, in PickedSample picked)
    {
        if (!_windows.IsWhole)
        {
            return start;
        }

        return OnlySelector is not null && !picked.IsNone ? picked.Time : plan.Range.First ?? 0;
    }
}
