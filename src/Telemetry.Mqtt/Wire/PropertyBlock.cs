using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// Properties with their length in front (MQTT 5 §2.2.2): <c>properties = length *( id value )</c>. MQTT 3.1.1 has
/// none, not even the length.
/// </summary>
internal static class PropertyBlock
{
    /// <summary>Reads and checks the properties at the reader; empty in MQTT 3.1.1.</summary>
    public static MalformedReason Read(
        scoped ref ByteReader reader,
        ProtocolLevel level,
        PacketType type,
        out ReadOnlySpan<byte> properties)
    {
        properties = default;
        if (level < ProtocolLevel.V50)
        {
            return MalformedReason.None;
        }

        properties = reader.ReadBytes(reader.ReadVariableByteInteger());
        if (reader.Failed)
        {
            return MalformedReason.PropertyLengthMalformed;
        }

        return properties.IsEmpty ? MalformedReason.None : PropertyReader.Check(properties, type);
    }

    public static int Measure(ProtocolLevel level, ReadOnlySpan<byte> properties) =>
        level < ProtocolLevel.V50 ? 0 : VariableByteInteger.Measure(properties.Length) + properties.Length;

    public static void Write(ref ByteWriter writer, ProtocolLevel level, ReadOnlySpan<byte> properties)
    {
        if (level < ProtocolLevel.V50)
        {
            return;
        }

        writer.WriteVariableByteInteger(properties.Length);
        writer.WriteBytes(properties);
    }
}
