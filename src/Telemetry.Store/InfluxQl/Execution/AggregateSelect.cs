using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// SELECT with functions: each field of each series of a group is read once, through the windows of every call that
/// reduces it in the same way.
/// </summary>
internal sealed class AggregateSelect(ISampleSource source, SelectPlan plan, QueryBudget budget)
{
    private readonly TimeWindows _windows = new(plan.Windows, plan.Statement.Zone);
    private readonly int _windowsReadMax = plan.Calls.Max(call => call.WindowsRead);

    /// <summary>The rows of a group, paged.</summary>
    public ResultRows RowsOf(SeriesGroup group, MeasurementEntry measurement)
    {
        long before = budget.HeldBytes;
        Dictionary<Reading, IFieldReduction> reductions = Prepare(measurement);
        for (int member = 0; member < group.Members.Count; member++)
        {
            ReadMember(group.Members[member], member, reductions);
        }

        var filling = new Filling(plan, _windows, budget);
        var results = new CallResults(plan, _windows, filling, budget);
        List<List<WindowResult>> ofCalls = [];
        foreach (AggregateCall call in plan.Calls)
        {
            ofCalls.Add(reductions.TryGetValue(Reading.For(call), out IFieldReduction? reduction)
                ? results.Of(call, reduction, group)
                : []);
        }

        var neighbours = new SelectorNeighbours(source, plan, filling, budget);
        ResultRows rows = Merge(ofCalls, group, measurement, neighbours);
        budget.KeepRows(before, rows.Count, plan.ColumnNames.Count);
        return rows;
    }

    private Dictionary<Reading, IFieldReduction> Prepare(MeasurementEntry measurement)
    {
        var reductions = new Dictionary<Reading, IFieldReduction>();
        bool needsPlaces = plan.OnlySelector is not null && (_windows.IsWhole || plan.Names.Count > 0);
        foreach (IGrouping<Reading, AggregateCall> calls in plan.Calls.GroupBy(Reading.For))
        {
            if (!measurement.Fields.TryGetValue(calls.Key.FieldName, out FieldType stored))
            {
                continue;
            }

            FieldType type = calls.Key.Cast ?? stored;
            foreach (AggregateCall call in calls)
            {
                AggregateFunctions.RequireType(call, type);
            }

            reductions.Add(calls.Key, calls.Key.State is { } state
                ? new StateTimes(type, state, _windows, EndOf(calls.Key.WindowsRead), budget)
                : new FieldAggregation(
                    type,
                    calls.Key.IsStream ? default : _windows,
                    [.. calls],
                    needsPlaces && calls.Any(call => call.Function is AggregateFunction.Min or AggregateFunction.Max),
                    budget));
        }

        return reductions;
    }

    private void ReadMember(GroupMember member, int index, Dictionary<Reading, IFieldReduction> reductions)
    {
        long[]? accepted = AcceptedTimes.Of(source, member.Condition, RangeOf(_windowsReadMax), budget);
        foreach ((Reading reading, IFieldReduction reduction) in reductions)
        {
            if (member.Series.FieldOf(reading.FieldName) is { } field)
            {
                var wanted = new MemberReading(index, member.Condition, RangeOf(reading.WindowsRead), accepted);
                reduction.Read(source, field, wanted);
            }
        }
    }

    /// <summary>How far the last value can last: to the end of what is asked, and never into the future.</summary>
    private long EndOf(int windowsRead) => Math.Min(plan.RangeWith(windowsRead).To, plan.Now);

    /// <summary>The instants to read; rows of answers stand at the starts of windows, also of cut ones.</summary>
    private TimeRange RangeOf(int windowsRead)
    {
        TimeRange range = plan.RangeWith(windowsRead);
        return !plan.IsOverAnswers ? range
            : windowsRead == _windowsReadMax || range.First is not { } first ? default
            : range with { First = _windows.StartOf(first) };
    }

    /// <summary>Rows of the times that any call has a result for, in the direction of the query.</summary>
    private ResultRows Merge(
        List<List<WindowResult>> results,
        SeriesGroup group,
        MeasurementEntry measurement,
        SelectorNeighbours neighbours)
    {
        var next = new int[results.Count];
        var slots = new Value[plan.SlotCount];
        var rows = new ResultRows(plan.ColumnNames.Count);
        while (TryNextStart(results, next, out long start))
        {
            PickedSample picked = PickedSample.None;
            for (int i = 0; i < results.Count; i++)
            {
                int slot = plan.Names.Count + i;
                bool isHere = next[i] < results[i].Count && results[i][next[i]].Start == start;
                picked = isHere ? results[i][next[i]++].Sample : PickedSample.None;
                slots[slot] = isHere ? picked.Value : neighbours.MissingCall(i, slots[slot], measurement);
            }

            neighbours.Put(slots, picked, group, measurement);
            plan.AddRow(rows, start, slots);
        }

        return rows;
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

    /// <summary>How a call reads a field; calls that read it alike share the reading.</summary>
    private readonly record struct Reading(
        string FieldName, FieldType? Cast, int WindowsRead, bool IsStream, StateCondition? State)
    {
        public static Reading For(AggregateCall call) =>
            new(call.FieldName, call.Cast, call.WindowsRead, call.NeedsStream, call.State);
    }
}
