namespace Telemetry.Alarms;

/// <summary>Where an alarm stands, in the words of ISA-18.2.</summary>
public enum AlarmState : byte
{
    /// <summary>The condition is absent and nobody owes an acknowledgement.</summary>
    Normal = 0,

    /// <summary>The condition is present and no operator has acknowledged it.</summary>
    Unacknowledged = 1,

    /// <summary>The condition is present and acknowledged.</summary>
    Acknowledged = 2,

    /// <summary>The condition is gone before anyone acknowledged it.</summary>
    ReturnedUnacknowledged = 3,
}
