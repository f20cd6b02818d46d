namespace Telemetry.Ingestion;

/// <summary>What gave way for want of room, as numbers.</summary>
internal static class LaneMetrics
{
    /// <summary>The numbers now.</summary>
    public static IEnumerable<Metric> Of(IReadOnlyList<LaneView> lanes)
    {
        foreach (LaneView lane in lanes)
        {
            string label = $"lane=\"{lane.Name}\"";
            yield return new(
                "telemetry_lane_dropped_messages_total",
                "Messages that gave way for want of room.",
                lane.DroppedMessages,
                label);
            yield return new(
                "telemetry_lane_dropped_bytes_total", "Bytes of their records.", lane.DroppedBytes, label);
        }
    }
}
