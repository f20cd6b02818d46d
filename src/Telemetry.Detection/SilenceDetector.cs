namespace Telemetry.Detection;

/// <summary>
/// State of the silence detector for one field; times are those of <see cref="LaneClock.Listening"/>.
/// </summary>
internal struct SilenceState
{
    /// <summary>The field has been heard of: it is watched from its first sample on.</summary>
    public bool IsHeard;

    /// <summary>The condition stands.</summary>
    public bool IsOn;

    /// <summary>When it was last heard.</summary>
    public long LastHeard;

    /// <summary>How long without a sample is silence, in nanoseconds; 0 when not watched.</summary>
    public long Span;

    /// <summary>When it was last heard after a gap; 0 for never.</summary>
    public long GapEnd;

    /// <summary>The silence that stands is the gateway's or its link's.</summary>
    public bool IsOfGateway;

    /// <summary>True while the clock can make it begin.</summary>
    public readonly bool IsRunning => IsHeard && !IsOn && Span > 0;
}

/// <summary>No sample for too long, by the lane's clock. Only hearing ends it, only the clock begins it.</summary>
internal static class SilenceDetector
{
    private const int GapPart = 3; // of the span: with ten periods, two or three samples in a row are missing

    /// <summary>A sample arrived.</summary>
    /// <param name="state">The field's state.</param>
    /// <param name="listening">The lane's clock.</param>
    /// <param name="quiet">How long it had been quiet, in nanoseconds.</param>
    public static Verdict Hear(ref SilenceState state, long listening, out long quiet)
    {
        quiet = listening - state.LastHeard;
        bool wasOn = state.IsOn;
        state.GapEnd = state.IsHeard && IsGap(state, quiet) ? listening : state.GapEnd;
        state.IsHeard = true;
        state.IsOn = false;
        state.LastHeard = listening;
        return wasOn ? Verdict.Ended : Verdict.Unchanged;
    }

    /// <summary>The clock moved.</summary>
    public static Verdict Judge(ref SilenceState state, long listening)
    {
        if (!state.IsRunning || listening - state.LastHeard < state.Span)
        {
            return Verdict.Unchanged;
        }

        state.IsOn = true;
        return Verdict.Began;
    }

    /// <summary>True when much of it is missing: there is a gap, or one ended within the last span.</summary>
    public static bool IsGappy(in SilenceState state, long listening) =>
        IsGap(state, listening - state.LastHeard)
        || (state.GapEnd > 0 && listening - state.GapEnd < state.Span);

    private static bool IsGap(in SilenceState state, long quiet) => state.Span > 0 && quiet >= state.Span / GapPart;
}
