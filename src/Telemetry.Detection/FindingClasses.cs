using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>
/// The rules by which a finding is the sensor's, the gateway's or the machine's; docs/detection/classes.md says them in
/// words.
/// </summary>
internal static class FindingClasses
{
    private const int OthersMin = 3; // signals of other assets: fewer may have a reason each
    private const int UnusualPart = 2; // half of the others
    private const int GappyPart = 20; // a twentieth of the others: in health it is none
    private const double EndPart = 0.01; // of the span of the range
    private const double FactorTolerancePart = 0.2; // of the value: what varies more is near any factor

    private static readonly double[] UnitFactors = [10, 100, 1_000, 0.1, 0.01, 0.001];

    /// <summary>Where the fault seems to be.</summary>
    /// <param name="table">The slots.</param>
    /// <param name="slot">The field.</param>
    /// <param name="kind">What was found.</param>
    /// <param name="value">What was seen.</param>
    /// <param name="clock">The lane's clock.</param>
    public static FindingClass Of(WatchTable table, int slot, ConditionKind kind, double value, in LaneClock clock)
    {
        ref readonly FieldWatch watch = ref table.Watches[slot];
        if (kind is ConditionKind.LateData or ConditionKind.Dropped || IsOfGateway(watch.Signal)
            || (kind == ConditionKind.Silence
                ? table.Silences[slot].IsOfGateway
                : AreOthersUnusual(watch, clock.Minute)))
        {
            return FindingClass.Gateway;
        }

        return kind switch
        {
            ConditionKind.OutOfRange or ConditionKind.Flatline or ConditionKind.Silence => FindingClass.Sensor,
            ConditionKind.Anomaly => OfAnomaly(watch, table.Anomalies[slot]!, clock.Minute),
            _ => OfLimit(table, slot, kind, value, clock.Minute),
        };
    }

    /// <summary>Nothing of the gateway was heard lately, or its other assets are full of gaps as well.</summary>
    /// <param name="watch">The field that has become silent.</param>
    /// <param name="silence">Its silence.</param>
    /// <param name="listening">The lane's clock.</param>
    public static bool IsLinkBad(in FieldWatch watch, in SilenceState silence, long listening)
    {
        if (watch.Gateway is not { } gateway || watch.Asset is not { } asset)
        {
            return false;
        }

        int gappyCount = gateway.GappyCount - asset.GappyCount;
        return listening - gateway.LastHeard >= silence.Span / 2
            || (gappyCount >= OthersMin - 1 && gappyCount * GappyPart >= gateway.HeardCount - asset.HeardCount);
    }

    /// <summary>The class in words for whoever is told; empty for the machine's, which is what people expect.</summary>
    public static string TextOf(FindingClass origin) => origin switch
    {
        FindingClass.Sensor => "seems to be the sensor's fault",
        FindingClass.Gateway => "seems to be the gateway's fault or its link's",
        _ => "",
    };

    /// <summary>Its own supply, radio and clock.</summary>
    private static bool IsOfGateway(SignalInstance? signal) =>
        signal is not null && string.Equals(signal.Asset.Id, signal.Asset.Gateway, StringComparison.Ordinal);

    /// <summary>Half of what its gateway brings from other assets is unusual at the same time.</summary>
    private static bool AreOthersUnusual(in FieldWatch watch, long minute)
    {
        if (watch.Gateway is not { } gateway || watch.Asset is not { } asset)
        {
            return false;
        }

        int unusualCount = gateway.UnusualCountAt(minute) - asset.UnusualCountAt(minute);
        return unusualCount >= OthersMin && unusualCount * UnusualPart >= gateway.WatchedCount - asset.WatchedCount;
    }

    private static FindingClass OfAnomaly(in FieldWatch watch, AnomalyWatch anomaly, long minute)
    {
        // A machine gets louder or moves; only a sensor gets louder and stays where it was, or goes still.
        bool isNoise = (anomaly.Foremost == AnomalyChannel.Noise && !anomaly.IsAway)
            || (anomaly.WasOnlyLouder && IsAlone(watch, minute));
        return isNoise || IsAtEnd(watch.Signal!.Definition, anomaly.Observed) || IsOtherUnit(anomaly, watch.Signal)
            ? FindingClass.Sensor
            : FindingClass.Process;
    }

    private static FindingClass OfLimit(WatchTable table, int slot, ConditionKind kind, double value, long minute)
    {
        ref readonly FieldWatch watch = ref table.Watches[slot];
        bool isValue = kind != ConditionKind.RateOfChange;
        bool isSensor = table.Ranges[slot].IsOn
            || (table.Anomalies[slot] is { } anomaly
                && ((isValue && IsAtEnd(watch.Signal!.Definition, value))
                    || (anomaly.IsOnlyLouderAt(watch.LastTime) && IsAlone(watch, minute))));
        return isSensor ? FindingClass.Sensor : FindingClass.Process;
    }

    /// <summary>No other signal of its asset is unusual.</summary>
    private static bool IsAlone(in FieldWatch watch, long minute)
    {
        int own = watch.IsCounted && SignalGroup.IsRecent(watch.UnusualMinute, minute) ? 1 : 0;
        return watch.Asset is { } asset && asset.UnusualCountAt(minute) == own;
    }

    /// <summary>At an end of the range, but for zero, which a machine at rest reads.</summary>
    private static bool IsAtEnd(SignalDefinition signal, double value)
    {
        double margin = EndPart * (signal.RangeHigh - signal.RangeLow);
        return (signal.RangeHigh != 0 && value >= signal.RangeHigh - margin)
            || (signal.RangeLow != 0 && value <= signal.RangeLow + margin);
    }

    /// <summary>It would be where it is expected, were it given in another unit.</summary>
    private static bool IsOtherUnit(AnomalyWatch anomaly, SignalInstance signal)
    {
        double expected = anomaly.Expected;
        double tolerance = anomaly.Tolerance;
        if (!anomaly.IsAway || tolerance > FactorTolerancePart * Math.Abs(expected))
        {
            return false;
        }

        bool isFahrenheit = signal.Definition.Unit == "Cel"
            && Math.Abs(((anomaly.Observed - 32) / 1.8) - expected) <= tolerance;
        return isFahrenheit
            || UnitFactors.Any(factor => Math.Abs((anomaly.Observed / factor) - expected) <= tolerance);
    }
}
