namespace Telemetry.Store;

/// <summary>Which summaries may stand for samples.</summary>
/// <param name="SpanMax">The longest span that one may have, in nanoseconds; 0 for no summaries at all.</param>
/// <param name="WithDetail">Only those that have <see cref="SampleSummary.Detail"/>.</param>
public readonly record struct SummaryWish(long SpanMax, bool WithDetail)
{
    /// <summary>Every sample is wanted.</summary>
    public static SummaryWish None => default;
}
