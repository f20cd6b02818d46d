using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>What became of a metric's value.</summary>
internal enum SparkplugOutcome : byte
{
    Value = 0,

    /// <summary>It is null, NaN or infinite, or not there.</summary>
    NoValue = 1,

    /// <summary>Bytes, a table, an array, a template: no field can hold it.</summary>
    Unsupported = 2,

    /// <summary>A whole number, and nobody said whether it has a sign.</summary>
    TypeUnknown = 3,

    /// <summary>It stands where values of its type do not, or is too large for it.</summary>
    TypeDiffers = 4,
}

/// <summary>Values by their data types (Sparkplug 3.0 §6.4.16).</summary>
internal static class SparkplugValue
{
    /// <summary>
    /// Reads a value as its type says. Whole numbers up to 32 bits and Int64 are integers, UInt64 is unsigned.
    /// </summary>
    public static SparkplugOutcome Read(
        in SparkplugMetric metric, SparkplugType type, out FieldType fieldType, out long bits)
    {
        bits = 0;
        fieldType = FieldType.Float;
        if (metric.IsNull || metric.Member == SparkplugMember.None)
        {
            return SparkplugOutcome.NoValue;
        }

        if (metric.Member >= SparkplugMember.Bytes || type > SparkplugType.Uuid)
        {
            return SparkplugOutcome.Unsupported;
        }

        fieldType = metric.Member switch
        {
            SparkplugMember.Boolean => FieldType.Boolean,
            SparkplugMember.String => FieldType.String,
            SparkplugMember.Float or SparkplugMember.Double => FieldType.Float,
            _ => type == SparkplugType.UInt64 ? FieldType.Unsigned : FieldType.Integer,
        };
        switch (type)
        {
            case SparkplugType.Unknown:
                return metric.Member is SparkplugMember.Int or SparkplugMember.Long
                    ? SparkplugOutcome.TypeUnknown
                    : ReadAsItStands(metric, out bits);
            case SparkplugType.Boolean:
                return metric.Member == SparkplugMember.Boolean
                    ? ReadAsItStands(metric, out bits)
                    : SparkplugOutcome.TypeDiffers;
            case SparkplugType.Float or SparkplugType.Double:
                return fieldType == FieldType.Float
                    ? ReadAsItStands(metric, out bits)
                    : SparkplugOutcome.TypeDiffers;
            case SparkplugType.String or SparkplugType.Text or SparkplugType.Uuid:
                return fieldType == FieldType.String ? SparkplugOutcome.Value : SparkplugOutcome.TypeDiffers;
            default:
                bool isWhole = metric.Member is SparkplugMember.Int or SparkplugMember.Long;
                return isWhole && TryReadWhole(metric, type, out bits)
                    ? SparkplugOutcome.Value
                    : SparkplugOutcome.TypeDiffers;
        }
    }

    private static SparkplugOutcome ReadAsItStands(in SparkplugMetric metric, out long bits)
    {
        bits = metric.Bits != 0 ? 1 : 0;
        if (metric.Member is SparkplugMember.Boolean or SparkplugMember.String)
        {
            return SparkplugOutcome.Value;
        }

        double value = metric.Member == SparkplugMember.Float
            ? BitConverter.UInt32BitsToSingle((uint)metric.Bits)
            : BitConverter.UInt64BitsToDouble(metric.Bits);
        bits = BitConverter.DoubleToInt64Bits(value);
        return double.IsFinite(value) ? SparkplugOutcome.Value : SparkplugOutcome.NoValue;
    }

    private static bool TryReadWhole(in SparkplugMetric metric, SparkplugType type, out long bits)
    {
        bool isLong = metric.Member == SparkplugMember.Long;
        ulong sent = isLong ? metric.Bits : (uint)metric.Bits;
        switch (type)
        {
            case SparkplugType.Int8:
                return TryReadSigned(sent, isLong, 8, out bits);
            case SparkplugType.Int16:
                return TryReadSigned(sent, isLong, 16, out bits);
            case SparkplugType.Int32:
                return TryReadSigned(sent, isLong, 32, out bits);
            case SparkplugType.Int64:
                bits = (long)sent;
                return isLong || sent <= int.MaxValue; // above it nobody knows whether a sign was meant
            case SparkplugType.UInt8:
                bits = (long)sent;
                return sent <= byte.MaxValue;
            case SparkplugType.UInt16:
                bits = (long)sent;
                return sent <= ushort.MaxValue;
            case SparkplugType.UInt32:
                bits = (long)sent;
                return sent <= uint.MaxValue;
            case SparkplugType.DateTime:
                bits = (long)sent;
                return sent <= long.MaxValue;
            default:
                bits = (long)sent;
                return true;
        }
    }

    /// <summary>
    /// Two's complement (§6.4.16). Encoders differ in how far they extend the sign: Int8 −1 comes as 255 or as 32 or 64
    /// bits, all set.
    /// </summary>
    private static bool TryReadSigned(ulong sent, bool isLong, int width, out long bits)
    {
        bits = (long)(sent << (64 - width)) >> (64 - width);
        ulong extended = isLong ? (ulong)bits : (uint)bits;
        ulong bare = (ulong)bits & (ulong.MaxValue >> (64 - width));
        return sent == bare || sent == extended || sent == (uint)bits;
    }
}
