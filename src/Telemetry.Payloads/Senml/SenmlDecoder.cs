using System.Text.Unicode;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// SenML packs (RFC 8428) in JSON and CBOR, told apart by the first byte; CBOR is written down as JSON first, as
/// <see cref="CborDecoder"/> does. A pack is read whole or refused whole. Belongs to one thread.
/// </summary>
public sealed class SenmlDecoder : IPayloadDecoder
{
    private const byte CborMin = 0x80; // arrays, maps and tags; text starts with none of these bytes
    private const byte CborMax = 0xDB;

    private readonly SenmlScratch _scratch = new();
    private readonly JsonScript _script = new();

    /// <summary>
    /// True for a JSON array whose first record has SenML's labels alone, with a base among them: without one the
    /// record may be anybody's.
    /// </summary>
    public static bool RecognisesJson(ReadOnlySpan<byte> text)
    {
        var reader = new JsonReader(text, 0);
        bool isFirst = true;
        bool hasBase = false;
        if (reader.Peek() != JsonKind.Array || !reader.TryEnter() || !reader.TryNextElement(ref isFirst)
            || reader.Peek() != JsonKind.Object || !reader.TryEnter())
        {
            return false;
        }

        isFirst = true;
        while (reader.TryNextMember(ref isFirst, out JsonText key))
        {
            SenmlLabel label = SenmlLabels.Of(key.In(text), isCbor: false);
            hasBase |= SenmlLabels.IsBase(label);
            if (label == SenmlLabel.Unknown || !reader.TrySkipValue())
            {
                return false;
            }
        }

        return hasBase && !reader.HasFailed;
    }

    /// <summary>True for a CBOR array whose first record starts with a number that is one of SenML's labels.</summary>
    public static bool RecognisesCbor(ReadOnlySpan<byte> payload)
    {
        var reader = new CborReader(payload);
        return reader.TryReadHead(out CborHead pack)
            && pack.Major == CborMajor.Array
            && reader.TryReadHead(out CborHead record)
            && record.Major == CborMajor.Map
            && reader.TryReadHead(out CborHead label)
            && ((label.Major == CborMajor.Unsigned && label.Argument <= 8) // n to vd
                || (label.Major == CborMajor.Negative && label.Argument <= 5)); // bver, −1, to bs, −6
    }

    /// <inheritdoc/>
    public DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        fault = default;
        bool isCbor = !payload.IsEmpty && payload[0] is >= CborMin and <= CborMax;
        if (isCbor)
        {
            if (!CborTranscript.TryWrite(payload, _script, out fault))
            {
                return DecodeStatus.Faulted;
            }
        }
        else if (!Utf8.IsValid(payload))
        {
            fault = new PayloadFault(FaultReason.InvalidUtf8, Utf8Place.IndexOfInvalid(payload), 1);
            return DecodeStatus.Faulted;
        }

        DecodeStatus status = Read(isCbor ? _script.Text : payload, isCbor, context, ref handler, out fault);
        if (isCbor && fault.Count > 0)
        {
            fault = fault with { Offset = CborTranscript.OriginOf(payload, _script, fault.Offset) };
        }

        return status;
    }

    private DecodeStatus Read<THandler>(
        ReadOnlySpan<byte> text,
        bool isCbor,
        scoped in DecodeContext context,
        ref THandler handler,
        out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        int start = text.StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new SenmlReader(text, start, isCbor, _scratch);
        fault = default;
        if (reader.IsAtEnd())
        {
            return DecodeStatus.NotAMeasurement;
        }

        if (!reader.TryRead(context, ref handler))
        {
            fault = reader.Fault;
            return DecodeStatus.Faulted;
        }

        return reader.HasGiven ? DecodeStatus.Decoded : DecodeStatus.NotAMeasurement;
    }
}
