using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>CONNACK (MQTT 5 §3.2). Borrowed.</summary>
public readonly ref struct ConnAckView
{
    private const int FixedBytes = 2; // acknowledge flags and reason code
    private const byte SessionPresentFlag = 0x01;

    /// <summary>The server goes on with a session that it had.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>The outcome; a return code of MQTT 3.1.1 is translated both ways.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>The properties without their length; empty in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>
    /// Whether CONNACK can say this at a level; what it cannot is a close without it. In MQTT 3.1.1 that is most, in
    /// MQTT 5 what happens to sessions only, such as a take-over (§3.2.2.2, table 3-1).
    /// </summary>
    public static bool CanSay(ReasonCode code, ProtocolLevel level) => level >= ProtocolLevel.V50
        ? ReasonCodeRules.IsAllowedIn(PacketType.ConnAck, code)
        : ReasonCodeRules.HasReturnCode(code);

    /// <summary>Reads <c>acknowledge-flags reason-code [properties]</c> (MQTT 5 §3.2.2).</summary>
    public static bool TryRead(PacketFrame frame, ProtocolLevel level, out ConnAckView view, out MalformedReason reason)
    {
        view = default;
        var reader = new ByteReader(frame.Body);
        byte flags = reader.ReadByte();
        byte codeByte = reader.ReadByte();
        if (reader.Failed)
        {
            reason = MalformedReason.PacketTooShort;
            return false;
        }

        reason = Check(flags, codeByte, level, out ReasonCode code);
        ReadOnlySpan<byte> properties = default;
        if (reason == MalformedReason.None)
        {
            reason = PropertyBlock.Read(ref reader, level, PacketType.ConnAck, out properties);
        }

        if (reason == MalformedReason.None && !reader.IsAtEnd)
        {
            reason = MalformedReason.TrailingBytes;
        }

        if (reason != MalformedReason.None)
        {
            return false;
        }

        view = new ConnAckView { SessionPresent = flags != 0, ReasonCode = code, Properties = properties };
        return true;
    }

    /// <summary>Bytes of the whole packet.</summary>
    public int Measure(ProtocolLevel level) =>
        FixedHeader.MeasurePacket(FixedBytes + PropertyBlock.Measure(level, Properties));

    /// <summary>Writes the whole packet and returns its bytes, which are what <see cref="Measure"/> says.</summary>
    public int Write(Span<byte> destination, ProtocolLevel level)
    {
        var writer = new ByteWriter(destination);
        FixedHeader.Write(ref writer, PacketType.ConnAck, FixedBytes + PropertyBlock.Measure(level, Properties));

        // A refusal never says that a session is present [MQTT-3.2.2-6].
        writer.WriteByte(SessionPresent && ReasonCode == ReasonCode.Success ? SessionPresentFlag : (byte)0);
        writer.WriteByte(level < ProtocolLevel.V50 ? ReasonCodeRules.ToReturnCode(ReasonCode) : (byte)ReasonCode);
        PropertyBlock.Write(ref writer, level, Properties);
        return writer.WrittenBytes;
    }

    private static MalformedReason Check(byte flags, byte codeByte, ProtocolLevel level, out ReasonCode code)
    {
        code = (ReasonCode)codeByte;
        bool isKnown = level < ProtocolLevel.V50
            ? ReasonCodeRules.TryFromReturnCode(codeByte, out code)
            : ReasonCodeRules.IsAllowedIn(PacketType.ConnAck, code);
        if (!isKnown)
        {
            return MalformedReason.ReasonCodeUnknown;
        }

        bool mayHaveSession = code == ReasonCode.Success; // [MQTT-3.2.2-6]
        return flags <= (mayHaveSession ? SessionPresentFlag : 0)
            ? MalformedReason.None
            : MalformedReason.ConnAckFlagsReserved;
    }
}
