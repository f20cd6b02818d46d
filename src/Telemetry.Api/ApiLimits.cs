namespace Telemetry.Api;

/// <summary>Ceilings of the HTTP interface besides those of a query (law L6).</summary>
/// <param name="WriteBytesMax">Largest body of a write, in bytes, after decompression.</param>
/// <param name="RemoteQueryDuration">How long a query that is passed on to InfluxDB may take.</param>
public sealed record ApiLimits(int WriteBytesMax, TimeSpan RemoteQueryDuration);
