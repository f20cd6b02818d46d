namespace Telemetry.Detection;

/// <summary>State of the range detector for one field.</summary>
internal struct RangeState
{
    /// <summary>The condition stands.</summary>
    public bool IsOn;

    /// <summary>Samples in a row that speak against it as it is.</summary>
    public byte ContraryCount;
}

/// <summary>
/// Values beyond what the sensor can read: an open or a shorted circuit, a wrong scale. It is a fault of the sensor
/// whatever the machine does, so it has no delay but two samples in a row.
/// </summary>
internal static class RangeDetector
{
    private const int SampleCount = 2;

    /// <summary>Judges one value.</summary>
    /// <param name="state">The field's state.</param>
    /// <param name="isBeyond">Whether the value lies outside the plausible range.</param>
    public static Verdict Judge(ref RangeState state, bool isBeyond)
    {
        if (isBeyond == state.IsOn)
        {
            state.ContraryCount = 0;
            return Verdict.Unchanged;
        }

        if (++state.ContraryCount < SampleCount)
        {
            return Verdict.Unchanged;
        }

        state = new RangeState { IsOn = isBeyond };
        return isBeyond ? Verdict.Began : Verdict.Ended;
    }
}
