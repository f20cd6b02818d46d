namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Runs a SELECT: group by group over the store, or over the answers to its sub-queries, which are sources of samples
/// like the store.
/// </summary>
internal sealed class SelectExecutor(ISampleSource store, CatalogueIndex index, QueryBudget budget, long now)
{
    /// <summary>The tables of the answer; a group without rows has none.</summary>
    public IReadOnlyList<ResultSeries> Execute(SelectStatement statement)
    {
        if (Plan(statement) is not var (source, plan))
        {
            return [];
        }

        List<ResultSeries> tables =
        [
            .. GroupsOf(source, plan).Select(group => new ResultSeries(
                group.Measurement.Name,
                group.Group.Tags,
                plan.ColumnNames,
                group.Rows,
                HasTime: true,
                statement.Zone)),
        ];
        if (statement.Descending)
        {
            tables.Reverse();
        }

        return tables;
    }

    private (ISampleSource Source, SelectPlan Plan)? Plan(SelectStatement statement)
    {
        SelectRules.Require(statement);
        if (statement.SubQueries.Count == 0)
        {
            return Planner.Plan(statement, index.Measurements(statement.Sources), now) is { } plan
                ? (store, plan)
                : null;
        }

        SelectRules.RequireNoOrigins(statement);
        AnswerSource answers = AnswersTo(statement);
        return Planner.Plan(statement, answers.Measurements(), now) is { } outer ? (answers, outer) : null;
    }

    private AnswerSource AnswersTo(SelectStatement statement)
    {
        (TimeRange range, _) = Planner.RangeOf(statement, now);
        TimeRange left = SubQueries.RangeOf(statement, range);
        var answers = new AnswerSource(budget);
        foreach (SelectStatement subQuery in statement.SubQueries)
        {
            SelectStatement inner = SubQueries.Inside(statement, subQuery, left);
            if (Plan(inner) is not var (source, plan))
            {
                continue;
            }

            answers.Add(plan);
            foreach ((MeasurementEntry measurement, SeriesGroup group, ResultRows rows)
                in GroupsOf(source, plan))
            {
                answers.Add(plan, measurement, group, rows);
                budget.Release(rows.Count * QueryBudget.RowBytes(plan.ColumnNames.Count));
            }
        }

        return answers;
    }

    private IEnumerable<(MeasurementEntry Measurement, SeriesGroup Group, ResultRows Rows)> GroupsOf(
        ISampleSource source, SelectPlan plan)
    {
        foreach (MeasurementEntry measurement in plan.Measurements)
        {
            foreach (SeriesGroup group in SeriesGroups.Of(plan, measurement))
            {
                ResultRows rows = plan.Calls.Count > 0
                    ? new AggregateSelect(source, plan, budget).RowsOf(group, measurement)
                    : new RawSelect(source, plan, budget).RowsOf(group, measurement);
                if (rows.Count > 0)
                {
                    yield return (measurement, group, rows);
                }
            }
        }
    }
}
