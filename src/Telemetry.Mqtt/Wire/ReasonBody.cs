using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>The body that DISCONNECT and AUTH of MQTT 5 share: <c>[reason-code [properties]]</c>.</summary>
internal static class ReasonBody
{
    private const int ReasonCodeBytes = 1;

    public static bool TryRead(
        PacketFrame frame,
        out ReasonCode code,
        out ReadOnlySpan<byte> properties,
        out MalformedReason reason)
    {
        code = ReasonCode.Success;
        properties = default;
        reason = MalformedReason.None;
        var reader = new ByteReader(frame.Body);
        if (!reader.IsAtEnd)
        {
            code = (ReasonCode)reader.ReadByte();
        }

        if (!ReasonCodeRules.IsAllowedIn(frame.Type, code))
        {
            reason = MalformedReason.ReasonCodeUnknown;
            return false;
        }

        if (!reader.IsAtEnd)
        {
            reason = PropertyBlock.Read(ref reader, ProtocolLevel.V50, frame.Type, out properties);
        }

        if (reason == MalformedReason.None && !reader.IsAtEnd)
        {
            reason = MalformedReason.TrailingBytes;
        }

        return reason == MalformedReason.None;
    }

    public static int Measure(ProtocolLevel level, ReasonCode code, ReadOnlySpan<byte> properties)
    {
        if (level < ProtocolLevel.V50 || (code == ReasonCode.Success && properties.IsEmpty))
        {
            return 0;
        }

        return ReasonCodeBytes + (properties.IsEmpty ? 0 : PropertyBlock.Measure(level, properties));
    }

    public static int Write(
        Span<byte> destination,
        PacketType type,
        ProtocolLevel level,
        ReasonCode code,
        ReadOnlySpan<byte> properties)
    {
        var writer = new ByteWriter(destination);
        int bodyBytes = Measure(level, code, properties);
        FixedHeader.Write(ref writer, type, bodyBytes);
        if (bodyBytes >= ReasonCodeBytes)
        {
            writer.WriteByte((byte)code);
        }

        if (bodyBytes > ReasonCodeBytes)
        {
            PropertyBlock.Write(ref writer, level, properties);
        }

        return writer.WrittenBytes;
    }
}
