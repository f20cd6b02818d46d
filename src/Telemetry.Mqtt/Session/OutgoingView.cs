namespace Telemetry.Mqtt;

/// <summary>One message of an <see cref="OutgoingQueue"/>. Borrowed.</summary>
public readonly ref struct OutgoingView
{
    /// <summary>
    /// Which message it is: its place in the log, the same in every replay; 0 for one that is in no log.
    /// </summary>
    public long Offset { get; init; }

    /// <summary>When it is of no use any more, nanoseconds since 1970; 0 for never.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>The packet identifier; 0 for QoS 0.</summary>
    public ushort PacketIdentifier { get; init; }

    /// <summary>The QoS with which it is delivered.</summary>
    public byte Qos { get; init; }

    /// <summary>The retain flag with which it is delivered.</summary>
    public bool Retain { get; init; }

    /// <summary>How far the delivery has come.</summary>
    public OutgoingState State { get; init; }

    /// <summary>The topic name.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Properties that travel with the message, without the message expiry interval.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>The subscription identifiers of the subscriptions that matched, as properties.</summary>
    public ReadOnlySpan<byte> SubscriptionIdentifiers { get; init; }

    /// <summary>The application message.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }
}
