using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>Keeps scalars of a payload as values of fields, as a plan says.</summary>
internal sealed class JsonValues(JsonPlan plan, JsonFields fields)
{
    /// <summary>Keeps a scalar under the current path.</summary>
    /// <param name="scalar">The scalar.</param>
    /// <param name="payload">Where it stands.</param>
    /// <param name="isPointedAt">A path says that it is a value; otherwise text may be a remark.</param>
    public FaultReason Put(JsonText scalar, ReadOnlySpan<byte> payload, bool isPointedAt)
    {
        switch (scalar.Kind)
        {
            case JsonKind.True or JsonKind.False:
                return fields.Put(FieldType.Boolean, scalar.Kind == JsonKind.True ? 1 : 0);
            case JsonKind.Number:
                return PutNumber(scalar.In(payload));
            case JsonKind.String:
                return PutText(scalar, payload, isPointedAt);
            default:
                fields.Remove();
                return FaultReason.None;
        }
    }

    private FaultReason PutNumber(ReadOnlySpan<byte> number, WrittenAs written = WrittenAs.Itself)
    {
        if (!Utf8Number.TryParseDouble(number, out double value))
        {
            return FaultReason.NumberOutOfRange;
        }

        if (!plan.IsInvalid(value))
        {
            return fields.Put(FieldType.Float, BitConverter.DoubleToInt64Bits(value), written);
        }

        fields.Remove();
        return FaultReason.None;
    }

    /// <summary>
    /// A word that stands for a value, a number or a truth value in quotes, or text. Other text is no value; where a
    /// mapping expects one it is given on as words, to be refused by name.
    /// </summary>
    private FaultReason PutText(JsonText scalar, ReadOnlySpan<byte> payload, bool isPointedAt)
    {
        ReadOnlySpan<byte> word = fields.Plain(scalar, payload);
        if (plan.Words.TryFind(word, out JsonConstant constant))
        {
            return fields.Put(constant.Type, constant.Bits);
        }

        bool isTrue = word.SequenceEqual("true"u8);
        if (isPointedAt && (isTrue || word.SequenceEqual("false"u8)))
        {
            return fields.Put(FieldType.Boolean, isTrue ? 1 : 0);
        }

        if (isPointedAt && Utf8Number.IsDecimal(word))
        {
            return PutNumber(word);
        }

        if (!isPointedAt && plan.TakesNumbersInText && IsNumber(scalar.In(payload)))
        {
            return PutNumber(word, WrittenAs.NumberInText);
        }

        if (plan.KeepsText && !word.IsEmpty)
        {
            return fields.PutText(word);
        }

        if (isPointedAt && plan.Maps(JsonRole.Value) && !word.IsEmpty)
        {
            return fields.Put(FieldType.String, 0, WrittenAs.Words);
        }

        fields.Remove();
        return FaultReason.None;
    }

    /// <summary>True for text that is wholly a JSON number, and one that a double can hold.</summary>
    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !(text[0] == '-' || char.IsAsciiDigit((char)text[0])))
        {
            return false;
        }

        var reader = new JsonReader(text, 0);
        return reader.TryReadScalar(JsonKind.Number, out _)
            && reader.Position == text.Length
            && Utf8Number.TryParseDouble(text, out _);
    }
}
