namespace Telemetry.Alarms;

/// <summary>
/// Told of transitions after they are journalled, on the thread that owns the board; never on replay.
/// </summary>
public interface IAlarmListener
{
    /// <summary>Takes one transition; must return at once.</summary>
    void OnChange(in AlarmChange change);
}
