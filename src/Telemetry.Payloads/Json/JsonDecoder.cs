using System.Text.Unicode;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// JSON (RFC 8259) with or without a mapping. Malformed JSON gives no point at all; a sample that cannot be read costs
/// that sample only. Numbers are floats, truth values are booleans, text is no value. Belongs to one thread.
/// </summary>
public sealed class JsonDecoder : IPayloadDecoder
{
    private readonly JsonPlan _plan;
    private readonly JsonFields _fields = new();
    private readonly SeriesText _series = new();

    /// <param name="mapping">Where names, values, times and quality stand; empty paths for the defaults.</param>
    public JsonDecoder(JsonMapping mapping) => _plan = new JsonPlan(mapping);

    /// <summary>Longest field name in bytes; a sample with a longer one is refused.</summary>
    public static int FieldNameBytesMax => JsonFields.NameBytesMax;

    /// <inheritdoc/>
    public DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        fault = default;
        int start = payload.StartsWith("\uFEFF"u8) ? 3 : 0;
        if (!Utf8.IsValid(payload))
        {
            fault = new PayloadFault(FaultReason.InvalidUtf8, Utf8Place.IndexOfInvalid(payload), 1);
            return DecodeStatus.Faulted;
        }

        var checker = new JsonReader(payload, start);
        if (checker.IsAtEnd())
        {
            return DecodeStatus.NotAMeasurement;
        }

        _fields.Local = context.Local;
        var samples = new JsonSamples(payload, start, _plan, _fields, _series);
        samples.Read(context, ref handler);
        fault = samples.Fault;
        if (fault.Count == 0 && !samples.HasGiven && samples.PathThatFoundNothing() is { } path)
        {
            fault = new PayloadFault(FaultReason.PathFoundNothing, start, 1, path);
        }

        return fault.Count > 0 ? DecodeStatus.Faulted
            : samples.HasGiven ? DecodeStatus.Decoded
            : DecodeStatus.NotAMeasurement;
    }
}
