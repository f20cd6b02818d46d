using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// PUBLISH (MQTT 5 §3.3): read from a frame, or filled in by whoever writes one. Borrowed.
/// </summary>
public readonly ref struct PublishView
{
    private const int PrefixBytes = sizeof(ushort);     // length of the topic name
    private const int IdentifierBytes = sizeof(ushort); // packet identifier, QoS 1 and 2 only

    /// <summary>The topic name; empty only with a topic alias.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The application message.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>
    /// The properties without their length; empty in MQTT 3.1.1. <see cref="PropertyReader"/> walks them.
    /// </summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>The packet identifier; 0 exactly when <see cref="Qos"/> is 0.</summary>
    public ushort PacketIdentifier { get; init; }

    /// <summary>Quality of service, 0 to 2.</summary>
    public byte Qos { get; init; }

    /// <summary>This is a second attempt.</summary>
    public bool Dup { get; init; }

    /// <summary>The server keeps the message, or it was kept.</summary>
    public bool Retain { get; init; }

    /// <summary>The topic alias, or 0 for none.</summary>
    public ushort TopicAlias =>
        Properties.IsEmpty ? (ushort)0 : (ushort)PropertyReader.FindNumber(Properties, PropertyId.TopicAlias, 0);

    /// <summary>
    /// Reads <c>topic-name [packet-identifier] [properties] payload</c> (MQTT 3.1.1 §3.3.2, MQTT 5 §3.3.2).
    /// </summary>
    public static bool TryRead(
        PacketFrame frame,
        ProtocolLevel level,
        out PublishView view,
        out MalformedReason reason)
    {
        view = default;
        int qos = (frame.Flags & FixedHeader.QosMask) >> FixedHeader.QosShift;
        var reader = new ByteReader(frame.Body);
        ReadOnlySpan<byte> topic = reader.ReadPrefixed();
        ushort packetIdentifier = qos == 0 ? (ushort)0 : reader.ReadUInt16();
        if (reader.Failed)
        {
            reason = MalformedReason.PacketTooShort;
            return false;
        }

        reason = PropertyBlock.Read(ref reader, level, PacketType.Publish, out ReadOnlySpan<byte> properties);
        if (reason == MalformedReason.None)
        {
            reason = Check(topic, properties, qos, packetIdentifier);
        }

        if (reason != MalformedReason.None)
        {
            return false;
        }

        view = new PublishView
        {
            Topic = topic,
            Payload = reader.Rest,
            Properties = properties,
            PacketIdentifier = packetIdentifier,
            Qos = (byte)qos,
            Dup = (frame.Flags & FixedHeader.DupFlag) != 0,
            Retain = (frame.Flags & FixedHeader.RetainFlag) != 0,
        };
        return true;
    }

    /// <summary>Bytes of the whole packet.</summary>
    public int Measure(ProtocolLevel level) => FixedHeader.MeasurePacket(MeasureBody(level));

    /// <summary>Writes the whole packet and returns its bytes, which are what <see cref="Measure"/> says.</summary>
    public int Write(Span<byte> destination, ProtocolLevel level)
    {
        RequirePublishable();
        int flags = (Dup ? FixedHeader.DupFlag : 0)
            | (Qos << FixedHeader.QosShift)
            | (Retain ? FixedHeader.RetainFlag : 0);
        var writer = new ByteWriter(destination);
        FixedHeader.Write(
            ref writer, (byte)(((int)PacketType.Publish << FixedHeader.TypeShift) | flags), MeasureBody(level));
        writer.WritePrefixed(Topic);
        if (Qos > 0)
        {
            writer.WriteUInt16(PacketIdentifier);
        }

        PropertyBlock.Write(ref writer, level, Properties);
        writer.WriteBytes(Payload);
        return writer.WrittenBytes;
    }

    private static MalformedReason Check(
        ReadOnlySpan<byte> topic,
        ReadOnlySpan<byte> properties,
        int qos,
        ushort packetIdentifier)
    {
        if (qos > 0 && packetIdentifier == 0)
        {
            return MalformedReason.PacketIdentifierZero;
        }

        if (!topic.IsEmpty)
        {
            return TopicName.Check(topic);
        }

        // An empty name is legal with an alias only (MQTT 5 §3.3.2.1); MQTT 3.1.1 has no aliases [MQTT-4.7.3-1].
        bool hasAlias = !properties.IsEmpty && PropertyReader.TryFind(properties, PropertyId.TopicAlias, out _);
        return hasAlias ? MalformedReason.None : MalformedReason.TopicMissing;
    }

    private int MeasureBody(ProtocolLevel level) =>
        PrefixBytes + Topic.Length                       // topic name
        + (Qos > 0 ? IdentifierBytes : 0)                // packet identifier
        + PropertyBlock.Measure(level, Properties)       // properties
        + Payload.Length;                                // payload

    private void RequirePublishable()
    {
        if (Qos > FixedHeader.QosMax || (Qos == 0) != (PacketIdentifier == 0) || (Dup && Qos == 0))
        {
            throw new ArgumentException(
                $"cannot write PUBLISH: QoS {Qos}, packet identifier {PacketIdentifier} and DUP {Dup} do not fit");
        }
    }
}
