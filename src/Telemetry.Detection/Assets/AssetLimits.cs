namespace Telemetry.Detection.Assets;

/// <summary>Ceilings of a detector of an asset.</summary>
public static class AssetLimits
{
    /// <summary>Signals of one asset: memory and time per row grow with the square.</summary>
    public const int SignalCountMax = 64;

    /// <summary>Fewer rows than this say nothing of relations.</summary>
    public const int WarmUpRowsMin = 100;

    /// <summary>Rows of commissioning: a year of seconds is below it.</summary>
    public const int WarmUpRowsMax = 50_000_000;
}
