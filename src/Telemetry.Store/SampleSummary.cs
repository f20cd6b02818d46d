namespace Telemetry.Store;

/// <summary>
/// What is known of a stretch of samples of a numeric field without reading them. Values are in the field's unit.
/// </summary>
/// <param name="Count">How many samples there are, at least one.</param>
/// <param name="FirstTime">Time of the first, nanoseconds since 1970.</param>
/// <param name="LastTime">Time of the last, nanoseconds since 1970.</param>
/// <param name="First">Value of the first.</param>
/// <param name="Last">Value of the last.</param>
/// <param name="Min">Least value.</param>
/// <param name="Max">Greatest value.</param>
/// <param name="Sum">Sum of the values.</param>
public readonly record struct SampleSummary(
    int Count, long FirstTime, long LastTime, double First, double Last, double Min, double Max, double Sum)
{
    private const double WholeMax = 9_007_199_254_740_992; // 2^53: every whole number below is a float

    /// <summary>
    /// True when the values and their sum are exact where they are of whole numbers: they, and so many of the greatest,
    /// are below 2^53.
    /// </summary>
    public bool IsExactForWhole => Math.Max(Math.Abs(Min), Math.Abs(Max)) * Count < WholeMax;

    /// <summary>More of the same samples; null when it is not known, as of chunks.</summary>
    public SummaryDetail? Detail { get; init; }
}

/// <summary>What roll-ups know of samples beyond what chunks do.</summary>
/// <param name="MinTime">Time of the least value; of equal ones the earliest.</param>
/// <param name="MaxTime">Time of the greatest value; of equal ones the earliest.</param>
/// <param name="GoodCount">How many of the samples were of good quality.</param>
public readonly record struct SummaryDetail(long MinTime, long MaxTime, int GoodCount);
