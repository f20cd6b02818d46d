namespace Telemetry.Mqtt.Pipelines;

/// <summary>What a connected client may do. Asked for each message: it must not wait; it may change its mind.</summary>
public interface IClientRights
{
    /// <summary>Whether what it was let in by still holds: not so when its identity was withdrawn since.</summary>
    bool IsInForce { get; }

    /// <summary>Whether it may publish to a topic name.</summary>
    bool MayPublish(ReadOnlySpan<byte> topic);

    /// <summary>Whether it may subscribe to a topic filter; of a shared subscription, to the filter within.</summary>
    bool MaySubscribe(ReadOnlySpan<byte> filter);
}

/// <summary>The rights of a client that may do everything.</summary>
public sealed class AllRights : IClientRights
{
    /// <summary>The only instance.</summary>
    public static AllRights Instance { get; } = new();

    /// <inheritdoc/>
    public bool IsInForce => true;

    /// <inheritdoc/>
    public bool MayPublish(ReadOnlySpan<byte> topic) => true;

    /// <inheritdoc/>
    public bool MaySubscribe(ReadOnlySpan<byte> filter) => true;
}
