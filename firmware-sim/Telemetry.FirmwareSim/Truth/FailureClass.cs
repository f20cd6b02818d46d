namespace Telemetry.FirmwareSim;

/// <summary>Where a failure is.</summary>
public enum FailureClass : byte
{
    /// <summary>In the machine or in the process.</summary>
    Process = 0,

    /// <summary>In one sensor: the machine is well, its reading is not.</summary>
    Sensor = 1,

    /// <summary>In the gateway or in its link: all that comes through it is touched.</summary>
    Gateway = 2,
}
