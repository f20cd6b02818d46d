using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>Rights that a test takes away: everything but what is named.</summary>
internal sealed class TestRights : IClientRights
{
    public bool IsInForce { get; set; } = true;

    /// <summary>A topic that may not be published to.</summary>
    public string? NotPublish { get; set; }

    /// <summary>A topic filter that may not be subscribed to.</summary>
    public string? NotSubscribe { get; set; }

    public bool MayPublish(ReadOnlySpan<byte> topic) => Encoding.UTF8.GetString(topic) != NotPublish;

    public bool MaySubscribe(ReadOnlySpan<byte> filter) => Encoding.UTF8.GetString(filter) != NotSubscribe;
}
