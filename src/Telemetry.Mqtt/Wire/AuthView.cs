namespace Telemetry.Mqtt;

/// <summary>AUTH (MQTT 5 §3.15); MQTT 3.1.1 has no such packet. Borrowed.</summary>
public readonly ref struct AuthView
{
    /// <summary>Success, continue or re-authenticate.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>The properties without their length.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Reads <c>[reason-code [properties]]</c>; nothing means success (MQTT 5 §3.15.2).</summary>
    public static bool TryRead(PacketFrame frame, ProtocolLevel level, out AuthView view, out MalformedReason reason)
    {
        view = default;
        if (level < ProtocolLevel.V50)
        {
            reason = MalformedReason.PacketTypeNotInLevel;
            return false;
        }

        if (!ReasonBody.TryRead(frame, out ReasonCode code, out ReadOnlySpan<byte> properties, out reason))
        {
            return false;
        }

        view = new AuthView { ReasonCode = code, Properties = properties };
        return true;
    }

    /// <summary>Bytes of the whole packet.</summary>
    public int Measure() =>
        FixedHeader.MeasurePacket(ReasonBody.Measure(ProtocolLevel.V50, ReasonCode, Properties));

    /// <summary>Writes the whole packet and returns its bytes, which are what <see cref="Measure"/> says.</summary>
    public int Write(Span<byte> destination) =>
        ReasonBody.Write(destination, PacketType.Auth, ProtocolLevel.V50, ReasonCode, Properties);
}
