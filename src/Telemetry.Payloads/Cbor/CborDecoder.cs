using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// CBOR (RFC 8949) with the meaning that <see cref="JsonDecoder"/> gives to JSON, with or without a mapping. The
/// payload is written down as JSON in memory that is used again, and read from there: the rules about names, times and
/// qualities speak of text and of numbers as text, and a second set of them would drift from the first. The price is
/// to write and read each number. Belongs to one thread.
/// </summary>
public sealed class CborDecoder : IPayloadDecoder
{
    private const byte FirstByteMin = 0x80; // arrays, maps and tags

    private readonly JsonScript _script = new();
    private readonly JsonDecoder _json;

    private static ReadOnlySpan<byte> SelfDescribed => [0xD9, 0xD9, 0xF7]; // tag 55799

    /// <param name="mapping">Where names, values, times and quality stand; empty paths for the defaults.</param>
    public CborDecoder(JsonMapping mapping) => _json = new JsonDecoder(mapping);

    /// <summary>
    /// True for what starts like CBOR of a gateway and like no text: the tag that says so (RFC 8949 §3.4.6), or a map
    /// with a key of text, alone or first in an array. No UTF-8 text starts with such a byte.
    /// </summary>
    public static bool Recognises(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] < FirstByteMin)
        {
            return false;
        }

        var reader = new CborReader(payload);
        bool hasHead = reader.TryReadHead(out CborHead head);
        if (hasHead && head.Major == CborMajor.Array)
        {
            hasHead = reader.TryReadHead(out head);
        }

        return payload.StartsWith(SelfDescribed)
            || (hasHead
                && head.Major == CborMajor.Map
                && reader.TryReadHead(out CborHead key)
                && key.Major == CborMajor.Text);
    }

    /// <inheritdoc/>
    public DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        fault = default;
        if (payload.IsEmpty)
        {
            return DecodeStatus.NotAMeasurement;
        }

        if (!CborTranscript.TryWrite(payload, _script, out fault))
        {
            return DecodeStatus.Faulted;
        }

        DecodeStatus status = _json.Decode(_script.Text, context, ref handler, out fault);
        if (fault.Count > 0)
        {
            fault = fault with { Offset = CborTranscript.OriginOf(payload, _script, fault.Offset) };
        }

        return status;
    }
}
