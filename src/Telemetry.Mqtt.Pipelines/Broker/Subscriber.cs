namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// A connected client as the broker sees it: its outbox, its subscriptions, and what the message in hand matched. The
/// broker owns its fields under its lock.
/// </summary>
internal sealed class Subscriber
{
    private readonly Action<ReasonCode> _stop;

    public Subscriber(byte[] clientIdentifier, PacketOutbox outbox, Action<ReasonCode> stop)
    {
        ClientIdentifier = clientIdentifier;
        Outbox = outbox;
        _stop = stop;
    }

    /// <summary>Its client identifier, UTF-8.</summary>
    public byte[] ClientIdentifier { get; }

    /// <summary>What goes to it.</summary>
    public PacketOutbox Outbox { get; }

    /// <summary>Its subscriptions by topic filter.</summary>
    public Dictionary<string, Subscription> Subscriptions { get; } = [];

    /// <summary>Which message <see cref="MatchedQos"/> and <see cref="MatchedRetain"/> belong to.</summary>
    public long MatchedMessage { get; set; }

    /// <summary>The highest QoS granted by the subscriptions that matched.</summary>
    public byte MatchedQos { get; set; }

    /// <summary>Whether one of the subscriptions that matched wants the retain flag as published.</summary>
    public bool MatchedRetain { get; set; }

    /// <summary>Ends its connection with a reason, from any thread; returns at once.</summary>
    public void Stop(ReasonCode reason) => _stop(reason);
}
