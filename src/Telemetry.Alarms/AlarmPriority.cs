using Telemetry.Model;

namespace Telemetry.Alarms;

/// <summary>How soon an operator must act. Aim at 80 % low, 15 % medium, 5 % high.</summary>
public enum AlarmPriority : byte
{
    /// <summary>In the shift.</summary>
    Low = 1,

    /// <summary>Soon.</summary>
    Medium = 2,

    /// <summary>Now.</summary>
    High = 3,
}

/// <summary>The priority an alarm gets by its kind; a site's own table may replace it later.</summary>
public static class AlarmPriorities
{
    /// <summary>HH and LL are high, H, L and what is dropped medium, everything else low.</summary>
    public static AlarmPriority Of(ConditionKind kind) => kind switch
    {
        ConditionKind.HighHigh or ConditionKind.LowLow => AlarmPriority.High,
        ConditionKind.High or ConditionKind.Low or ConditionKind.Dropped => AlarmPriority.Medium,
        _ => AlarmPriority.Low,
    };
}
