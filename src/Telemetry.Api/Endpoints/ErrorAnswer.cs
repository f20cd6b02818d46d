namespace Telemetry.Api;

/// <summary>The one shape of an error, as in InfluxDB 1.x.</summary>
/// <param name="Error">What is wrong, and what to do.</param>
public sealed record ErrorAnswer(string Error);
