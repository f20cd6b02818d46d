namespace Telemetry.Mqtt;

/// <summary>SUBACK (MQTT 5 §3.9): one reason code for each topic filter, in their order. Borrowed.</summary>
public readonly ref struct SubAckView
{
    /// <summary>The packet identifier of the SUBSCRIBE; never 0.</summary>
    public ushort PacketIdentifier { get; init; }

    /// <summary>The properties without their length; empty in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>One <see cref="ReasonCode"/> per topic filter. Written to MQTT 3.1.1, every failure is 0x80.</summary>
    public ReadOnlySpan<byte> ReasonCodes { get; init; }

    /// <summary>Reads <c>packet-identifier [properties] 1*reason-code</c> (MQTT 5 §3.9.2).</summary>
    public static bool TryRead(PacketFrame frame, ProtocolLevel level, out SubAckView view, out MalformedReason reason)
    {
        view = default;
        reason = AckListBody.Read(frame, level, out ushort packetIdentifier, out var properties, out var codes);
        if (reason != MalformedReason.None)
        {
            return false;
        }

        view = new SubAckView
        {
            PacketIdentifier = packetIdentifier,
            Properties = properties,
            ReasonCodes = codes,
        };
        return true;
    }

    /// <summary>Bytes of the whole packet.</summary>
    public int Measure(ProtocolLevel level) =>
        FixedHeader.MeasurePacket(AckListBody.Measure(level, Properties, ReasonCodes));

    /// <summary>Writes the whole packet and returns its bytes, which are what <see cref="Measure"/> says.</summary>
    public int Write(Span<byte> destination, ProtocolLevel level)
    {
        int bytes = AckListBody.Write(
            destination, PacketType.SubAck, level, PacketIdentifier, Properties, ReasonCodes);
        if (level < ProtocolLevel.V50)
        {
            NarrowFailures(destination[(bytes - ReasonCodes.Length)..bytes]);
        }

        return bytes;
    }

    private static void NarrowFailures(Span<byte> codes)
    {
        foreach (ref byte code in codes)
        {
            code = Math.Min(code, (byte)ReasonCode.UnspecifiedError); // MQTT 3.1.1 knows one failure, 0x80 (§3.9.3)
        }
    }
}
