namespace Telemetry.Mqtt;

/// <summary>DISCONNECT (MQTT 5 §3.14). Borrowed.</summary>
public readonly ref struct DisconnectView
{
    /// <summary>Why the connection ends; always success in MQTT 3.1.1.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>The properties without their length; empty in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Reads <c>[reason-code [properties]]</c>; nothing means normal disconnection (MQTT 5 §3.14.2).</summary>
    public static bool TryRead(
        PacketFrame frame,
        ProtocolLevel level,
        out DisconnectView view,
        out MalformedReason reason)
    {
        view = default;
        if (level < ProtocolLevel.V50)
        {
            reason = frame.Body.IsEmpty ? MalformedReason.None : MalformedReason.TrailingBytes;
            return frame.Body.IsEmpty;
        }

        if (!ReasonBody.TryRead(frame, out ReasonCode code, out ReadOnlySpan<byte> properties, out reason))
        {
            return false;
        }

        view = new DisconnectView { ReasonCode = code, Properties = properties };
        return true;
    }

    /// <summary>Bytes of the whole packet.</summary>
    public int Measure(ProtocolLevel level) =>
        FixedHeader.MeasurePacket(ReasonBody.Measure(level, ReasonCode, Properties));

    /// <summary>Writes the whole packet and returns its bytes, which are what <see cref="Measure"/> says.</summary>
    public int Write(Span<byte> destination, ProtocolLevel level) =>
        ReasonBody.Write(destination, PacketType.Disconnect, level, ReasonCode, Properties);
}
