using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>The body that SUBACK and UNSUBACK share: <c>packet-identifier [properties] *reason-code</c>.</summary>
internal static class AckListBody
{
    private const int IdentifierBytes = sizeof(ushort);

    public static MalformedReason Read(
        PacketFrame frame,
        ProtocolLevel level,
        out ushort packetIdentifier,
        out ReadOnlySpan<byte> properties,
        out ReadOnlySpan<byte> codes)
    {
        codes = default;
        properties = default;
        var reader = new ByteReader(frame.Body);
        packetIdentifier = reader.ReadUInt16();
        MalformedReason reason = reader.Failed ? MalformedReason.PacketTooShort
            : packetIdentifier == 0 ? MalformedReason.PacketIdentifierZero
            : PropertyBlock.Read(ref reader, level, frame.Type, out properties);
        if (reason == MalformedReason.None)
        {
            codes = reader.Rest;
            reason = CheckCodes(frame.Type, level, codes);
        }

        return reason;
    }

    public static int Measure(ProtocolLevel level, ReadOnlySpan<byte> properties, ReadOnlySpan<byte> codes) =>
        IdentifierBytes + PropertyBlock.Measure(level, properties) + codes.Length;

    public static int Write(
        Span<byte> destination,
        PacketType type,
        ProtocolLevel level,
        ushort packetIdentifier,
        ReadOnlySpan<byte> properties,
        ReadOnlySpan<byte> codes)
    {
        var writer = new ByteWriter(destination);
        FixedHeader.Write(ref writer, type, Measure(level, properties, codes));
        writer.WriteUInt16(packetIdentifier);
        PropertyBlock.Write(ref writer, level, properties);
        writer.WriteBytes(codes);
        return writer.WrittenBytes;
    }

    private static MalformedReason CheckCodes(PacketType type, ProtocolLevel level, ReadOnlySpan<byte> codes)
    {
        bool isV311 = level < ProtocolLevel.V50;
        if (isV311 && type == PacketType.UnsubAck)
        {
            return codes.IsEmpty ? MalformedReason.None : MalformedReason.TrailingBytes;
        }

        if (codes.IsEmpty)
        {
            return MalformedReason.PacketTooShort; // every request had at least one filter [MQTT-3.8.3-2]
        }

        foreach (byte code in codes)
        {
            bool isKnown = isV311
                ? ReasonCodeRules.IsSubAckV311((ReasonCode)code)
                : ReasonCodeRules.IsAllowedIn(type, (ReasonCode)code);
            if (!isKnown)
            {
                return MalformedReason.ReasonCodeUnknown;
            }
        }

        return MalformedReason.None;
    }
}
