namespace Telemetry.FirmwareSim;

/// <summary>When a machine works.</summary>
internal enum Working : byte
{
    /// <summary>It never stops: instruments, the grid, the boiler, tanks.</summary>
    Always = 0,

    /// <summary>Ten hours a day with a break: the fleet and the crushing line.</summary>
    DayShift = 1,

    /// <summary>Round the clock, with a stop now and then: the concentrator.</summary>
    RoundTheClock = 2,

    /// <summary>When the grid is away, and for a test once a week.</summary>
    Standby = 3,
}
