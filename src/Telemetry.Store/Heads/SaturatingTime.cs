namespace Telemetry.Store;

/// <summary>Sums of times that stop at the ends of the range instead of passing them.</summary>
internal static class SaturatingTime
{
    public static long Add(long time, long span) => time > long.MaxValue - span ? long.MaxValue : time + span;

    /// <summary>The span from an earlier time to a later one.</summary>
    public static long Subtract(long later, long earlier) =>
        earlier < 0 && later > long.MaxValue + earlier ? long.MaxValue : later - earlier;
}
