namespace Telemetry.Ingestion;

/// <summary>Ceilings of the Sparkplug host (law L6).</summary>
public static class SparkplugLimits
{
    /// <summary>Edge nodes remembered; data of others is decoded as far as it names itself.</summary>
    public const int NodesMax = 10_000;

    /// <summary>Devices of one edge node.</summary>
    public const int DevicesPerNodeMax = 1_000;

    /// <summary>Metrics of all births; what is beyond is not remembered, and its data by alias stays unknown.</summary>
    public const int MetricsMax = 500_000;

    /// <summary>Bytes of the names of those metrics.</summary>
    public const long NameBytesMax = 32L * 1024 * 1024;

    /// <summary>Messages of one edge node that are held until they can be read.</summary>
    public const int HeldPerNodeMax = 512;

    /// <summary>Bytes of all held messages; those beyond stay in quarantine alone.</summary>
    public const long HeldBytesMax = 16L * 1024 * 1024;

    /// <summary>Seconds a held message waits for a birth; then it stays in quarantine.</summary>
    public const int HoldSeconds = 600;

    /// <summary>Messages behind a gap that are waited with; with more the missing one is lost.</summary>
    public const int AheadMax = 128;

    /// <summary>Seconds between two rebirth requests to one edge node, at first; doubled each time.</summary>
    public const int RebirthSecondsFirst = 30;

    /// <summary>The longest time between them.</summary>
    public const int RebirthSecondsMax = 600;

    /// <summary>Rebirth requests a second, to all edge nodes together.</summary>
    public const int RebirthsPerSecondMax = 5;
}
