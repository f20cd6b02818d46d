using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>The property <c>Quality</c> of a metric (Sparkplug 3.0 §6.4.14): 0 bad, 192 good, 500 stale.</summary>
internal static class SparkplugQuality
{
    private const uint KeysField = 1; // of PropertySet
    private const uint ValuesField = 2;
    private const uint IntField = 3; // of PropertyValue
    private const uint LongField = 4;
    private const int None = -1;

    /// <summary>Reads a property set; the n-th key belongs to the n-th value.</summary>
    /// <param name="payload">The whole payload.</param>
    /// <param name="properties">The field that holds the set.</param>
    /// <param name="quality">Set when the property is there and is a number.</param>
    /// <param name="outer">Keeps the fault of what is malformed.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> payload, in ProtobufField properties, ref byte quality, scoped ref ProtobufReader outer)
    {
        int keys = 0;
        int place = None;
        var reader = new ProtobufReader(payload, properties.Start, properties.Bytes);
        while (place == None && reader.TryRead(out ProtobufField field))
        {
            bool isKey = field is { Number: KeysField, Wire: ProtobufWire.Bytes };
            place = isKey && Ascii.EqualsIgnoreCase(payload.Slice(field.Start, field.Bytes), "quality"u8) ? keys : None;
            keys += isKey ? 1 : 0;
        }

        int values = 0;
        var again = new ProtobufReader(payload, properties.Start, properties.Bytes);
        while (!reader.HasFailed && again.TryRead(out ProtobufField field))
        {
            bool isValue = field is { Number: ValuesField, Wire: ProtobufWire.Bytes };
            if (isValue && values == place)
            {
                TakeValue(payload, field, ref quality, ref again);
            }

            values += isValue ? 1 : 0;
        }

        return reader.HasFailed ? outer.Refuse(reader.Reason, reader.FaultOffset)
            : !again.HasFailed || outer.Refuse(again.Reason, again.FaultOffset);
    }

    private static void TakeValue(
        ReadOnlySpan<byte> payload, in ProtobufField value, ref byte quality, scoped ref ProtobufReader outer)
    {
        var reader = new ProtobufReader(payload, value.Start, value.Bytes);
        while (reader.TryRead(out ProtobufField field))
        {
            if (field is { Number: IntField or LongField, Wire: ProtobufWire.Varint })
            {
                quality = field.Bits <= byte.MaxValue ? (byte)field.Bits : Quality.Uncertain;
            }
        }

        if (reader.HasFailed)
        {
            outer.Refuse(reader.Reason, reader.FaultOffset);
        }
    }
}
