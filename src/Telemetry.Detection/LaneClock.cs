namespace Telemetry.Detection;

/// <summary>
/// The clock that silence is judged by: arrival times of records and ticks, so that a replay reads the same clock.
/// Ticks come each second while a lane is idle; a longer step means that nobody listened (the service was down, or the
/// box's clock was set), and time in which nobody listened is nobody's silence.
/// </summary>
internal struct LaneClock
{
    /// <summary>Ten times the distance of two ticks; of a longer step only this much counts as listened.</summary>
    public const long StepMax = 10_000_000_000;

    private const long Second = 1_000_000_000;
    private const long SecondsPerMinute = 60;

    /// <summary>The latest arrival time, nanoseconds since 1970; 0 before the first.</summary>
    public long Now;

    /// <summary>How long has been listened in all, in nanoseconds.</summary>
    public long Listening;

    /// <summary>The second that <see cref="Now"/> is in, counted from 1970.</summary>
    public long CurrentSecond;

    /// <summary>The minute that <see cref="Listening"/> is in, counted from one.</summary>
    public readonly long Minute => 1 + (Listening / (SecondsPerMinute * Second));

    /// <summary>Moves to a later time; an earlier one is passed over.</summary>
    /// <returns>True for the first record of each second: only there silence may begin.</returns>
    public bool Advance(long arrivalTime)
    {
        if (arrivalTime > Now)
        {
            ulong step = (ulong)(arrivalTime - Now);
            Listening += Now == 0 ? 0 : (long)Math.Min(step, (ulong)StepMax);
            Now = arrivalTime;
        }

        long second = Now / Second;
        bool isNew = second != CurrentSecond;
        CurrentSecond = second;
        return isNew;
    }
}
