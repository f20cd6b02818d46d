using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>The answer to a query.</summary>
/// <param name="Error">Why the text is no query at all, in InfluxDB's words; HTTP 400. Null when it was read.</param>
/// <param name="Results">One result per statement; empty with an error.</param>
public sealed record QueryAnswer(string? Error, IReadOnlyList<StatementResult> Results);

/// <summary>The answer to one statement.</summary>
/// <param name="StatementId">Its index in the query.</param>
/// <param name="Series">Its series; empty when nothing was found.</param>
/// <param name="Error">Why it could not be answered; null when it was.</param>
public sealed record StatementResult(int StatementId, IReadOnlyList<ResultSeries> Series, string? Error);

/// <summary>One table of a result.</summary>
/// <param name="Name">The measurement, or what SHOW lists; empty when InfluxDB gives none.</param>
/// <param name="Tags">The group's tags; null without GROUP BY.</param>
/// <param name="Columns">The columns' names; the first is <c>time</c> for SELECT.</param>
/// <param name="Rows">
/// The rows; times are <see cref="long"/> nanoseconds, other cells null, <see cref="double"/>, <see cref="long"/>,
/// <see cref="ulong"/>, <see cref="bool"/> or <see cref="string"/>.
/// </param>
/// <param name="HasTime">True when the first column is an instant.</param>
/// <param name="Zone">The zone in which instants are written as text; null for UTC.</param>
public sealed record ResultSeries(
    string Name,
    IReadOnlyList<Tag>? Tags,
    IReadOnlyList<string> Columns,
    ResultRows Rows,
    bool HasTime,
    TimeZoneInfo? Zone = null);
