namespace Telemetry.Alarms;

/// <summary>What can move an alarm.</summary>
public enum AlarmTrigger : byte
{
    /// <summary>Detection found that the condition is present.</summary>
    ConditionBegan = 0,

    /// <summary>Detection found that the condition is gone.</summary>
    ConditionEnded = 1,

    /// <summary>An operator has seen it and takes it on.</summary>
    Acknowledge = 2,

    /// <summary>Its signal is no longer watched (the site file changed), so nothing could ever end it.</summary>
    Withdraw = 3,
}
