namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// A will, copied out of CONNECT. Its delay is 0 by the rules: the session ends with the connection here, and a will is
/// due when the delay or the session ends, whichever is first (MQTT 5 §3.1.3.2.2).
/// </summary>
internal sealed class WillMessage
{
    private readonly byte[] _topic;
    private readonly byte[] _payload;
    private readonly byte[] _properties;
    private readonly byte _qos;
    private readonly bool _retain;

    public WillMessage(in ConnectView connect)
    {
        _topic = connect.WillTopic.ToArray();
        _payload = connect.WillPayload.ToArray();
        _properties = connect.WillProperties.ToArray();
        _qos = connect.WillQos;
        _retain = connect.WillRetain;
    }

    /// <summary>The will as a message. Its identifier is none of the client's: nobody acknowledges it.</summary>
    public PublishView View() => new()
    {
        Topic = _topic,
        Payload = _payload,
        Properties = _properties,
        PacketIdentifier = _qos == 0 ? (ushort)0 : ushort.MaxValue,
        Qos = _qos,
        Retain = _retain,
    };
}
