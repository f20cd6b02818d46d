namespace Telemetry.Store.InfluxQl;

/// <summary>Ceilings on one query (law L6).</summary>
public sealed record QueryLimits
{
    /// <summary>Rows of all results together. A month of one signal at 10 s is 260,000 rows.</summary>
    public int RowCountMax { get; init; } = 1_000_000;

    /// <summary>
    /// Memory held at one time, estimated, in bytes: a row of five columns takes some 200 B, so that this allows a
    /// million of them.
    /// </summary>
    public long BytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long a query may run.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);
}
