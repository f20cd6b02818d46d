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
    private readonly JsonPlaces _places;
    private SampleWalker _walker;
    private JsonPoints _points;
    private bool _hasFallbackTime;
    private long _fallbackTime;
    private readonly int _start;
    private bool _isOneSample;
    private bool _hasSamples;
    private int _sampleCount;

    public JsonSamples(ReadOnlySpan<byte> payload, int start, JsonPlan plan, JsonScratch scratch)
    {
        _plan = plan;
        _fields = scratch.Fields;
        _places = scratch.Places;
        _start = start;
        _walker = new SampleWalker(payload, start, plan, scratch);
        _points = new JsonPoints(payload, plan, scratch);
    }

    public PayloadFault Fault { get; private set; }

    public readonly bool HasGiven => _points.HasGiven;

    /// <summary>A sample is no measurement, since a condition does not hold.</summary>
    public bool HasPassedOver { get; private set; }

    /// <summary>See <see cref="JsonPlan.PathThatFoundNothing"/>; null for a payload without content too.</summary>
    public readonly string? PathThatFoundNothing() =>
        _plan.IsDefault || !HasContent(new JsonReader(_walker.Reader.Text, _start))
            ? null
            : _plan.PathThatFoundNothing(_hasSamples, _sampleCount, _walker.Met);

    /// <summary>
    /// Reads all samples. Nothing is given on before the whole payload is known to be good JSON: one sample is held
    /// back until its end was seen, for more of them the payload is checked beforehand.
    /// </summary>
    /// <param name="context">What the route adds.</param>
    /// <param name="handler">Takes the points.</param>
    /// <param name="isChecked">The payload is known to be good JSON.</param>
    public void Read<THandler>(scoped in DecodeContext context, ref THandler handler, bool isChecked)
        where THandler : IPointHandler, allows ref struct
    {
        _fields.Clear();
        _isOneSample = _walker.Reader.Peek() == JsonKind.Object
            && _plan.Samples.Length == 0
            && !_plan.Maps(JsonRole.Bytes) // which are given on at once
            && !MayBeKnownShape();
        JsonReader checker = _walker.Reader;
        if (!_isOneSample && !isChecked && (!checker.TrySkipValue() || !checker.TryEnd()))
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
        _points.Emit(context, ref handler);
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
            ReadSamples(context, ref handler, depth: 0, isElement: false);
        }
        else if (kind != JsonKind.Object || !_plan.IsDefault
            || (!TryReadKnownShape(context, ref handler) && !(isElement && TryReadNamed(context, ref handler))))
        {
            ReadWhole(context, ref handler);
        }
    }

    /// <summary>Reads what comes next as one sample with nothing around it.</summary>
    private void ReadWhole<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        _places.Open(0);
        ReadSample(context, ref handler, _plan.NamesSamples);
    }

    private static bool IsContainer(JsonKind kind) => kind is JsonKind.Object or JsonKind.Array;

    private void ReadRootArray<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        int start = _walker.Reader.Position;
        JsonReader first = _walker.Reader;
        bool isFirst = true;
        first.TryEnter();
        if (first.TryNextElement(ref isFirst)
            && ((first.Peek() != JsonKind.Object && _plan.IsDefault)
                || (_plan.Samples.Length == 0 && IsOneSample(_walker.Reader))))
        {
            // Numbers in a row: one sample, its fields named by their place.
            _walker.Reader.MoveTo(start);
            ReadWhole(context, ref handler);
            return;
        }

        isFirst = true;
        _walker.Reader.TryEnter();
        while (_walker.Reader.TryNextElement(ref isFirst))
        {
            ReadRoot(context, ref handler, isElement: true);
        }
    }

    /// <summary>Follows the path to the samples; arrays are walked wherever one stands.</summary>
    private void ReadSamples<THandler>(
        scoped in DecodeContext context, ref THandler handler, int depth, bool isElement)
        where THandler : IPointHandler, allows ref struct
    {
        JsonKind kind = _walker.Reader.Peek();
        bool isFirst = true;
        bool isAtEnd = depth == _plan.Samples.Length;
        _hasSamples |= isAtEnd;
        if (kind == JsonKind.Array && !(isAtEnd && IsOneSample(_walker.Reader)))
        {
            _walker.Reader.TryEnter();
            while (_walker.Reader.TryNextElement(ref isFirst))
            {
                ReadSamples(context, ref handler, depth, isElement: true);
            }
        }
        else if (isAtEnd)
        {
            ReadSampleOrMembers(context, ref handler, areNamedByKeys: kind == JsonKind.Object && !isElement);
        }
        else if (kind == JsonKind.Object)
        {
            ReadMembers(context, ref handler, depth);
        }
        else
        {
            _walker.Reader.TrySkipValue();
        }
    }

    /// <summary>True for an array whose places have roles: one that does not hold arrays or objects.</summary>
    private readonly bool IsOneSample(JsonReader array)
    {
        bool isFirst = true;
        return _plan.TakesPlaces
            && array.TryEnter()
            && array.TryNextElement(ref isFirst)
            && array.Peek() is not (JsonKind.Array or JsonKind.Object);
    }

    /// <summary>Goes on with the members whose keys stand in the path to the samples.</summary>
    private void ReadMembers<THandler>(scoped in DecodeContext context, ref THandler handler, int depth)
        where THandler : IPointHandler, allows ref struct
    {
        bool isFirst = true;
        _places.Open(2 * depth);
        _walker.WalkAround();
        _walker.Reader.TryEnter();
        while (_walker.Reader.TryNextMember(ref isFirst, out JsonText key))
        {
            if (JsonPath.Matches(_plan.Samples[depth], _fields.Plain(key, _walker.Reader.Text)))
            {
                _places.Open((2 * depth) + 1);
                _places.Set(_plan.Captures[depth], key);
                ReadSamples(context, ref handler, depth + 1, isElement: false);
            }
            else
            {
                _walker.Reader.TrySkipValue();
            }
        }
    }

    private void ReadSampleOrMembers<THandler>(
        scoped in DecodeContext context, ref THandler handler, bool areNamedByKeys)
        where THandler : IPointHandler, allows ref struct
    {
        int frame = 2 * _plan.Samples.Length;
        _places.Open(frame);
        if (!areNamedByKeys || !_plan.TakesKeysForNames)
        {
            ReadSample(context, ref handler, areNamed: _plan.NamesSamples);
            return;
        }

        bool isFirst = true;
        _walker.Reader.TryEnter();
        while (_walker.Reader.TryNextMember(ref isFirst, out JsonText key))
        {
            _places.Open(frame + 1);
            _places.Set(JsonRole.Name, key);
            _places.Open(frame + 2);
            ReadSample(context, ref handler, areNamed: true);
        }
    }

    private void ReadSample<THandler>(scoped in DecodeContext context, ref THandler handler, bool areNamed)
        where THandler : IPointHandler, allows ref struct
    {
        bool hasBareValue = _plan.Maps(JsonRole.Value) || !IsContainer(_walker.Reader.Peek());
        _fields.AreNamed = areNamed || (hasBareValue && !context.Field.IsEmpty);
        _sampleCount++;
        _walker.WalkSample();
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
        ReadOnlySpan<byte> payload = _walker.Reader.Text;
        if (_plan.HasPlaces && _places.HasTooLong(out int tooLong))
        {
            _walker.Refuse(FaultReason.TextTooLong, tooLong);
        }
        else if (!_places.Hold(payload))
        {
            HasPassedOver = true;
            _fields.DropSample();
            return;
        }

        PutDefaults();
        if (_fields.SampleCount > 0 && _fields.AreNamed && _walker.Reason == FaultReason.None)
        {
            NameSample(context);
        }

        bool hasOwnTime = _walker.HasTime;
        bool hasTime = false;
        long time = 0;
        if (_walker.Reason == FaultReason.None && !hasOwnTime
            && _places.ReadTime(payload, out hasTime, out time, out int offset) is not FaultReason.None and var reason)
        {
            _walker.Refuse(reason, offset);
        }

        if (_walker.Reason != FaultReason.None)
        {
            Fault = Fault.And(_walker.Reason, _walker.FaultOffset);
            _fields.DropSample();
            return;
        }

        if (_plan.Maps(JsonRole.Quality))
        {
            _fields.SetQuality(_places.ReadQuality(payload));
        }
        else if (_walker.SampleQuality != Quality.Good)
        {
            _fields.SetQuality(_walker.SampleQuality);
        }

        hasTime |= hasOwnTime || _hasFallbackTime;
        time = hasOwnTime ? _walker.Time : _hasFallbackTime ? _fallbackTime : time;
        _points.Take(context, ref handler, hasTime, time, out PayloadFault fault);
        Fault = fault.Count > 0 ? Fault.And(fault.Reason, fault.Offset) : Fault;
    }

    private void PutDefaults()
    {
        foreach ((byte[] name, JsonConstant value) in _plan.Defaults)
        {
            FaultReason reason = _fields.PutMissing(name, value.Type, value.Bits);
            if (reason != FaultReason.None)
            {
                _walker.Refuse(reason, _walker.Start);
            }
        }
    }

    /// <summary>Puts the sample's name, or that of the topic, before its fields.</summary>
    private void NameSample(scoped in DecodeContext context)
    {
        JsonText own = _places.Find(JsonRole.Name);
        ReadOnlySpan<byte> name = own.Kind == JsonKind.None
            ? context.Field
            : _fields.Plain(own, _walker.Reader.Text);
        FaultReason reason = own.Kind == JsonKind.None && name.IsEmpty
            ? FaultReason.MissingName
            : _fields.PrefixSample(name, _plan.Separator);
        if (reason != FaultReason.None)
        {
            _walker.Refuse(reason, _walker.Start);
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
        _points.BeginOwnSeries(context, ref handler, metric);
        JsonReader whole = _walker.Reader;
        whole.TrySkipValue();
        _walker.Reader.MoveTo(metric.FieldsAt);
        _walker.WalkFields(metric.Timestamp);
        FinishSample(context, ref handler);
        _points.EndOwnSeries(context, ref handler);
        _walker.Reader.MoveTo(whole.Position);
    }
}
