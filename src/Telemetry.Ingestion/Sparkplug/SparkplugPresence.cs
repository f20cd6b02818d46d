using Telemetry.Mqtt.Pipelines;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>The STATE of a host at an external broker, as its connection tells it.</summary>
/// <param name="hostId">The host's identifier.</param>
public sealed class SparkplugPresence(string hostId) : IClientPresence
{
    /// <summary>
    /// What a host subscribes to: its own STATE, and all messages of edge nodes by filters that take nothing twice.
    /// </summary>
    public static IReadOnlyList<string> FiltersOf(string hostId) => [SparkplugTopic.StateOf(hostId), "spBv1.0/+/+/+/#"];

    /// <inheritdoc/>
    public string Topic { get; } = SparkplugTopic.StateOf(hostId);

    /// <inheritdoc/>
    public byte[] Online(DateTimeOffset connectedAt) =>
        SparkplugState.Render(isOnline: true, connectedAt.ToUnixTimeMilliseconds());

    /// <inheritdoc/>
    public byte[] Offline(DateTimeOffset at) => SparkplugState.Render(isOnline: false, at.ToUnixTimeMilliseconds());

    /// <inheritdoc/>
    public bool IsOffline(ReadOnlySpan<byte> payload) => SparkplugState.SaysOffline(payload);
}
