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

    /// <summary>True while the clock can make it begin.</summary>
    public readonly bool IsRunning => IsHeard && !IsOn && Span > 0;
}

/// <summary>No sample for too long, by the lane's clock. Only hearing ends it, only the clock begins it.</summary>
internal static class SilenceDetector
{
    /// <summary>A sample arrived.</summary>
    /// <param name="state">The field's state.</param>
    /// <param name="listening">The lane's clock.</param>
    /// <param name="quiet">How long it had been quiet, in nanoseconds.</param>
    public static Verdict Hear(ref SilenceState state, long listening, out long quiet)
    {
        quiet = listening - state.LastHeard;
        bool wasOn = state.IsOn;
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
}
