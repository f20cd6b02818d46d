namespace Telemetry.Mqtt;

/// <summary>UNSUBACK (MQTT 5 §3.11); in MQTT 3.1.1 a packet identifier and nothing else. Borrowed.</summary>
public readonly ref struct UnsubAckView
{
    private const int IdentifierBytes = sizeof(ushort);

    /// <summary>The packet identifier of the UNSUBSCRIBE; never 0.</summary>
    public ushort PacketIdentifier { get; init; }

    /// <summary>The properties without their length; empty in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>One <see cref="ReasonCode"/> per topic filter; empty, and not written, in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> ReasonCodes { get; init; }

    /// <summary>
    /// Reads <c>packet-identifier properties 1*reason-code</c> (MQTT 5 §3.11.2), or <c>packet-identifier</c>
    /// (MQTT 3.1.1 §3.11.2).
    /// </summary>
    public static bool TryRead(
        PacketFrame frame,
        ProtocolLevel level,
        out UnsubAckView view,
        out MalformedReason reason)
    {
        view = default;
        reason = AckListBody.Read(frame, level, out ushort packetIdentifier, out var properties, out var codes);
        if (reason != MalformedReason.None)
        {
            return false;
        }

        view = new UnsubAckView
        {
            PacketIdentifier = packetIdentifier,
            Properties = properties,
            ReasonCodes = codes,
        };
        return true;
    }

    /// <summary>Bytes of the whole packet.</summary>
    public int Measure(ProtocolLevel level) => level < ProtocolLevel.V50
        ? FixedHeader.MeasurePacket(IdentifierBytes)
        : FixedHeader.MeasurePacket(AckListBody.Measure(level, Properties, ReasonCodes));

    /// <summary>Writes the whole packet and returns its bytes, which are what <see cref="Measure"/> says.</summary>
    public int Write(Span<byte> destination, ProtocolLevel level)
    {
        ReadOnlySpan<byte> codes = level < ProtocolLevel.V50 ? default : ReasonCodes;
        return AckListBody.Write(destination, PacketType.UnsubAck, level, PacketIdentifier, Properties, codes);
    }
}
