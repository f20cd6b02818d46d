namespace Telemetry.FirmwareSim;

/// <summary>What a machine does.</summary>
public enum MachineState : byte
{
    /// <summary>It stands still.</summary>
    Stopped = 0,

    /// <summary>It has been running for less than three minutes.</summary>
    Starting = 1,

    /// <summary>It works.</summary>
    Running = 2,

    /// <summary>It runs without load.</summary>
    Idle = 3,
}
