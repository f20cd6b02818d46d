namespace Telemetry.Ingestion.Tests;

/// <summary>How long records take from a gateway to the service.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="FloorSeconds">The smallest delay.</param>
/// <param name="MeanSeconds">Mean of what comes on top, exponential.</param>
/// <param name="StallShare">Share of records that wait longer.</param>
/// <param name="StallSeconds">Up to this.</param>
internal sealed record SimulatedLink(
    string Name, double FloorSeconds, double MeanSeconds, double StallShare, double StallSeconds)
{
    public static SimulatedLink Lte { get; } = new("LTE", 0.05, 0.04, 0.001, 5);

    public static SimulatedLink Weak { get; } = new("weak", 0.2, 1.5, 0.03, 60);

    public static SimulatedLink Satellite { get; } = new("satellite", 0.65, 0.1, 0.005, 10);

    /// <summary>The delay of one record in nanoseconds.</summary>
    public long DelayOf(Random random)
    {
        double seconds = FloorSeconds - (MeanSeconds * Math.Log(1 - random.NextDouble()));
        seconds += random.NextDouble() < StallShare ? StallSeconds * random.NextDouble() : 0;
        return (long)(seconds * 1e9);
    }
}
