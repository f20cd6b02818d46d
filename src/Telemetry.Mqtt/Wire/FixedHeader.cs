using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// The fixed header: <c>type(4) flags(4) remaining-length(1–4 bytes)</c> (MQTT 5 §2.1).
/// </summary>
public static class FixedHeader
{
    /// <summary>Shortest fixed header: first byte and a one-byte remaining length.</summary>
    public const int BytesMin = 2;

    /// <summary>Longest fixed header: first byte and a four-byte remaining length.</summary>
    public const int BytesMax = 1 + VariableByteInteger.BytesMax;

    internal const int TypeShift = 4;
    internal const int FlagsMask = 0x0F;

    // PUBLISH flags: dup(8) qos(6) retain(1).
    internal const int DupFlag = 0x08;
    internal const int QosMask = 0x06;
    internal const int QosShift = 1;
    internal const int RetainFlag = 0x01;
    internal const int QosMax = 2;

    private const ushort ZeroOnly = 1 << 0x0; // flags 0000
    private const ushort TwoOnly = 1 << 0x2;  // flags 0010: PUBREL, SUBSCRIBE, UNSUBSCRIBE
    private const ushort PublishFlags =       // every flag value but QoS 3, and but DUP with QoS 0
        (1 << 0x0) | (1 << 0x1) | (1 << 0x2) | (1 << 0x3) | (1 << 0x4) | (1 << 0x5)
        | (1 << 0xA) | (1 << 0xB) | (1 << 0xC) | (1 << 0xD);

    // One bit per value of the flags, by packet type (MQTT 5 §2.1.3, table 2-2).
    private static readonly ushort[] AllowedFlags =
    [
        0, ZeroOnly, ZeroOnly, PublishFlags, ZeroOnly, ZeroOnly, TwoOnly, ZeroOnly,
        TwoOnly, ZeroOnly, TwoOnly, ZeroOnly, ZeroOnly, ZeroOnly, ZeroOnly, ZeroOnly,
    ];

    /// <summary>The flags that every packet of this type but PUBLISH carries.</summary>
    public static byte FlagsOf(PacketType type) =>
        type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? (byte)0x2 : (byte)0x0;

    /// <summary>Whether type and flags of a first byte are legal [MQTT-2.1.3-1].</summary>
    public static bool IsFirstByteValid(byte firstByte) =>
        ((AllowedFlags[firstByte >> TypeShift] >> (firstByte & FlagsMask)) & 1) != 0;

    /// <summary>Why a first byte that is not valid is not.</summary>
    public static MalformedReason Refuse(byte firstByte)
    {
        var type = (PacketType)(firstByte >> TypeShift);
        if (type == PacketType.None)
        {
            return MalformedReason.PacketTypeReserved;
        }

        if (type != PacketType.Publish)
        {
            return MalformedReason.FlagsReserved;
        }

        bool isQos3 = (firstByte & QosMask) == QosMask;
        return isQos3 ? MalformedReason.QosReserved : MalformedReason.DupWithQos0;
    }

    /// <summary>Bytes of a whole packet with this remaining length.</summary>
    public static int MeasurePacket(int remainingLength) =>
        1 + VariableByteInteger.Measure(remainingLength) + remainingLength;

    internal static void Write(ref ByteWriter writer, byte firstByte, int remainingLength)
    {
        writer.WriteByte(firstByte);
        writer.WriteVariableByteInteger(remainingLength);
    }

    internal static void Write(ref ByteWriter writer, PacketType type, int remainingLength) =>
        Write(ref writer, (byte)(((int)type << TypeShift) | FlagsOf(type)), remainingLength);
}
