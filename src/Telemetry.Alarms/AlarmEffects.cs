namespace Telemetry.Alarms;

/// <summary>What a transition asks of those who show and send alarms.</summary>
[Flags]
public enum AlarmEffects : byte
{
    /// <summary>Nothing to be done beyond showing the new state.</summary>
    None = 0,

    /// <summary>Call for attention: horn, flashing entry, message to people.</summary>
    Annunciate = 1,

    /// <summary>Stop calling for attention.</summary>
    Hush = 2,

    /// <summary>Tell that the condition is gone.</summary>
    Returned = 4,

    /// <summary>Take it off the list.</summary>
    Clear = 8,
}
