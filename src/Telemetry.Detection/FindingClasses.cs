using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>The rules by which a finding is the sensor's, the gateway's or the machine's.</summary>
internal static class FindingClasses
{
    /// <summary>Where the fault seems to be.</summary>
    /// <param name="table">The slots.</param>
    /// <param name="slot">The field.</param>
    /// <param name="kind">What was found.</param>
    /// <param name="listening">The lane's clock.</param>
    public static FindingClass Of(WatchTable table, int slot, ConditionKind kind, long listening) => kind switch
    {
        ConditionKind.OutOfRange or ConditionKind.Flatline => FindingClass.Sensor,
        ConditionKind.LateData or ConditionKind.Dropped => FindingClass.Gateway,
        ConditionKind.Silence => IsGatewayQuiet(table, slot, listening) ? FindingClass.Gateway : FindingClass.Sensor,
        ConditionKind.Anomaly => OfAnomaly(table.Anomalies[slot]!),
        _ => table.Ranges[slot].IsOn ? FindingClass.Sensor : FindingClass.Process,
    };

    /// <summary>The class in words for whoever is told; empty for the machine's, which is what people expect.</summary>
    public static string TextOf(FindingClass origin) => origin switch
    {
        FindingClass.Sensor => "seems to be the sensor's fault",
        FindingClass.Gateway => "seems to be the gateway's fault or its link's",
        _ => "",
    };

    /// <summary>A gateway that was heard lately is not the reason why one of its signals is silent.</summary>
    private static bool IsGatewayQuiet(WatchTable table, int slot, long listening) =>
        table.Watches[slot].Gateway is { } gateway && listening - gateway.LastHeard >= table.Silences[slot].Span / 2;

    /// <summary>
    /// A machine gets louder or moves; only a sensor gets louder and stays where it was, or goes still.
    /// </summary>
    private static FindingClass OfAnomaly(AnomalyWatch watch) =>
        watch.Foremost == AnomalyChannel.Noise && Math.Abs(watch.Observed - watch.Expected) < watch.Tolerance
            ? FindingClass.Sensor
            : FindingClass.Process;
}
