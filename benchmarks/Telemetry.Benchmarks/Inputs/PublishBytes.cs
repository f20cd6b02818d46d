using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.Benchmarks.Inputs;

/// <summary>QoS 1 PUBLISH packets of equal size, back to back as a busy socket delivers them.</summary>
internal static class PublishBytes
{
    /// <summary>Bytes of each packet: a remaining length of 127, the largest that takes one byte.</summary>
    public const int PacketBytes = 129;

    /// <summary>Packets in a run: together just under 64 KiB.</summary>
    public const int PacketCount = 500;

    private const int PropertiesBytesMax = 64;

    /// <summary>A run of packets whose topics, identifiers and payloads all differ.</summary>
    public static byte[] Write(ProtocolLevel level, bool hasProperties)
    {
        var text = new SensorText();
        byte[] run = new byte[PacketBytes * PacketCount];
        Span<byte> properties = stackalloc byte[PropertiesBytesMax];
        for (int i = 0; i < PacketCount; i++)
        {
            var writer = new PropertyWriter(properties);
            if (hasProperties)
            {
                writer.WriteNumber(PropertyId.MessageExpiryInterval, (uint)(60 + i));
                writer.WriteUser("unit"u8, "degC"u8);
            }

            WriteOne(run.AsSpan(i * PacketBytes, PacketBytes), level, text, (ushort)(i + 1), writer.Written);
        }

        return run;
    }

    private static void WriteOne(
        Span<byte> packet, ProtocolLevel level, SensorText text, ushort identifier, ReadOnlySpan<byte> properties)
    {
        byte[] topic = Encoding.UTF8.GetBytes($"plant/gw{text.Below(16)}/CR-{text.Below(200)}/bearing");
        var empty = new PublishView
        {
            Topic = topic,
            Properties = properties,
            PacketIdentifier = identifier,
            Qos = 1,
        };
        int payloadBytes = PacketBytes - empty.Measure(level);
        byte[] payload = text.Lines(1).AsSpan(0, payloadBytes).ToArray();
        var view = new PublishView
        {
            Topic = topic,
            Properties = properties,
            PacketIdentifier = identifier,
            Qos = 1,
            Payload = payload,
        };
        int written = view.Write(packet, level);
        if (written != PacketBytes)
        {
            throw new InvalidOperationException($"cannot build packets: {written} bytes written, not {PacketBytes}");
        }
    }
}
