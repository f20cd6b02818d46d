namespace Telemetry.Store.InfluxQl;

/// <summary>A span of time, both ends included; null where the query sets no bound.</summary>
internal readonly record struct TimeRange(long? First, long? Last)
{
    /// <summary>First instant to read.</summary>
    public long From => First ?? long.MinValue;

    /// <summary>First instant no longer to read, as the store wants it.</summary>
    public long To => Last is null or long.MaxValue ? long.MaxValue : Last.Value + 1;

    /// <summary>The instants that are in both.</summary>
    public TimeRange And(in TimeRange other) => new(
        First is null || other.First is null ? First ?? other.First : Math.Max(First.Value, other.First.Value),
        Last is null || other.Last is null ? Last ?? other.Last : Math.Min(Last.Value, other.Last.Value));
}
