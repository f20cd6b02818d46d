namespace Telemetry.Model;

/// <summary>The account of one gateway in one hour.</summary>
/// <param name="Hour">Of arrival, in hours since 1970.</param>
/// <param name="Gateway">Its key.</param>
/// <param name="Counts">What became of its messages.</param>
public sealed record LedgerLine(long Hour, string Gateway, LedgerCounts Counts)
{
    /// <summary>The hour of an arrival time in nanoseconds since 1970.</summary>
    public static long HourOf(long arrivalTime) => arrivalTime / (3_600 * Timestamp.NanosecondsPerSecond);
}
