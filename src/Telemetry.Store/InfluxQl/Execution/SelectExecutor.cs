namespace Telemetry.Store.InfluxQl;

/// <summary>Runs a planned SELECT, group by group.</summary>
internal static class SelectExecutor
{
    /// <summary>The tables of the answer; a group without rows has none.</summary>
    public static IReadOnlyList<ResultSeries> Execute(ISampleSource source, SelectPlan plan, QueryBudget budget)
    {
        var tables = new List<ResultSeries>();
        foreach (MeasurementEntry measurement in plan.Measurements)
        {
            foreach (SeriesGroup group in SeriesGroups.Of(plan, measurement))
            {
                IReadOnlyList<object?[]> rows = plan.Calls.Count > 0
                    ? new AggregateSelect(source, plan, budget).RowsOf(group, measurement)
                    : new RawSelect(source, plan, budget).RowsOf(group, measurement);
                if (rows.Count > 0)
                {
                    tables.Add(new ResultSeries(measurement.Name, group.Tags, plan.ColumnNames, rows, HasTime: true));
                }
            }
        }

        if (plan.Statement.Descending)
        {
            tables.Reverse();
        }

        return tables;
    }
}
