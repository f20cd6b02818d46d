using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// PUBACK, PUBREC, PUBREL and PUBCOMP (MQTT 5 §3.4–3.7), which share one shape. Borrowed.
/// </summary>
public readonly ref struct AckView
{
    /// <summary>Bytes of an acknowledgement that says success: fixed header and packet identifier.</summary>
    public const int SuccessBytes = FixedHeader.BytesMin + IdentifierBytes;

    private const int IdentifierBytes = sizeof(ushort);
    private const int ReasonCodeBytes = 1;

    /// <summary>Which of the four it is.</summary>
    public PacketType Type { get; init; }

    /// <summary>The packet identifier of the PUBLISH; never 0.</summary>
    public ushort PacketIdentifier { get; init; }

    /// <summary>The outcome; always success in MQTT 3.1.1.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>The properties without their length; empty in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>
    /// Reads <c>packet-identifier [reason-code [properties]]</c>; without a reason code it is success, and the
    /// properties may be left out (MQTT 5 §3.4.2.1).
    /// </summary>
    public static bool TryRead(PacketFrame frame, ProtocolLevel level, out AckView view, out MalformedReason reason)
    {
        view = default;
        var reader = new ByteReader(frame.Body);
        ushort packetIdentifier = reader.ReadUInt16();
        var code = ReasonCode.Success;
        ReadOnlySpan<byte> properties = default;
        reason = MalformedReason.None;
        if (level >= ProtocolLevel.V50 && !reader.IsAtEnd)
        {
            code = (ReasonCode)reader.ReadByte();
            if (!reader.IsAtEnd)
            {
                reason = PropertyBlock.Read(ref reader, level, frame.Type, out properties);
            }
        }

        if (reason == MalformedReason.None)
        {
            reason = Check(frame.Type, packetIdentifier, code, reader);
        }

        if (reason != MalformedReason.None)
        {
            return false;
        }

        view = new AckView
        {
            Type = frame.Type,
            PacketIdentifier = packetIdentifier,
            ReasonCode = code,
            Properties = properties,
        };
        return true;
    }

    /// <summary>
    /// Writes an acknowledgement that says success, the same four bytes in every protocol level, and returns 4.
    /// </summary>
    public static int WriteSuccess(Span<byte> destination, PacketType type, ushort packetIdentifier)
    {
        var writer = new ByteWriter(destination);
        FixedHeader.Write(ref writer, type, IdentifierBytes);
        writer.WriteUInt16(packetIdentifier);
        return writer.WrittenBytes;
    }

    /// <summary>Bytes of the whole packet.</summary>
    public int Measure(ProtocolLevel level) => FixedHeader.MeasurePacket(MeasureBody(level));

    /// <summary>Writes the whole packet and returns its bytes, which are what <see cref="Measure"/> says.</summary>
    public int Write(Span<byte> destination, ProtocolLevel level)
    {
        var writer = new ByteWriter(destination);
        int bodyBytes = MeasureBody(level);
        FixedHeader.Write(ref writer, Type, bodyBytes);
        writer.WriteUInt16(PacketIdentifier);
        if (bodyBytes > IdentifierBytes)
        {
            writer.WriteByte((byte)ReasonCode);
        }

        if (bodyBytes > IdentifierBytes + ReasonCodeBytes)
        {
            PropertyBlock.Write(ref writer, level, Properties);
        }

        return writer.WrittenBytes;
    }

    private static MalformedReason Check(PacketType type, ushort packetIdentifier, ReasonCode code, ByteReader reader)
    {
        if (reader.Failed)
        {
            return MalformedReason.PacketTooShort;
        }

        if (!reader.IsAtEnd)
        {
            return MalformedReason.TrailingBytes;
        }

        if (packetIdentifier == 0)
        {
            return MalformedReason.PacketIdentifierZero;
        }

        return ReasonCodeRules.IsAllowedIn(type, code) ? MalformedReason.None : MalformedReason.ReasonCodeUnknown;
    }

    private int MeasureBody(ProtocolLevel level)
    {
        if (level < ProtocolLevel.V50 || (ReasonCode == ReasonCode.Success && Properties.IsEmpty))
        {
            return IdentifierBytes;
        }

        int propertyBytes = Properties.IsEmpty ? 0 : PropertyBlock.Measure(level, Properties);
        return IdentifierBytes + ReasonCodeBytes + propertyBytes;
    }
}
