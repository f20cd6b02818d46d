using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>A gateway's lane: what keeps its messages in order after the commit.</summary>
public static class Lanes
{
    /// <summary>What a batch shows as the lane of records that concern every lane: ticks.</summary>
    public const byte All = byte.MaxValue;

    /// <summary>The lane of a gateway key.</summary>
    public static byte Of(ReadOnlySpan<byte> gatewayKey) => (byte)(KeyHash.Of(gatewayKey) % Limits.LaneCount);
}
