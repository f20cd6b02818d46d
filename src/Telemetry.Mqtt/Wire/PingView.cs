using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>PINGREQ and PINGRESP (MQTT 5 §3.12, §3.13): a fixed header and nothing else.</summary>
public readonly ref struct PingView
{
    /// <summary>Bytes of either packet.</summary>
    public const int PacketBytes = FixedHeader.BytesMin;

    /// <summary>Which of the two it is.</summary>
    public PacketType Type { get; init; }

    /// <summary>Checks that nothing follows the fixed header.</summary>
    public static bool TryRead(PacketFrame frame, out PingView view, out MalformedReason reason)
    {
        view = new PingView { Type = frame.Type };
        reason = frame.Body.IsEmpty ? MalformedReason.None : MalformedReason.TrailingBytes;
        return frame.Body.IsEmpty;
    }

    /// <summary>Writes the packet and returns 2.</summary>
    public static int Write(Span<byte> destination, PacketType type)
    {
        var writer = new ByteWriter(destination);
        FixedHeader.Write(ref writer, type, 0);
        return writer.WrittenBytes;
    }
}
