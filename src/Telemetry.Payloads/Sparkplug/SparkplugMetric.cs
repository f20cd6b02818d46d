using System.Text.Unicode;

namespace Telemetry.Payloads;

/// <summary>One metric as it stands in the payload.</summary>
internal struct SparkplugMetric
{
    private const uint NameField = 1; // field numbers of Metric, Sparkplug 3.0 §6.4
    private const uint AliasField = 2;
    private const uint TimestampField = 3;
    private const uint DatatypeField = 4;
    private const uint IsHistoricalField = 5;
    private const uint IsNullField = 7;
    private const uint PropertiesField = 9;

    /// <summary>How each field is written, by its number: V varint, B bytes, 4 and 8 fixed.</summary>
    private const string Wires = "-BVVVVVVBBVV48VBBBBB";

    public int NameStart;
    public int NameBytes;
    public bool HasAlias;
    public ulong Alias;
    public bool HasTime;
    public ulong TimeMilliseconds;
    public ulong Datatype;
    public bool IsHistorical;
    public bool IsNull;
    public byte Quality;
    public SparkplugMember Member;
    public ulong Bits;
    public int ValueStart;
    public int ValueBytes;

    /// <summary>Reads the metric that a field of the payload holds, and checks its texts.</summary>
    /// <param name="payload">The whole payload.</param>
    /// <param name="metricField">The field.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="outer">Keeps the fault of what is malformed.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> payload,
        in ProtobufField metricField,
        out SparkplugMetric metric,
        scoped ref ProtobufReader outer)
    {
        metric = new SparkplugMetric { Quality = Model.Quality.Good };
        var reader = new ProtobufReader(payload, metricField.Start, metricField.Bytes);
        while (reader.TryRead(out ProtobufField field))
        {
            if (!HasItsWire(field))
            {
                reader.Refuse(FaultReason.MalformedProtobuf, field.At);
            }
            else if (!metric.TryTake(payload, field, ref reader))
            {
                break;
            }
        }

        return !reader.HasFailed || outer.Refuse(reader.Reason, reader.FaultOffset);
    }

    /// <summary>True unless a field of the standard is written in another way; other fields pass.</summary>
    private static bool HasItsWire(in ProtobufField field) => field.Number >= (uint)Wires.Length
        || Wires[(int)field.Number] == field.Wire switch
        {
            ProtobufWire.Varint => 'V',
            ProtobufWire.Bytes => 'B',
            ProtobufWire.Fixed32 => '4',
            _ => '8',
        };

    private bool TryTake(ReadOnlySpan<byte> payload, in ProtobufField field, scoped ref ProtobufReader reader)
    {
        switch (field.Number)
        {
            case NameField:
                NameStart = field.Start;
                NameBytes = field.Bytes;
                return TryCheckText(payload, field, ref reader);
            case AliasField:
                HasAlias = true;
                Alias = field.Bits;
                return true;
            case TimestampField:
                HasTime = true;
                TimeMilliseconds = field.Bits;
                return true;
            case DatatypeField:
                Datatype = field.Bits;
                return true;
            case IsHistoricalField:
                IsHistorical = field.Bits != 0;
                return true;
            case IsNullField:
                IsNull = field.Bits != 0;
                return true;
            case PropertiesField:
                return SparkplugQuality.TryRead(payload, field, ref Quality, ref reader);
            case >= (uint)SparkplugMember.Int and <= (uint)SparkplugMember.Extension:
                Member = (SparkplugMember)field.Number; // of several the last one counts, as in any protobuf
                Bits = field.Bits;
                ValueStart = field.Start;
                ValueBytes = field.Bytes;
                return Member != SparkplugMember.String || TryCheckText(payload, field, ref reader);
            default:
                return true;
        }
    }

    private static bool TryCheckText(
        ReadOnlySpan<byte> payload, in ProtobufField field, scoped ref ProtobufReader reader)
    {
        ReadOnlySpan<byte> text = payload.Slice(field.Start, field.Bytes);
        return Utf8.IsValid(text)
            || reader.Refuse(FaultReason.InvalidUtf8, field.Start + Utf8Place.IndexOfInvalid(text));
    }
}
