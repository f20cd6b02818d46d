namespace Telemetry.Ingestion;

/// <summary>How this service is a host of Sparkplug B.</summary>
public sealed record SparkplugSettings
{
    /// <summary>
    /// Under which name it tells edge nodes on its own listeners that it is there; empty: it tells nothing.
    /// </summary>
    public string HostId { get; init; } = "";

    /// <summary>How long a missing message is waited for (Sparkplug 3.0 §5.3).</summary>
    public TimeSpan ReorderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether edge nodes are asked for their births. Without, aliases are believed across a gap.
    /// </summary>
    public bool RequestsRebirth { get; init; } = true;
}
