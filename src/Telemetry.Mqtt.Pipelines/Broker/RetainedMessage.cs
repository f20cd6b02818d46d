namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The last message of a topic, kept for those who subscribe later. Immutable but for one flag, so that any session
/// may hold it without a lock.
/// </summary>
internal sealed class RetainedMessage
{
    private volatile bool _isSuperseded;

    public RetainedMessage(in OutgoingView message)
    {
        Topic = message.Topic.ToArray();
        Payload = message.Payload.ToArray();
        Properties = message.Properties.ToArray();
        Qos = message.Qos;
        Offset = message.Offset;
        ExpiresAt = message.ExpiresAt;
    }

    /// <summary>Its topic name.</summary>
    public byte[] Topic { get; }

    /// <summary>The application message.</summary>
    public byte[] Payload { get; }

    /// <summary>Properties that travel with it, without the expiry.</summary>
    public byte[] Properties { get; }

    /// <summary>Its QoS.</summary>
    public byte Qos { get; }

    /// <summary>Its place in the log; 0 when it is in no log.</summary>
    public long Offset { get; }

    /// <summary>When it is of no use any more, nanoseconds since 1970; 0 for never.</summary>
    public long ExpiresAt { get; }

    /// <summary>Bytes it is held against the ceiling with.</summary>
    public int Bytes => Topic.Length + Payload.Length + Properties.Length;

    /// <summary>True once a newer message or an empty one took its place: whoever still holds it drops it.</summary>
    public bool IsSuperseded
    {
        get => _isSuperseded;
        set => _isSuperseded = value;
    }

    /// <summary>Whether its message expiry interval is over.</summary>
    public bool IsExpired(long now) => ExpiresAt != 0 && ExpiresAt <= now;

    /// <summary>The message as a new subscriber gets it.</summary>
    public OutgoingView View(byte qos, ReadOnlySpan<byte> subscriptionIdentifiers) => new()
    {
        Offset = Offset,
        ExpiresAt = ExpiresAt,
        Qos = qos,
        Retain = true,
        Topic = Topic,
        Properties = Properties,
        SubscriptionIdentifiers = subscriptionIdentifiers,
        Payload = Payload,
    };
}
