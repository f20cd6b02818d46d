using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Finds the samples in a payload known to be good JSON, and gives them on as points. Samples of one series and time
/// that follow each other become one point.
/// </summary>
internal ref struct JsonSamples
{
    private readonly JsonPlan _plan;
    private readonly JsonFields _fields;
    private readonly SeriesText _series;
    private SampleWalker _walker;
    private bool _hasOwnSeries;
    private bool _hasPendingTime;
    private long _pendingTime;
    private bool _hasFallbackTime;
    private long _fallbackTime;
    private JsonText _fallbackUnit;
    private readonly int _start;
    private bool _isOneSample;
    private bool _hasSamples;
    private int _sampleCount;

    public JsonSamples(ReadOnlySpan<byte> payload, int start, JsonPlan plan, JsonFields fields, SeriesText series)
    {
        _plan = plan;
        _fields = fields;
        _series = series;
        _start = start;
        _walker = new SampleWalker(payload, start, plan, fields);
    }

    public PayloadFault Fault { get; private set; }

    public bool HasGiven { get; private set; }

    /// <summary>See <see cref="JsonPlan.PathThatFoundNothing"/>; null for a payload without content too.</summary>
    public readonly string? PathThatFoundNothing() =>
        _plan.IsDefault || !HasContent(new JsonReader(_walker.Reader.Text, _start))
            ? null
            : _plan.PathThatFoundNothing(_hasSamples, _sampleCount, _walker.Met);

    /// <summary>
    /// Reads all samples. Nothing is given on before the whole payload is known to be good JSON: one sample is held
    /// back until its end was seen, for more of them the payload is checked beforehand.
    /// </summary>
    public void Read<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        _fields.Clear();
        _isOneSample = _walker.Reader.Peek() == JsonKind.Object && _plan.Samples.Length == 0 && !MayBeKnownShape();
        JsonReader checker = _walker.Reader;
        if (!_isOneSample && (!checker.TrySkipValue() || !checker.TryEnd()))
        {
            Fault = new PayloadFault(checker.Reason, checker.FaultOffset, 1);
            return;
        }

        ReadRoot(context, ref handler, isElement: false);
        if (!_walker.Reader.TryEnd())
        {
            Fault = new PayloadFault(_walker.Reader.Reason, _walker.Reader.FaultOffset, 1);
            return;
        }

        _fields.BeginSample();
        Emit(context, ref handler);
    }

    /// <summary>True for more than <c>{}</c>, <c>[]</c> and <c>null</c>.</summary>
    private static bool HasContent(JsonReader reader)
    {
        bool isFirst = true;
        return reader.Peek() switch
        {
            JsonKind.Object => reader.TryEnter() && reader.TryNextMember(ref isFirst, out _),
            JsonKind.Array => reader.TryEnter() && reader.TryNextElement(ref isFirst),
            JsonKind.Null => false,
            _ => true,
        };
    }

    /// <summary>Reads the payload, or each element of an array that is the payload.</summary>
    private void ReadRoot<THandler>(scoped in DecodeContext context, ref THandler handler, bool isElement)
        where THandler : IPointHandler, allows ref struct
    {
        JsonKind kind = _walker.Reader.Peek();
        if (kind == JsonKind.Array && !isElement)
        {
            ReadRootArray(context, ref handler);
        }
        else if (_plan.Samples.Length > 0)
        {
            int start = _walker.Reader.Position;
            ReadFallbackTime(kind);
            _walker.Reader.MoveTo(start);
            ReadSamples(context, ref handler, depth: 0, isElement: false);
        }
        else if (kind != JsonKind.Object || !_plan.IsDefault
            || (!TryReadKnownShape(context, ref handler) && !(isElement && TryReadNamed(context, ref handler))))
        {
            ReadSample(context, ref handler, name: default);
        }
    }

    private void ReadRootArray<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        int start = _walker.Reader.Position;
        JsonReader first = _walker.Reader;
        bool isFirst = true;
        first.TryEnter();
        if (first.TryNextElement(ref isFirst) && first.Peek() != JsonKind.Object && _plan.IsDefault)
        {
            // Numbers in a row: one sample, its fields named by their place.
            _walker.Reader.MoveTo(start);
            ReadSample(context, ref handler, name: default);
            return;
        }

        isFirst = true;
        _walker.Reader.TryEnter();
        while (_walker.Reader.TryNextElement(ref isFirst))
        {
            ReadRoot(context, ref handler, isElement: true);
        }
    }

    private void ReadFallbackTime(JsonKind kind)
    {
        _hasFallbackTime = false;
        _fallbackUnit = default;
        if (kind == JsonKind.Object)
        {
            _walker.WalkForTime();
            _fallbackUnit = _walker.Unit;
            _hasFallbackTime = _walker.HasTime;
            _fallbackTime = _walker.Time;
        }
    }

    /// <summary>Follows the path to the samples; arrays are walked wherever one stands.</summary>
    private void ReadSamples<THandler>(
        scoped in DecodeContext context, ref THandler handler, int depth, bool isElement)
        where THandler : IPointHandler, allows ref struct
    {
        JsonKind kind = _walker.Reader.Peek();
        bool isFirst = true;
        _hasSamples |= depth == _plan.Samples.Length;
        if (kind == JsonKind.Array)
        {
            _walker.Reader.TryEnter();
            while (_walker.Reader.TryNextElement(ref isFirst))
            {
                ReadSamples(context, ref handler, depth, isElement: true);
            }
        }
        else if (depth == _plan.Samples.Length)
        {
            ReadSampleOrMembers(context, ref handler, areNamedByKeys: kind == JsonKind.Object && !isElement);
        }
        else if (kind == JsonKind.Object)
        {
            _walker.Reader.TryEnter();
            while (_walker.Reader.TryNextMember(ref isFirst, out JsonText key))
            {
                if (_fields.Plain(key, _walker.Reader.Text).SequenceEqual(_plan.Samples[depth]))
                {
                    ReadSamples(context, ref handler, depth + 1, isElement: false);
                }
                else
                {
                    _walker.Reader.TrySkipValue();
                }
            }
        }
        else
        {
            _walker.Reader.TrySkipValue();
        }
    }

    private void ReadSampleOrMembers<THandler>(
        scoped in DecodeContext context, ref THandler handler, bool areNamedByKeys)
        where THandler : IPointHandler, allows ref struct
    {
        if (!areNamedByKeys || !_plan.TakesKeysForNames)
        {
            ReadSample(context, ref handler, name: default);
            return;
        }

        bool isFirst = true;
        _walker.Reader.TryEnter();
        while (_walker.Reader.TryNextMember(ref isFirst, out JsonText key))
        {
            ReadSample(context, ref handler, key);
        }
    }

    private void ReadSample<THandler>(scoped in DecodeContext context, ref THandler handler, JsonText name)
        where THandler : IPointHandler, allows ref struct
    {
        _fields.AreNamed = _plan.Maps(JsonRole.Name) || name.Kind != JsonKind.None;
        _sampleCount++;
        _walker.WalkSample();
        if (name.Kind != JsonKind.None)
        {
            _walker.Name = name;
        }

        FinishSample(context, ref handler);
        if (_fields.DeferredCount > 0)
        {
            ReadDeferred(context, ref handler);
        }
    }

    /// <summary>Reads an element of the outermost array that says its own name.</summary>
    private bool TryReadNamed<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        if (!NamedElement.TryRecognise(_walker.Reader, out NamedElement element) || !element.HasValue)
        {
            return false;
        }

        _fields.AreNamed = false;
        _walker.WalkNamedSample(element);
        FinishSample(context, ref handler);
        ReadDeferred(context, ref handler);
        return true;
    }

    /// <summary>
    /// Reads the named elements that may have a time of their own; without one they have that of the sample they stood
    /// in.
    /// </summary>
    private void ReadDeferred<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        JsonReader behind = _walker.Reader;
        int position = behind.Position;
        bool isGood = _isOneSample ? behind.TryEnd() : !behind.HasFailed;
        _hasFallbackTime = _walker.HasTime;
        _fallbackTime = _walker.Time;
        for (int i = 0; isGood && i < _fields.DeferredCount; i++)
        {
            _walker.WalkDeferred(i);
            FinishSample(context, ref handler);
        }

        _hasFallbackTime = false;
        _fields.ClearDeferred();
        _walker.Reader.MoveTo(position);
    }

    private void FinishSample<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        if (_fields.SampleCount > 0 && _fields.AreNamed && _walker.Reason == FaultReason.None)
        {
            NameSample();
        }

        if (_walker.Reason != FaultReason.None)
        {
            Fault = Fault.And(_walker.Reason, _walker.FaultOffset);
            _fields.DropSample();
            return;
        }

        if (_fields.SampleCount == 0)
        {
            return;
        }

        if (_walker.SampleQuality != Quality.Good)
        {
            _fields.SetQuality(_walker.SampleQuality);
        }

        JsonText unit = _walker.Unit.Kind != JsonKind.None ? _walker.Unit : _fallbackUnit;
        if (unit.Kind != JsonKind.None)
        {
            _fields.SetUnit(_fields.Plain(unit, _walker.Reader.Text));
        }

        bool hasTime = _walker.HasTime || _hasFallbackTime;
        long time = _walker.HasTime ? _walker.Time : _hasFallbackTime ? _fallbackTime : 0;
        bool continues = hasTime == _hasPendingTime
            && time == _pendingTime
            && _fields.Pending.Length + _fields.SampleCount <= Limits.FieldsPerPointMax;
        if (!continues)
        {
            Emit(context, ref handler);
        }

        _hasPendingTime = hasTime;
        _pendingTime = time;
    }

    private void NameSample()
    {
        FaultReason reason = _walker.Name.Kind == JsonKind.None
            ? FaultReason.MissingName
            : _fields.PrefixSample(_fields.Plain(_walker.Name, _walker.Reader.Text), _plan.Separator);
        if (reason != FaultReason.None)
        {
            _walker.Refuse(reason, _walker.Start);
        }
    }

    /// <summary>Gives on what is pending; the current sample stays.</summary>
    private void Emit<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        if (_fields.Pending.Length > 0)
        {
            var point = new PointView
            {
                Series = _hasOwnSeries ? _series.Text : context.Series,
                Text = _fields.Text,
                Fields = _fields.Pending,
                Time = _pendingTime,
                HasTime = _hasPendingTime,
            };
            handler.OnPoint(point);
            HasGiven = true;
            _fields.DropPending();
        }
    }

    private readonly bool MayBeKnownShape()
    {
        JsonReader ahead = _walker.Reader;
        bool isFirst = true;
        return _plan.IsDefault
            && ahead.TryEnter()
            && ahead.TryNextMember(ref isFirst, out JsonText key)
            && (key.In(ahead.Text).SequenceEqual("metrics"u8) || TelegrafMetric.MayStartWith(key.In(ahead.Text)));
    }

    /// <summary>Reads one Telegraf metric, or an object whose only member is an array called metrics.</summary>
    private bool TryReadKnownShape<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        JsonReader ahead = _walker.Reader;
        bool isFirst = true;
        ahead.TryEnter();
        if (!ahead.TryNextMember(ref isFirst, out JsonText key))
        {
            return false;
        }

        ReadOnlySpan<byte> name = key.In(ahead.Text);
        if (name.SequenceEqual("metrics"u8) && ahead.Peek() == JsonKind.Array)
        {
            return TryReadMetrics(context, ref handler);
        }

        if (!TelegrafMetric.MayStartWith(name)
            || !TelegrafMetric.TryRecognise(_walker.Reader, out TelegrafMetric metric))
        {
            return false;
        }

        ReadMetric(context, ref handler, metric);
        return true;
    }

    private bool TryReadMetrics<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        JsonReader ahead = _walker.Reader;
        bool isFirst = true;
        ahead.TryEnter();
        ahead.TryNextMember(ref isFirst, out _);
        ahead.TrySkipValue();
        if (ahead.TryNextMember(ref isFirst, out _))
        {
            return false;
        }

        isFirst = true;
        _walker.Reader.TryEnter();
        while (_walker.Reader.TryNextMember(ref isFirst, out _))
        {
            bool isFirstMetric = true;
            _walker.Reader.Peek();
            _walker.Reader.TryEnter();
            while (_walker.Reader.TryNextElement(ref isFirstMetric))
            {
                ReadRoot(context, ref handler, isElement: true);
            }
        }

        return true;
    }

    private void ReadMetric<THandler>(
        scoped in DecodeContext context, ref THandler handler, in TelegrafMetric metric)
        where THandler : IPointHandler, allows ref struct
    {
        _fields.BeginSample();
        Emit(context, ref handler);
        RenderSeries(metric, context.ExtraTags);
        JsonReader whole = _walker.Reader;
        whole.TrySkipValue();
        _walker.Reader.MoveTo(metric.FieldsAt);
        _walker.WalkFields(metric.Timestamp);
        FinishSample(context, ref handler);
        _hasOwnSeries = true;
        _fields.BeginSample();
        Emit(context, ref handler);
        _hasOwnSeries = false;
        _walker.Reader.MoveTo(whole.Position);
    }

    private readonly void RenderSeries(in TelegrafMetric metric, ReadOnlySpan<byte> extraTags)
    {
        ReadOnlySpan<byte> payload = _walker.Reader.Text;
        _series.Clear();
        _series.AppendMeasurement(_fields.Plain(metric.Name, payload));
        if (metric.TagsAt > 0)
        {
            var tags = new JsonReader(payload, metric.TagsAt);
            bool isFirst = true;
            tags.TryEnter();
            while (tags.TryNextMember(ref isFirst, out JsonText key))
            {
                if (tags.Peek() != JsonKind.String)
                {
                    tags.TrySkipValue();
                }
                else if (tags.TryReadScalar(JsonKind.String, out JsonText value) && key.Bytes > 0 && value.Bytes > 0)
                {
                    _series.AppendTagKey(_fields.Plain(key, payload));
                    _series.AppendTagValue(_fields.Plain(value, payload));
                }
            }
        }

        _series.AppendRaw(extraTags);
    }
}
