namespace Telemetry.Mqtt;

/// <summary>A will, copied out of CONNECT or out of the log (MQTT 5 §3.1.2.5).</summary>
public sealed class SessionWill
{
    private const ushort PacketIdentifier = ushort.MaxValue;

    private readonly byte[] _topic;
    private readonly byte[] _payload;
    private readonly byte[] _properties;
    private readonly byte _qos;
    private readonly bool _retain;

    /// <summary>Copies the will of a CONNECT that has one.</summary>
    public SessionWill(in ConnectView connect)
        : this(new PublishView
        {
            Topic = connect.WillTopic,
            Payload = connect.WillPayload,
            Properties = connect.WillProperties,
            Qos = connect.WillQos,
            Retain = connect.WillRetain,
        })
    {
    }

    /// <summary>Copies the message.</summary>
    public SessionWill(in PublishView message)
    {
        _topic = message.Topic.ToArray();
        _payload = message.Payload.ToArray();
        _properties = message.Properties.ToArray();
        _qos = message.Qos;
        _retain = message.Retain;
        DelaySeconds = PropertyReader.FindNumber(_properties, PropertyId.WillDelayInterval, 0);
    }

    /// <summary>Seconds between the end of the connection and the will, at most until the session ends.</summary>
    public uint DelaySeconds { get; }

    /// <summary>
    /// The content of the <see cref="SessionEventKind.Released"/> that follows a will of QoS 2 in the log: no client
    /// releases it, and one that came again with its identifier would be taken for it.
    /// </summary>
    public static ReadOnlySpan<byte> Release => [PacketIdentifier >> 8, PacketIdentifier & 0xFF];

    /// <summary>The will as a message. Its identifier is none of the client's: nobody acknowledges it.</summary>
    public PublishView View() => new()
    {
        Topic = _topic,
        Payload = _payload,
        Properties = _properties,
        PacketIdentifier = _qos == 0 ? (ushort)0 : PacketIdentifier,
        Qos = _qos,
        Retain = _retain,
    };
}
