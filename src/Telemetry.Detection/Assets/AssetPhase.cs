namespace Telemetry.Detection.Assets;

/// <summary>What a detector of an asset is doing.</summary>
public enum AssetPhase : byte
{
    /// <summary>It learns what is normal; nothing is judged.</summary>
    Commissioning = 0,

    /// <summary>Every row is judged.</summary>
    Watching = 1,
}
