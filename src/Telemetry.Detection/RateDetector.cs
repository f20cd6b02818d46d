using System.Runtime.CompilerServices;

namespace Telemetry.Detection;

/// <summary>A cleaned value and its time, kept to measure change against.</summary>
internal struct RateAnchor
{
    public long Time;
    public double Value;
}

/// <summary>A ring of anchors.</summary>
[InlineArray(RateDetector.AnchorCountMax)]
internal struct RateAnchors
{
    private RateAnchor _first;
}

/// <summary>State of the rate-of-change detector for one field.</summary>
internal struct RateState
{
    /// <summary>The condition; its off-delay runs here.</summary>
    public DelayedSwitch Switch;

    /// <summary>The value before this one.</summary>
    public double Previous;

    /// <summary>The value before <see cref="Previous"/>.</summary>
    public double BeforePrevious;

    /// <summary>How many earlier values are there for the median: 0, 1 or 2.</summary>
    public byte PreviousCount;

    /// <summary>How many anchors are kept.</summary>
    public byte AnchorCount;

    /// <summary>Where the newest anchor stands in the ring.</summary>
    public byte Newest;

    /// <summary>The ring.</summary>
    public RateAnchors Anchors;
}

/// <summary>
/// Change over the last minute, in units per minute. Each value is first cleaned by the median of itself and the two
/// before it, so that a single outlier changes nothing; the change is then taken against a cleaned value about a minute
/// old. A shorter history is never extrapolated to a minute, a longer gap is scaled down to one.
/// </summary>
internal static class RateDetector
{
    /// <summary>Eight anchors, ten seconds apart, span at least 70 s: one of them is always a minute old.</summary>
    public const int AnchorCountMax = 8;

    /// <summary>
    /// The condition ends at this part of the largest rate, so that a rate at the limit does not chatter.
    /// </summary>
    public const double BackFraction = 0.8;

    private const long Span = 60_000_000_000; // rates are per minute
    private const long Spacing = 10_000_000_000; // (AnchorCountMax - 1) × Spacing > Span
    private const int MedianPreviousCount = 2;

    /// <summary>Judges one value.</summary>
    /// <param name="state">The field's state.</param>
    /// <param name="rule">The field's rule, with a rate in it.</param>
    /// <param name="value">The value as it came.</param>
    /// <param name="time">Event time in nanoseconds, later than the last.</param>
    /// <param name="rate">Signed change in units per minute; 0 while there is too little history.</param>
    public static Verdict Judge(ref RateState state, WatchRule rule, double value, long time, out double rate)
    {
        rate = 0;
        double cleaned = Median(value, state.Previous, state.BeforePrevious);
        state.BeforePrevious = state.Previous;
        state.Previous = value;
        if (state.PreviousCount < MedianPreviousCount)
        {
            state.PreviousCount++;
            return Verdict.Unchanged;
        }

        if (state.AnchorCount > 0)
        {
            RateAnchor reference = Reference(state, time);
            double minutes = (double)(time - reference.Time) / Span;
            rate = (cleaned - reference.Value) / Math.Max(1, minutes);
        }

        Keep(ref state, time, cleaned);
        double size = Math.Abs(rate);
        return state.Switch.Step(
            beyond: size > rule.RatePerMinuteMax,
            back: size <= rule.RatePerMinuteMax * BackFraction,
            time,
            onDelay: 0,
            rule.OffDelay);
    }

    /// <summary>The newest anchor that is a minute old; the oldest one when none is.</summary>
    private static RateAnchor Reference(in RateState state, long time)
    {
        int index = state.Newest;
        for (int i = 1; i < state.AnchorCount && (ulong)(time - state.Anchors[index].Time) < Span; i++)
        {
            index = (index + AnchorCountMax - 1) % AnchorCountMax;
        }

        return state.Anchors[index];
    }

    private static void Keep(ref RateState state, long time, double cleaned)
    {
        if (state.AnchorCount > 0 && (ulong)(time - state.Anchors[state.Newest].Time) < Spacing)
        {
            return;
        }

        state.Newest = (byte)((state.Newest + 1) % AnchorCountMax);
        state.Anchors[state.Newest] = new RateAnchor { Time = time, Value = cleaned };
        state.AnchorCount = (byte)Math.Min(state.AnchorCount + 1, AnchorCountMax);
    }

    private static double Median(double a, double b, double c) =>
        Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
