namespace Telemetry.Model;

/// <summary>Which time a gateway's samples get.</summary>
public enum TimeSource : byte
{
    /// <summary>Their own, corrected where the clock is known to be wrong; arrival where they bring none.</summary>
    Own = 0,

    /// <summary>Their arrival, whatever they bring.</summary>
    Arrival = 1,

    /// <summary>
    /// Their own distances from each other, with the newest of a message at its arrival: for clocks that run and are
    /// never set.
    /// </summary>
    Relative = 2,
}

/// <summary>How the times of a gateway are read; docs/time.md.</summary>
public sealed record ClockPolicy
{
    /// <summary>What holds for gateways of which the site file says nothing.</summary>
    public static ClockPolicy Default { get; } = new();

    /// <summary>Which time its samples get.</summary>
    public TimeSource Times { get; init; } = TimeSource.Own;

    /// <summary>False to keep its own times as they came, however wrong.</summary>
    public bool Correct { get; init; } = true;

    /// <summary>
    /// What is known to lie between measuring and arrival at least, in nanoseconds: half an hour where the mean of
    /// half an hour carries its start. Nothing else tells it from a clock that is behind.
    /// </summary>
    public long DelayNanoseconds { get; init; }

    /// <summary>The zone of times that name none; null: such a time is refused.</summary>
    public LocalZone? Zone { get; init; }
}
