using System.Text.Unicode;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// JSON (RFC 8259) with or without a mapping. Malformed JSON gives no point at all; a sample that cannot be read costs
/// that sample only. Numbers are floats, truth values are booleans, text is no value. Belongs to one thread.
/// </summary>
public sealed class JsonDecoder : IPayloadDecoder
{
    private readonly JsonPlan[] _plans;
    private readonly JsonScratch[] _scratches;
    private readonly FieldTable _flat = new();

    /// <param name="mapping">Where names, values, times and quality stand; empty paths for the defaults.</param>
    public JsonDecoder(JsonMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        JsonMapping[] mappings = [mapping, .. mapping.Others];
        _plans = [.. mappings.Select(one => new JsonPlan(one))];
        _scratches = [.. mappings.Select((one, i) => new JsonScratch(_plans[i], one))];
    }

    /// <summary>Longest field name in bytes; a sample with a longer one is refused.</summary>
    public static int FieldNameBytesMax => JsonFields.NameBytesMax;

    /// <inheritdoc/>
    public DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        fault = default;
        if (TryReadFlat(payload, context, ref handler))
        {
            return DecodeStatus.Decoded;
        }

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

        bool isChecked = _plans.Length > 1;
        if (isChecked && (!checker.TrySkipValue() || !checker.TryEnd()))
        {
            fault = new PayloadFault(checker.Reason, checker.FaultOffset, 1);
            return DecodeStatus.Faulted;
        }

        return Read(payload, start, isChecked, context, ref handler, out fault);
    }

    private bool TryReadFlat<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        KnownSeries? known = null;
        if (_plans is not [{ IsPlain: true }] || context.Names?.TryFind(context.Series, out known) != true)
        {
            return false;
        }

        var flat = new FlatObject(payload, known!, _plans[0], _flat);
        if (!flat.TryRead())
        {
            return false;
        }

        var point = new PointView
        {
            Series = context.Series,
            Known = known,
            Text = payload,
            Fields = _flat.Slots,
            Time = flat.Time,
            HasTime = flat.HasTime,
        };
        handler.OnPoint(point);
        return true;
    }

    /// <summary>Reads the payload by one mapping after the other.</summary>
    private DecodeStatus Read<THandler>(
        ReadOnlySpan<byte> payload,
        int start,
        bool isChecked,
        scoped in DecodeContext context,
        ref THandler handler,
        out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        fault = default;
        string? path = null;
        bool hasGiven = false;
        bool hasPassedOver = false;
        for (int i = 0; i < _plans.Length; i++)
        {
            _scratches[i].Fields.Local = context.Local;
            var samples = new JsonSamples(payload, start, _plans[i], _scratches[i]);
            samples.Read(context, ref handler, isChecked);
            hasGiven |= samples.HasGiven;
            hasPassedOver |= samples.HasPassedOver;
            path ??= samples.HasGiven ? null : samples.PathThatFoundNothing();
            fault = samples.Fault.Count == 0 ? fault
                : fault.Count == 0 ? samples.Fault
                : fault with { Count = fault.Count + samples.Fault.Count };
        }

        if (fault.Count == 0 && !hasGiven && !hasPassedOver && path is not null)
        {
            fault = new PayloadFault(FaultReason.PathFoundNothing, start, 1, path);
        }

        return fault.Count > 0 ? DecodeStatus.Faulted
            : hasGiven ? DecodeStatus.Decoded
            : DecodeStatus.NotAMeasurement;
    }
}
