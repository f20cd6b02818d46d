using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Reads one payload (Sparkplug 3.0 §6.4). One point is held back until the end was seen; before a second one, and
/// where the payload's time is asked for and did not come yet, the whole payload is checked.
/// </summary>
internal ref struct SparkplugReader
{
    private const uint TimestampField = 1; // field numbers of Payload
    private const uint MetricsField = 2;
    private const uint SequenceField = 3;
    private const uint UuidField = 4;
    private const uint BodyField = 5;

    private readonly ReadOnlySpan<byte> _payload;
    private readonly SparkplugPoint _point;
    private readonly ISparkplugBirths? _births;
    private ulong? _timestamp;
    private bool _isChecked;

    public SparkplugReader(ReadOnlySpan<byte> payload, SparkplugPoint point, ISparkplugBirths? births)
    {
        _payload = payload;
        _point = point;
        _births = births;
    }

    public PayloadFault Fault { get; private set; }

    /// <summary>A point was given on.</summary>
    public bool HasGiven { get; private set; }

    /// <summary>A metric was refused because no birth says its name or type.</summary>
    public bool LacksBirth { get; private set; }

    /// <summary>Reads all metrics. Nothing is given on before the whole payload is known to be good.</summary>
    public void Read<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        var reader = new ProtobufReader(_payload, 0, _payload.Length);
        _point.Begin(hasTime: false, time: 0, isHistorical: false);
        while (reader.TryRead(out ProtobufField field))
        {
            if (!HasItsWire(field))
            {
                reader.Refuse(FaultReason.MalformedProtobuf, field.At);
            }
            else if (field.Number == TimestampField)
            {
                _timestamp ??= field.Bits; // there is one; of more the first counts, wherever it stands
            }
            else if (field.Number == MetricsField
                && SparkplugMetric.TryRead(_payload, field, out SparkplugMetric metric, ref reader))
            {
                GiveMetric(context, ref handler, metric, field.At, ref reader);
            }
        }

        if (reader.HasFailed)
        {
            Fault = new PayloadFault(reader.Reason, reader.FaultOffset, 1);
            return;
        }

        Emit(context, ref handler);
    }

    /// <summary>True unless a field of the standard is written in another way; other fields pass.</summary>
    public static bool HasItsWire(in ProtobufField field) => field.Number switch
    {
        TimestampField or SequenceField => field.Wire == ProtobufWire.Varint,
        MetricsField or UuidField or BodyField => field.Wire == ProtobufWire.Bytes,
        _ => true,
    };

    /// <summary>
    /// Checks the whole payload, once, and finds its time, which may stand behind the metrics. What fails is the fault
    /// of <paramref name="outer"/>.
    /// </summary>
    private bool TryCheck(scoped ref ProtobufReader outer)
    {
        var reader = new ProtobufReader(_payload, 0, _payload.Length);
        while (!_isChecked && reader.TryRead(out ProtobufField field))
        {
            if (!HasItsWire(field))
            {
                reader.Refuse(FaultReason.MalformedProtobuf, field.At);
            }
            else if (field.Number == MetricsField)
            {
                SparkplugMetric.TryRead(_payload, field, out _, ref reader);
            }
            else if (field.Number == TimestampField)
            {
                _timestamp ??= field.Bits;
            }
        }

        _isChecked = true;
        return !reader.HasFailed || outer.Refuse(reader.Reason, reader.FaultOffset);
    }

    private void GiveMetric<THandler>(
        scoped in DecodeContext context,
        ref THandler handler,
        in SparkplugMetric metric,
        int at,
        scoped ref ProtobufReader reader)
        where THandler : IPointHandler, allows ref struct
    {
        bool lacksTime = !metric.HasTime && _timestamp is null;
        if (lacksTime && !TryCheck(ref reader))
        {
            return;
        }

        FaultReason reason = Identify(metric, out ReadOnlySpan<byte> name, out SparkplugType type);
        if (reason == FaultReason.None && SparkplugMessage.IsControl(name))
        {
            return;
        }

        SparkplugOutcome outcome = SparkplugValue.Read(metric, type, out FieldType fieldType, out long bits);
        bool isTime = TryReadTime(metric, out bool hasTime, out long time);
        reason = reason != FaultReason.None ? reason
            : outcome == SparkplugOutcome.TypeUnknown ? FaultReason.UnknownDatatype
            : outcome == SparkplugOutcome.TypeDiffers ? FaultReason.DatatypeDiffers
            : !isTime ? FaultReason.TimeOutOfRange
            : FaultReason.None;
        if (reason != FaultReason.None)
        {
            Refuse(reason, at, metric.Alias);
            return;
        }

        if (outcome == SparkplugOutcome.NoValue)
        {
            return;
        }

        if (!_point.IsOf(hasTime, time, metric.IsHistorical))
        {
            if (!_point.IsEmpty && !TryCheck(ref reader))
            {
                return;
            }

            Emit(context, ref handler);
            _point.Begin(hasTime, time, metric.IsHistorical);
        }

        ref FieldSlot slot = ref _point.Add(name);
        slot.Type = fieldType;
        slot.Bits = bits;
        slot.Quality = metric.Quality;
        slot.Written = outcome == SparkplugOutcome.Unsupported ? WrittenAs.Unsupported : WrittenAs.Itself;
        if (outcome == SparkplugOutcome.Value && fieldType == FieldType.String)
        {
            slot.ValueStart = _point.Append(_payload.Slice(metric.ValueStart, metric.ValueBytes));
            slot.ValueBytes = metric.ValueBytes;
        }
    }

    /// <summary>Finds the metric's name and type, in the births where it does not say them itself.</summary>
    private readonly FaultReason Identify(
        in SparkplugMetric metric, out ReadOnlySpan<byte> name, out SparkplugType type)
    {
        SparkplugBirth birth = default;
        name = _payload.Slice(metric.NameStart, metric.NameBytes);
        type = (SparkplugType)Math.Min(metric.Datatype, byte.MaxValue);
        if (name.IsEmpty)
        {
            if (!metric.HasAlias)
            {
                return FaultReason.MissingName;
            }

            if (_births is null || !_births.TryFind(metric.Alias, out birth))
            {
                return FaultReason.UnknownAlias;
            }

            name = birth.Name.Span;
        }
        else if (type == SparkplugType.Unknown)
        {
            _births?.TryFind(name, out birth);
        }

        type = type == SparkplugType.Unknown ? birth.Type : type;
        return name.Length > JsonFields.NameBytesMax ? FaultReason.FieldNameTooLong : FaultReason.None;
    }

    /// <summary>The metric's own time, or else the payload's; false for what is beyond the times there are.</summary>
    private readonly bool TryReadTime(in SparkplugMetric metric, out bool hasTime, out long time)
    {
        hasTime = metric.HasTime || _timestamp is not null;
        ulong milliseconds = metric.HasTime ? metric.TimeMilliseconds : _timestamp ?? 0;
        time = 0;
        return milliseconds <= long.MaxValue
            && Timestamp.TryFrom((long)milliseconds, TimePrecision.Milliseconds, out time);
    }

    private void Refuse(FaultReason reason, int at, ulong alias)
    {
        LacksBirth |= reason is FaultReason.UnknownAlias or FaultReason.UnknownDatatype;
        Fault = Fault.Count == 0 && reason == FaultReason.UnknownAlias
            ? new PayloadFault(reason, at, 1, Alias: alias)
            : Fault.And(reason, at);
    }

    private void Emit<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        if (_point.IsEmpty)
        {
            return;
        }

        var point = new PointView
        {
            Series = context.Series,
            Text = _point.Text,
            Fields = _point.Fields,
            Time = _point.Time,
            HasTime = _point.HasTime,
            Flags = _point.IsHistorical ? PointFlags.Late | PointFlags.Historical : PointFlags.None,
        };
        handler.OnPoint(point);
        HasGiven = true;
    }
}
