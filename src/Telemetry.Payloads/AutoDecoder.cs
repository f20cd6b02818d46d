using System.Text;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Tells line protocol, JSON, SenML, CBOR and compact frames apart by the payload itself; a number or truth value alone
/// is the field <c>value</c> of the route's series. Belongs to one thread.
/// </summary>
public sealed class AutoDecoder : IPayloadDecoder, ISequencedDecoder
{
    private readonly LineProtocolDecoder _lines = new();
    private readonly JsonDecoder _json;
    private readonly CborDecoder _cbor;
    private readonly FrameDecoder _frame = new();
    private readonly SenmlDecoder? _senml;
    private readonly FieldSlot[] _scalar = new FieldSlot[1];

    /// <param name="mapping">How JSON and CBOR are read; null for the defaults.</param>
    public AutoDecoder(JsonMapping? mapping = null)
    {
        mapping ??= new JsonMapping();
        _json = new JsonDecoder(mapping);
        _cbor = new CborDecoder(mapping);
        _senml = new JsonPlan(mapping).IsDefault ? new SenmlDecoder() : null; // a mapping says itself what stands where
    }

    /// <inheritdoc/>
    public uint? Sequence { get; private set; }

    /// <inheritdoc/>
    public DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        Sequence = null;
        if (FrameDecoder.Recognises(payload))
        {
            DecodeStatus ofFrame = _frame.Decode(payload, context, ref handler, out fault);
            Sequence = _frame.Sequence;
            return ofFrame;
        }

        if (CanOnlyBeLines(payload))
        {
            return DecodeLines(payload, 0, context, ref handler, out fault);
        }

        int start = payload.StartsWith("\uFEFF"u8) ? 3 : 0;
        ReadOnlySpan<byte> text = payload[start..].Trim(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            fault = default;
            return DecodeStatus.NotAMeasurement;
        }

        if (_senml is not null && (SenmlDecoder.RecognisesJson(text) || SenmlDecoder.RecognisesCbor(payload)))
        {
            return _senml.Decode(payload, context, ref handler, out fault);
        }

        if (text[0] is (byte)'{' or (byte)'[')
        {
            return _json.Decode(payload, context, ref handler, out fault);
        }

        if (CborDecoder.Recognises(payload))
        {
            return _cbor.Decode(payload, context, ref handler, out fault);
        }

        if (TryReadScalar(text, out FieldType type, out long bits))
        {
            GiveScalar(context, ref handler, type, bits);
            fault = default;
            return DecodeStatus.Decoded;
        }

        if (SaysNothing(text))
        {
            fault = default;
            return DecodeStatus.NotAMeasurement;
        }

        return DecodeLines(payload, start, context, ref handler, out fault);
    }

    /// <summary>
    /// Fast path: what begins with a letter is no JSON and no CBOR, what has an equals sign is no number and no word.
    /// </summary>
    private static bool CanOnlyBeLines(ReadOnlySpan<byte> payload) =>
        payload.Length > 0 && char.IsAsciiLetter((char)payload[0]) && payload.Contains((byte)'=');

    private DecodeStatus DecodeLines<THandler>(
        ReadOnlySpan<byte> payload,
        int start,
        scoped in DecodeContext context,
        ref THandler handler,
        out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        DecodeStatus status = _lines.Decode(payload[start..], context, ref handler, out fault);
        fault = fault with { Offset = fault.Count > 0 ? fault.Offset + start : 0 };
        if (status == DecodeStatus.Faulted && !HasLineForm(payload[start..].Trim(" \t\r\n"u8)))
        {
            fault = fault with { Reason = FaultReason.NotRecognised, Offset = 0, Count = 1 };
        }

        return status;
    }

    /// <summary>Some line has what no other text has by chance: a space, and an equals sign behind it.</summary>
    private static bool HasLineForm(ReadOnlySpan<byte> text)
    {
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            int space = line.IndexOf((byte)' ');
            if (space > 0 && line[space..].Contains((byte)'='))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Words that firmware sends in the place of a number that it does not have.</summary>
    private static bool SaysNothing(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text, "nan"u8)
        || Ascii.EqualsIgnoreCase(text, "unavailable"u8)
        || Ascii.EqualsIgnoreCase(text, "unknown"u8)
        || Ascii.EqualsIgnoreCase(text, "null"u8);

    private static bool TryReadScalar(ReadOnlySpan<byte> text, out FieldType type, out long bits)
    {
        type = FieldType.Float;
        if (Utf8Number.TryParseDouble(text, out double number))
        {
            bits = BitConverter.DoubleToInt64Bits(number);
            return true;
        }

        type = FieldType.Boolean;
        bits = text.SequenceEqual("true"u8) ? 1 : 0;
        return bits == 1 || text.SequenceEqual("false"u8);
    }

    private void GiveScalar<THandler>(scoped in DecodeContext context, ref THandler handler, FieldType type, long bits)
        where THandler : IPointHandler, allows ref struct
    {
        ReadOnlySpan<byte> name = context.Field.IsEmpty ? "value"u8 : context.Field;
        _scalar[0] = new FieldSlot { KeyBytes = name.Length, Type = type, Bits = bits, Quality = Quality.Good };
        var point = new PointView { Series = context.Series, Text = name, Fields = _scalar };
        handler.OnPoint(point);
    }
}
