namespace Telemetry.Detection;

/// <summary>State of the flatline detector for one field.</summary>
internal struct FlatlineState
{
    /// <summary>The condition stands.</summary>
    public bool IsOn;

    /// <summary>How many samples in a row had <see cref="Value"/>; stops counting at what is needed.</summary>
    public byte EqualCount;

    /// <summary>The value that does not change.</summary>
    public double Value;

    /// <summary>Event time of the first sample that had it.</summary>
    public long Since;
}

/// <summary>
/// A value that does not change at all, to the last bit of its resolution. It takes time and at least three samples:
/// two equal ones at both ends of a gap prove nothing. Any other value ends it at once.
/// </summary>
internal static class FlatlineDetector
{
    /// <summary>
    /// Two equal samples may stand at both ends of an outage; the third says that the sensor itself repeats.
    /// </summary>
    public const int EqualCountMin = 3;

    /// <summary>Judges one value.</summary>
    public static Verdict Judge(ref FlatlineState state, WatchRule rule, double value, long time)
    {
        if (state.EqualCount == 0 || value != state.Value)
        {
            bool wasOn = state.IsOn;
            state = new FlatlineState { Value = value, Since = time, EqualCount = 1 };
            return wasOn ? Verdict.Ended : Verdict.Unchanged;
        }

        state.EqualCount = (byte)Math.Min(state.EqualCount + 1, EqualCountMin);
        bool isLong = state.EqualCount >= EqualCountMin && (ulong)(time - state.Since) >= (ulong)rule.Flatline;
        if (state.IsOn || !isLong)
        {
            return Verdict.Unchanged;
        }

        state.IsOn = true;
        return Verdict.Began;
    }
}
