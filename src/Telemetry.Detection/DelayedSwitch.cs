namespace Telemetry.Detection;

/// <summary>
/// On or off, turned only by a wish that has lasted for the delay. Time is event time and ascends; a mutable struct
/// that lives in the state of exactly one condition.
/// </summary>
internal struct DelayedSwitch
{
    /// <summary>The condition stands.</summary>
    public bool IsOn;

    /// <summary>A change is wished for, and <see cref="Since"/> says from when.</summary>
    public bool IsPending;

    /// <summary>Time of the first sample of the wish now pending.</summary>
    public long Since;

    /// <summary>True when it stands or is about to.</summary>
    public readonly bool IsBusy => IsOn | IsPending;

    /// <summary>Takes one sample; between beyond and back (inside the deadband) a pending wish is dropped.</summary>
    /// <param name="beyond">The value calls for on.</param>
    /// <param name="back">The value calls for off.</param>
    /// <param name="time">Event time in nanoseconds.</param>
    /// <param name="onDelay">How long beyond must last, in nanoseconds.</param>
    /// <param name="offDelay">How long back must last, in nanoseconds.</param>
    public Verdict Step(bool beyond, bool back, long time, long onDelay, long offDelay)
    {
        if (!(IsOn ? back : beyond))
        {
            IsPending = false;
            return Verdict.Unchanged;
        }

        if (!IsPending)
        {
            IsPending = true;
            Since = time;
        }

        // Unsigned: time ascends, so the difference is never negative, however far apart the two are.
        if ((ulong)(time - Since) < (ulong)(IsOn ? offDelay : onDelay))
        {
            return Verdict.Unchanged;
        }

        IsPending = false;
        IsOn = !IsOn;
        return IsOn ? Verdict.Began : Verdict.Ended;
    }
}
