namespace Telemetry.Alarms;

/// <summary>A transition that is in the journal.</summary>
/// <param name="Alarm">The alarm after it.</param>
/// <param name="Record">The journal's record.</param>
/// <param name="Effects">What it asks of those who show and send alarms.</param>
public readonly record struct AlarmChange(Alarm Alarm, AlarmRecord Record, AlarmEffects Effects);
