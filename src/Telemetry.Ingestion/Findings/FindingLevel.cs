namespace Telemetry.Ingestion;

/// <summary>Who hears of an anomaly. Numbers are on disk.</summary>
public enum FindingLevel : byte
{
    /// <summary>It is an alarm.</summary>
    Alarm = 1,

    /// <summary>It is listed for those who look.</summary>
    Notice = 2,

    /// <summary>It would be an alarm but for a verdict.</summary>
    Held = 3,
}
