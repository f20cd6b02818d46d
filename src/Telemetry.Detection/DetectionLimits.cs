namespace Telemetry.Detection;

/// <summary>Ceilings of this room (law L6).</summary>
public static class DetectionLimits
{
    /// <summary>Signals watched for anomalies; those beyond have their other detectors only.</summary>
    public const int AnomalyCountMax = 16_384;
}
