namespace Telemetry.Model;

/// <summary>Where the fault behind a finding seems to be; docs/detection/classes.md has the rules.</summary>
public enum FindingClass : byte
{
    /// <summary>In the machine or the process.</summary>
    Process = 0,

    /// <summary>In the sensor or its wiring: the machine may be well.</summary>
    Sensor = 1,

    /// <summary>In the gateway or its link: all that comes through it is touched.</summary>
    Gateway = 2,
}
