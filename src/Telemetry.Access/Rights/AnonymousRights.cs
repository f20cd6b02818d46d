using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Access;

/// <summary>The rights of a client that was let in without a name: all but the service's own topics.</summary>
internal sealed class AnonymousRights : IClientRights
{
    /// <summary>The only instance.</summary>
    public static AnonymousRights Instance { get; } = new();

    /// <inheritdoc/>
    public bool IsInForce => true;

    /// <inheritdoc/>
    public bool MayPublish(ReadOnlySpan<byte> topic) => !ServiceTopics.Contain(topic);

    /// <inheritdoc/>
    public bool MaySubscribe(ReadOnlySpan<byte> filter) => true;
}
