namespace Telemetry.Store.InfluxQl;

/// <summary>What comes with a query.</summary>
/// <param name="Database">The database that statements without one mean; empty when the client names none.</param>
/// <param name="RetentionPolicy">The retention policy they mean; empty for the default one.</param>
/// <param name="Now">What <c>now()</c> is, nanoseconds since 1970.</param>
/// <param name="Parameters">
/// The values of <c>$name</c> in the query, a JSON object as the parameter <c>params</c> has it; empty without.
/// </param>
public readonly record struct QueryRequest(string Database, string RetentionPolicy, long Now, string Parameters = "");
