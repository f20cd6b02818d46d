using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>Answers SHOW from the catalogue; no sample is read.</summary>
internal sealed class ShowExecutor(CatalogueIndex index, DatabaseNames names, QueryBudget budget)
{
    private static readonly Dictionary<string, FieldType> NoFields = [];

    /// <summary>The tables of the answer.</summary>
    public IReadOnlyList<ResultSeries> Execute(ShowStatement statement)
    {
        switch (statement.Kind)
        {
            case ShowKind.Databases:
                return [Table("databases", ["name"], names.All.Select(name => new object?[] { name }))];
            case ShowKind.RetentionPolicies:
                return [RetentionPolicies()];
            case ShowKind.ContinuousQueries:
                return [.. names.All.Select(name => Table(name, ["name", "query"], []))];
            case ShowKind.Users:
                return [Table("", ["user", "admin"], [])];
            case ShowKind.Subscriptions:
                return [];
        }

        RequireTagCondition(statement);
        IReadOnlyList<MeasurementEntry> measurements =
            statement.Sources.Count == 0 ? index.Measurements() : index.Measurements(statement.Sources);
        return statement.Form == ShowForm.List ? Lists(statement, measurements) : Counts(statement, measurements);
    }

    private List<ResultSeries> Lists(ShowStatement statement, IReadOnlyList<MeasurementEntry> measurements) =>
        statement.Kind switch
        {
            ShowKind.Measurements => Measurements(statement, measurements),
            ShowKind.Series => Series(statement, measurements),
            ShowKind.FieldKeys => PerMeasurement(statement, measurements, ["fieldKey", "fieldType"], FieldKeys),
            ShowKind.TagKeys => PerMeasurement(
                statement, measurements, ["tagKey"], measurement => TagKeys(statement, measurement)),
            _ => PerMeasurement(
                statement, measurements, ["key", "value"], measurement => TagValues(statement, measurement)),
        };

    private List<ResultSeries> Counts(ShowStatement statement, IReadOnlyList<MeasurementEntry> measurements)
    {
        if (statement.Form == ShowForm.Count && statement.Kind != ShowKind.Measurements)
        {
            return PerMeasurement(
                statement,
                measurements,
                ["count"],
                measurement => CountOf(statement, measurement) is > 0 and var count ? [[(long)count]] : []);
        }

        int total = statement.Kind == ShowKind.Measurements
            ? measurements.Count(measurement => SeriesOf(statement, measurement).Any())
            : measurements.Sum(measurement => CountOf(statement, measurement));
        string column = statement.Form == ShowForm.Total ? "cardinality estimation" : "count";
        List<object?[]> rows = Keep(statement, [[(long)total]]);
        return rows.Count == 0 ? [] : [Table("", [column], rows)];
    }

    private int CountOf(ShowStatement statement, MeasurementEntry measurement) => statement.Kind switch
    {
        ShowKind.TagKeys => TagKeys(statement, measurement).Count(),
        ShowKind.TagValues => TagValues(statement, measurement).DistinctBy(row => row[1]).Count(),
        ShowKind.FieldKeys => SeriesOf(statement, measurement)
            .SelectMany(series => series.Fields.ToArray())
            .DistinctBy(field => field.Name)
            .Count(),
        _ => SeriesOf(statement, measurement).Count(),
    };

    private static ResultSeries Table(string name, string[] columns, IEnumerable<object?[]> rows) =>
        new(name, null, columns, ResultRows.Of(columns.Length, rows), HasTime: false);

    private static ResultSeries RetentionPolicies() => Table(
        "",
        ["name", "duration", "shardGroupDuration", "replicaN", "default"],
        [[DatabaseNames.RetentionPolicy, "0s", "168h0m0s", 1L, true]]);

    /// <summary>The rows of a page, each charged as it comes.</summary>
    private List<object?[]> Keep(ShowStatement statement, IEnumerable<object?[]> all)
    {
        var rows = new List<object?[]>();
        foreach (object?[] row in statement.Rows.Of(all))
        {
            budget.CheckTime();
            budget.KeepRows(budget.HeldBytes, 1, row.Length);
            rows.Add(row);
        }

        return rows;
    }

    private List<ResultSeries> Measurements(
        ShowStatement statement, IReadOnlyList<MeasurementEntry> measurements)
    {
        List<object?[]> rows = Keep(statement, measurements
            .Where(measurement => SeriesOf(statement, measurement).Any())
            .Select(measurement => new object?[] { measurement.Name }));
        return rows.Count == 0 ? [] : [Table("measurements", ["name"], rows)];
    }

    private List<ResultSeries> Series(
        ShowStatement statement, IReadOnlyList<MeasurementEntry> measurements)
    {
        List<object?[]> rows = Keep(statement, measurements
            .SelectMany(measurement => SeriesOf(statement, measurement))
            .Select(series => new object?[] { Encoding.UTF8.GetString(series.Series.Key.Span) }));
        return rows.Count == 0 ? [] : [Table("", ["key"], rows)];
    }

    /// <summary>One table per measurement that has any rows; LIMIT and OFFSET count within each.</summary>
    private List<ResultSeries> PerMeasurement(
        ShowStatement statement,
        IReadOnlyList<MeasurementEntry> measurements,
        string[] columns,
        Func<MeasurementEntry, IEnumerable<object?[]>> rowsOf)
    {
        var tables = new List<ResultSeries>();
        foreach (MeasurementEntry measurement in measurements)
        {
            List<object?[]> rows = Keep(statement, rowsOf(measurement));
            if (rows.Count > 0)
            {
                tables.Add(Table(measurement.Name, columns, rows));
            }
        }

        return tables;
    }

    private static IEnumerable<object?[]> FieldKeys(MeasurementEntry measurement) =>
        measurement.Fields.Select(field => new object?[] { field.Key, FieldTypeNames.Of(field.Value) });

    private IEnumerable<object?[]> TagKeys(ShowStatement statement, MeasurementEntry measurement) =>
        SeriesOf(statement, measurement)
            .SelectMany(series => series.Series.Tags)
            .Select(tag => tag.Key)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(key => new object?[] { key });

    private IEnumerable<object?[]> TagValues(ShowStatement statement, MeasurementEntry measurement) =>
        SeriesOf(statement, measurement)
            .SelectMany(series => series.Series.Tags)
            .Where(tag => Evaluation.Of(statement.KeyCondition!, [Value.Of(tag.Key)]).IsTrue)
            .Distinct()
            .OrderBy(tag => tag.Key, StringComparer.Ordinal)
            .ThenBy(tag => tag.Value, StringComparer.Ordinal)
            .Select(tag => new object?[] { tag.Key, tag.Value });

    private IEnumerable<SeriesEntry> SeriesOf(ShowStatement statement, MeasurementEntry measurement)
    {
        MeasurementEntry byTags = measurement with { Fields = NoFields };
        foreach (SeriesEntry series in measurement.Series)
        {
            budget.CheckTime();
            if (SeriesCondition.For(statement.Condition, series, byTags) is not null)
            {
                yield return series;
            }
        }
    }

    /// <summary>Names are found by tags alone: neither time nor a field narrows them.</summary>
    private static void RequireTagCondition(ShowStatement statement)
    {
        if (statement.Condition is not null)
        {
            RequireTagCondition(statement.Condition, statement);
        }
    }

    private static void RequireTagCondition(Expression condition, ShowStatement statement)
    {
        if (condition is not BinaryExpression both)
        {
            throw new QueryRefusedException("invalid tag comparison operator");
        }

        if (Operators.IsLogical(both.Operator))
        {
            RequireTagCondition(both.Left, statement);
            RequireTagCondition(both.Right, statement);
            return;
        }

        if (SelectRules.IsTime(both.Left))
        {
            throw new QueryRefusedException(
                $"SHOW {NameOf(statement)} doesn't support time in WHERE clause");
        }

        if (both.Operator is not (Operator.Equal or Operator.NotEqual or Operator.Matches or Operator.MatchesNot))
        {
            throw new QueryRefusedException("invalid tag comparison operator");
        }
    }

    private static string NameOf(ShowStatement statement) => statement.Kind switch
    {
        ShowKind.TagKeys or ShowKind.FieldKeys or ShowKind.Measurements when statement.Form != ShowForm.List =>
            $"{NameOf(statement with { Form = ShowForm.List })[..^1]} EXACT CARDINALITY",
        _ when statement.Form != ShowForm.List =>
            $"{NameOf(statement with { Form = ShowForm.List })} EXACT CARDINALITY",
        ShowKind.TagKeys => "TAG KEYS",
        ShowKind.TagValues => "TAG VALUES",
        ShowKind.FieldKeys => "FIELD KEYS",
        _ => statement.Kind.ToString().ToUpperInvariant(),
    };
}
