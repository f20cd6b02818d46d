using Telemetry.Model;

namespace Telemetry.Alarms;

/// <summary>
/// Names of alarms: asset, signal and kind, for instance <c>CR-201.bearing_de_temp/HH</c>. The same before and after a
/// restart, in topics, journals and links.
/// </summary>
public static class AlarmIdentity
{
    /// <summary>The name of the alarm on a condition of a signal.</summary>
    public static string Of(string signalId, ConditionKind kind) => $"{signalId}/{Suffix(kind)}";

    /// <summary>LL, L, H, HH, ROC, FLATLINE, SILENCE, LATE, DROPPED, ANOMALY or RANGE.</summary>
    public static string Suffix(ConditionKind kind) => kind switch
    {
        ConditionKind.LowLow => "LL",
        ConditionKind.Low => "L",
        ConditionKind.High => "H",
        ConditionKind.HighHigh => "HH",
        ConditionKind.RateOfChange => "ROC",
        ConditionKind.Flatline => "FLATLINE",
        ConditionKind.Silence => "SILENCE",
        ConditionKind.LateData => "LATE",
        ConditionKind.Dropped => "DROPPED",
        ConditionKind.Anomaly => "ANOMALY",
        ConditionKind.OutOfRange => "RANGE",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such condition"),
    };
}
