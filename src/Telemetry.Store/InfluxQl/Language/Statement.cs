using System.Text.RegularExpressions;

namespace Telemetry.Store.InfluxQl;

/// <summary>One statement of a query.</summary>
internal abstract record Statement;

/// <summary>A statement that is understood but not done here; the reason is its answer.</summary>
internal sealed record RefusedStatement(string Reason) : Statement;

/// <summary>Where samples or names come from: a measurement by name or by pattern.</summary>
/// <param name="Database">Empty: the request's database.</param>
/// <param name="RetentionPolicy">Empty: the default one.</param>
/// <param name="Measurement">Its name; empty with a pattern.</param>
/// <param name="Pattern">Null with a name.</param>
internal sealed record Source(string Database, string RetentionPolicy, string Measurement, Regex? Pattern)
{
    /// <summary>True when <paramref name="measurement"/> is meant.</summary>
    public bool Matches(string measurement) => Pattern?.IsMatch(measurement) ?? measurement == Measurement;
}

/// <summary>One column asked for.</summary>
/// <param name="Expression">What to compute.</param>
/// <param name="Alias">Its name; empty when the expression names itself.</param>
internal sealed record SelectField(Expression Expression, string Alias);

/// <summary>What empty windows are given.</summary>
internal enum FillKind : byte
{
    Null,
    None,
    Previous,
    Linear,
    Number,
}

/// <summary>Windows of time.</summary>
/// <param name="Interval">Their width in nanoseconds, at least 1.</param>
/// <param name="Offset">Shift of their edges against the epoch.</param>
internal readonly record struct TimeGrouping(long Interval, long Offset);

/// <summary>How rows are brought into groups.</summary>
internal sealed record Grouping
{
    /// <summary>Tags by name, in the order in which they stand.</summary>
    public List<string> Tags { get; } = [];

    /// <summary>Tags by pattern.</summary>
    public List<Regex> Patterns { get; } = [];

    /// <summary>All tags.</summary>
    public bool AllTags { get; set; }

    /// <summary>Tags by which the query around a sub-query makes groups; no columns of the sub-query.</summary>
    public IReadOnlyList<string> OuterTags { get; init; } = [];

    /// <summary>Windows of time; null when there are none.</summary>
    public TimeGrouping? Time { get; set; }
}

/// <summary>Rows wanted of what there is; 0 is no limit.</summary>
internal readonly record struct Page(int Limit, int Offset)
{
    /// <summary>How many items from the first on the page can need; null: all of them.</summary>
    public long? Reach => Limit > 0 ? (long)Offset + Limit : null;

    /// <summary>The items of <paramref name="all"/> on this page.</summary>
    public IEnumerable<T> Of<T>(IEnumerable<T> all)
    {
        IEnumerable<T> rest = Offset > 0 ? all.Skip(Offset) : all;
        return Limit > 0 ? rest.Take(Limit) : rest;
    }
}

/// <summary>SELECT.</summary>
internal sealed record SelectStatement : Statement
{
    public required IReadOnlyList<SelectField> Fields { get; init; }

    /// <summary>The measurements; empty with sub-queries.</summary>
    public required IReadOnlyList<Source> Sources { get; init; }

    /// <summary>The sub-queries whose answers it reads; empty with measurements.</summary>
    public IReadOnlyList<SelectStatement> SubQueries { get; init; } = [];

    public Expression? Condition { get; init; }

    public required Grouping Grouping { get; init; }

    public FillKind Fill { get; init; }

    public double FillNumber { get; init; }

    public bool Descending { get; init; }

    /// <summary>True when the order is written down.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>The zone of its days and of its answer; null for UTC.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>The instants that the query around a sub-query leaves it.</summary>
    public TimeRange OuterRange { get; init; }

    /// <summary>True for a sub-query whose windows are those of the query around it.</summary>
    public bool HasOuterWindows { get; init; }

    public Page Rows { get; init; }

    public Page Series { get; init; }
}

/// <summary>What SHOW lists.</summary>
internal enum ShowKind : byte
{
    Databases,
    Measurements,
    TagKeys,
    TagValues,
    FieldKeys,
    Series,
    RetentionPolicies,
    ContinuousQueries,
    Subscriptions,
    Users,
}

/// <summary>Whether SHOW lists or counts.</summary>
internal enum ShowForm : byte
{
    List,

    /// <summary>One number for the database.</summary>
    Total,

    /// <summary>One number per measurement.</summary>
    Count,
}

/// <summary>SHOW in all its kinds.</summary>
internal sealed record ShowStatement(ShowKind Kind) : Statement
{
    /// <summary>Empty: the request's database.</summary>
    public string Database { get; init; } = "";

    /// <summary>Empty: every measurement.</summary>
    public IReadOnlyList<Source> Sources { get; init; } = [];

    /// <summary>Which tag keys TAG VALUES lists; null for the other kinds.</summary>
    public Expression? KeyCondition { get; init; }

    public Expression? Condition { get; init; }

    public Page Rows { get; init; }

    /// <summary>Whether it lists or counts.</summary>
    public ShowForm Form { get; init; }
}

/// <summary>CREATE DATABASE.</summary>
internal sealed record CreateDatabaseStatement(string Name) : Statement;
