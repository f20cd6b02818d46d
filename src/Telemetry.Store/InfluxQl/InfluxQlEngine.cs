using System.Text.RegularExpressions;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Answers queries in InfluxQL, the language of InfluxDB 1.x, over any <see cref="ISampleSource"/>. It reads and never
/// writes; what InfluxDB would change is refused by name. Safe for many callers at once.
/// </summary>
public sealed class InfluxQlEngine
{
    private readonly ISampleSource _source;
    private readonly QueryLimits _limits;
    private readonly DatabaseNames _names;
    private readonly TimeProvider _time;
    private readonly CatalogueIndex _index;

    /// <param name="source">The samples.</param>
    /// <param name="limits">Ceilings on each query.</param>
    /// <param name="names">What clients may call the database.</param>
    /// <param name="time">Measures how long a query runs; it is never asked for the time of day.</param>
    public InfluxQlEngine(
        ISampleSource source, QueryLimits limits, DatabaseNames names, TimeProvider? time = null)
    {
        _source = source;
        _limits = limits;
        _names = names;
        _time = time ?? TimeProvider.System;
        _index = new CatalogueIndex(source.Catalogue);
    }

    /// <summary>
    /// Answers every statement of a query; after one that fails the others are not executed, as in InfluxDB.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public QueryAnswer Execute(string text, in QueryRequest request, CancellationToken cancellation)
    {
        QueryParameters parameters;
        try
        {
            parameters = QueryParameters.Parse(request.Parameters);
        }
        catch (QueryRefusedException refusal)
        {
            return new QueryAnswer($"error parsing query parameters: {refusal.Message}", []);
        }

        IReadOnlyList<Statement> statements;
        try
        {
            statements = Parser.Parse(text, parameters);
        }
        catch (QueryRefusedException refusal)
        {
            return new QueryAnswer($"error parsing query: {refusal.Message}", []);
        }

        var budget = new QueryBudget(_limits, _time, cancellation);
        var results = new List<StatementResult>();
        bool failed = false;
        foreach (Statement statement in statements)
        {
            StatementResult result = failed
                ? new StatementResult(results.Count, [], "not executed")
                : Execute(statement, results.Count, request, budget);
            failed |= result.Error is not null;
            results.Add(result);
        }

        return new QueryAnswer(null, results);
    }

    private StatementResult Execute(Statement statement, int id, in QueryRequest request, QueryBudget budget)
    {
        try
        {
            return new StatementResult(id, Execute(statement, request, budget), null);
        }
        catch (QueryRefusedException refusal)
        {
            return new StatementResult(id, [], refusal.Message);
        }
        catch (RegexMatchTimeoutException timeout)
        {
            return new StatementResult(
                id, [], $"cannot finish the query: the pattern /{timeout.Pattern}/ takes too long to match");
        }
    }

    private IReadOnlyList<ResultSeries> Execute(Statement statement, in QueryRequest request, QueryBudget budget)
    {
        switch (statement)
        {
            case SelectStatement select:
                return Select(select, request, budget);
            case ShowStatement { Kind: ShowKind.Databases or >= ShowKind.ContinuousQueries } show:
                return new ShowExecutor(_index, _names, budget).Execute(show);
            case ShowStatement show:
                RequireDatabase(show.Database, request);
                return new ShowExecutor(_index, _names, budget).Execute(show);
            case CreateDatabaseStatement create:
                RequireKnown(create.Name);
                return [];
            case RefusedStatement refused:
                throw new QueryRefusedException(refused.Reason);
            default:
                throw new InvalidOperationException($"BUG: no answer to {statement.GetType().Name}");
        }
    }

    private IReadOnlyList<ResultSeries> Select(
        SelectStatement statement, in QueryRequest request, QueryBudget budget)
    {
        RequireSources(statement, request);
        return new SelectExecutor(_source, _index, budget, request.Now).Execute(statement);
    }

    private void RequireSources(SelectStatement statement, in QueryRequest request)
    {
        foreach (SelectStatement subQuery in statement.SubQueries)
        {
            RequireSources(subQuery, request);
        }

        foreach (Source source in statement.Sources)
        {
            RequireDatabase(source.Database, request);
            string policy = source.RetentionPolicy.Length > 0 ? source.RetentionPolicy : request.RetentionPolicy;
            if (policy.Length > 0 && policy != DatabaseNames.RetentionPolicy)
            {
                throw new QueryRefusedException($"retention policy not found: {policy}");
            }
        }
    }

    private void RequireDatabase(string named, in QueryRequest request)
    {
        string database = named.Length > 0 ? named : request.Database;
        if (database.Length == 0)
        {
            throw new QueryRefusedException("database name required");
        }

        RequireKnown(database);
    }

    private void RequireKnown(string database)
    {
        if (!_names.Contains(database))
        {
            throw new QueryRefusedException(
                $"database not found: {database} (databases here: {string.Join(", ", _names.All)})");
        }
    }
}
