using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Gives samples on as points: those of one series and time that follow each other become one point, the last of them
/// is held back.
/// </summary>
internal ref struct JsonPoints
{
    private readonly ReadOnlySpan<byte> _payload;
    private readonly JsonPlan _plan;
    private readonly JsonScratch _scratch;
    private readonly JsonFields _fields;
    private bool _hasOwnSeries;
    private bool _hasPendingTime;
    private long _pendingTime;

    public JsonPoints(ReadOnlySpan<byte> payload, JsonPlan plan, JsonScratch scratch)
    {
        _payload = payload;
        _plan = plan;
        _scratch = scratch;
        _fields = scratch.Fields;
        scratch.Places.ForgetTags();
    }

    public bool HasGiven { get; private set; }

    /// <summary>Takes the current sample, whose values are read.</summary>
    public void Take<THandler>(
        scoped in DecodeContext context, ref THandler handler, bool hasTime, long time, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        fault = default;
        JsonText bytes = _scratch.Binary is null ? default : _scratch.Places.Find(JsonRole.Bytes);
        DescribeFields();
        if (_fields.SampleCount == 0 && bytes.Bytes == 0)
        {
            return;
        }

        bool isOfSeries = _plan.TagKeys.Length == 0 || _scratch.Places.HasTagsAsBefore();
        if (!isOfSeries)
        {
            _scratch.Places.Render(_scratch.Sample, context.Series, _payload);
            isOfSeries = _scratch.Sample.Text.SequenceEqual(_scratch.Pending.Text);
        }

        bool continues = isOfSeries
            && hasTime == _hasPendingTime
            && time == _pendingTime
            && _fields.Pending.Length + _fields.SampleCount <= Limits.FieldsPerPointMax;
        if (!continues)
        {
            Emit(context, ref handler);
        }

        _hasPendingTime = hasTime;
        _pendingTime = time;
        if (!isOfSeries)
        {
            _scratch.TakeSampleSeries();
        }

        if (bytes.Bytes > 0)
        {
            _fields.BeginSample();
            Emit(context, ref handler);
            fault = GiveBytes(context, ref handler, bytes);
        }
    }

    /// <summary>Gives on what is pending; the current sample stays.</summary>
    public void Emit<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        Span<FieldSlot> pending = _fields.Pending;
        if (pending.IsEmpty)
        {
            return;
        }

        if (_plan.Names.HasParts)
        {
            GiveByParts(SeriesOf(context), pending, ref handler);
        }
        else
        {
            Give(SeriesOf(context), pending, ref handler);
        }

        _fields.DropPending();
    }

    /// <summary>Gives on what is pending; what follows has the metric's series.</summary>
    public void BeginOwnSeries<THandler>(
        scoped in DecodeContext context, ref THandler handler, in TelegrafMetric metric)
        where THandler : IPointHandler, allows ref struct
    {
        _fields.BeginSample();
        Emit(context, ref handler);
        metric.Render(_scratch.Pending, _fields, _payload, context.ExtraTags);
    }

    public void EndOwnSeries<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        _hasOwnSeries = true;
        _fields.BeginSample();
        Emit(context, ref handler);
        _hasOwnSeries = false;
    }

    private readonly void DescribeFields()
    {
        if (!_plan.Names.KeepsAll)
        {
            _fields.NameSample(_plan.Names);
        }

        JsonText unit = _plan.Maps(JsonRole.Unit) ? _scratch.Places.Find(JsonRole.Unit) : default;
        if (unit.Bytes > 0)
        {
            _fields.SetUnit(_fields.Plain(unit, _payload));
        }
    }

    private readonly ReadOnlySpan<byte> SeriesOf(scoped in DecodeContext context) =>
        _hasOwnSeries || _plan.TagKeys.Length > 0 ? _scratch.Pending.Text : context.Series;

    private void Give<THandler>(ReadOnlySpan<byte> series, ReadOnlySpan<FieldSlot> fields, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        var point = new PointView
        {
            Series = series,
            Text = _fields.Text,
            Fields = fields,
            Time = _pendingTime,
            HasTime = _hasPendingTime,
        };
        handler.OnPoint(point);
        HasGiven = true;
    }

    /// <summary>Gives fields whose names have parts that are tags: a point for each run of equal tags.</summary>
    private void GiveByParts<THandler>(ReadOnlySpan<byte> series, Span<FieldSlot> fields, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        int start = 0;
        for (int i = 0; i < fields.Length; i++)
        {
            TakeParts(series, ref fields[i]);
            if (i > start && !_scratch.NextRun.Text.SequenceEqual(_scratch.Run.Text))
            {
                Give(_scratch.Run.Text, fields[start..i], ref handler);
                start = i;
            }

            _scratch.TakeNextRun();
        }

        Give(_scratch.Run.Text, fields[start..], ref handler);
    }

    private readonly void TakeParts(ReadOnlySpan<byte> series, ref FieldSlot field)
    {
        FieldNames names = _plan.Names;
        ReadOnlySpan<byte> name = _fields.Text.Slice(field.KeyStart, field.KeyBytes);
        int measurement = SeriesText.MeasurementBytes(series);
        SeriesText run = _scratch.NextRun;
        run.Clear();
        run.AppendRaw(series[..measurement]);
        if (names.TryCut(name, _scratch.Parts))
        {
            for (int i = 0; i < names.PartKeys.Length; i++)
            {
                if (i != names.FieldPartIndex)
                {
                    run.AppendTagKey(names.PartKeys[i]);
                    run.AppendTagValue(name[_scratch.Parts[i]]);
                }
            }

            (int offset, int length) = _scratch.Parts[names.FieldPartIndex].GetOffsetAndLength(name.Length);
            field.KeyStart += offset;
            field.KeyBytes = length;
        }

        run.AppendRaw(series[measurement..]);
    }

    /// <summary>Reads the bytes that a text of the sample holds; faults have the text's place.</summary>
    private PayloadFault GiveBytes<THandler>(scoped in DecodeContext context, ref THandler handler, JsonText text)
        where THandler : IPointHandler, allows ref struct
    {
        int offset = text.Start - 1;
        if (!_scratch.TryReadBytes(_fields.Plain(text, _payload), _plan.IsHex, out ReadOnlySpan<byte> bytes))
        {
            return new PayloadFault(FaultReason.BytesNotReadable, offset, 1);
        }

        var inner = new DecodeContext
        {
            Series = SeriesOf(context),
            HasTimeAround = _hasPendingTime,
            TimeAround = _pendingTime,
        };
        DecodeStatus status = _scratch.Binary!.Decode(bytes, inner, ref handler, out PayloadFault fault);
        HasGiven |= status == DecodeStatus.Decoded;
        return fault.Count > 0 ? fault with { Offset = offset } : fault;
    }
}
