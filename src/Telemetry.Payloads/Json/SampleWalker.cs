using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Walks one sample: its numbers and truth values become fields, what the plan points at becomes its name, time and
/// quality. A fault of the sample (not of the JSON) is kept and the walk goes on to the sample's end.
/// </summary>
internal ref struct SampleWalker
{
    private readonly JsonPlan _plan;
    private readonly JsonFields _fields;
    private int _timeRank;
    private int _parentPathBytes; // of the path, what stands before the key of the array being walked

    /// <summary>Where the walk stands; a field, so that it is moved and not copied.</summary>
    public JsonReader Reader;

    public SampleWalker(ReadOnlySpan<byte> payload, int position, JsonPlan plan, JsonFields fields)
    {
        Reader = new JsonReader(payload, position);
        _plan = plan;
        _fields = fields;
    }

    /// <summary>Where the sample starts.</summary>
    public int Start { get; private set; }

    public FaultReason Reason { get; private set; }

    public int FaultOffset { get; private set; }

    public bool HasTime { get; private set; }

    public long Time { get; private set; }

    public byte SampleQuality { get; private set; }

    /// <summary>The sample's name in the payload; of kind None when it has none.</summary>
    public JsonText Name { get; set; }

    /// <summary>The unit of the sample's values in the payload; of kind None when it has none.</summary>
    public JsonText Unit { get; private set; }

    public bool HasFailed => Reader.HasFailed;

    /// <summary>The roles whose path was met in any sample so far.</summary>
    public JsonRole Met { get; private set; }

    /// <summary>Walks the value that comes next as one sample.</summary>
    public void WalkSample()
    {
        JsonKind kind = Reader.Peek();
        Begin();
        bool isBareValue = kind is not JsonKind.Object && _plan.Maps(JsonRole.Value);
        Met |= isBareValue ? JsonRole.Value : JsonRole.None;
        Walk(kind, 0, _plan.Mapped, !_plan.Maps(JsonRole.Value) || isBareValue, isPointedAt: isBareValue);
    }

    /// <summary>Walks the element that comes next as a sample of its own, named by itself.</summary>
    public void WalkNamedSample(in NamedElement element)
    {
        Begin();
        WalkNamed(element);
    }

    /// <summary>Walks an element that was put off as a sample of its own.</summary>
    public void WalkDeferred(int index)
    {
        Begin();
        Reader.MoveTo(_fields.Restore(index));
        Start = Reader.Position;
        if (NamedElement.TryRecognise(Reader, out NamedElement element))
        {
            WalkNamed(element);
        }
    }

    /// <summary>Walks the object that comes next for its time only.</summary>
    public void WalkForTime()
    {
        Begin();
        Walk(Reader.Peek(), 0, _plan.Mapped & (JsonRole.Time | JsonRole.Unit), collects: false, isPointedAt: false);
    }

    /// <summary>Walks the object that comes next as the fields of a sample whose time stands elsewhere.</summary>
    public void WalkFields(JsonText time)
    {
        Begin();
        Walk(Reader.Peek(), depth: 1, JsonRole.None, collects: true, isPointedAt: false);
        if (time.Kind != JsonKind.None && !TryTakeUsualTime(time, UsualNames.TimeForSure, time.Start))
        {
            Refuse(FaultReason.InvalidTime, time.Start);
        }
    }

    public void Refuse(FaultReason reason, int offset)
    {
        if (Reason == FaultReason.None)
        {
            Reason = reason;
            FaultOffset = offset;
        }
    }

    private void Begin()
    {
        _fields.BeginSample();
        _fields.KeepsEqualNames = false;
        _parentPathBytes = 0;
        Start = Reader.Position;
        _timeRank = 0;
        Reason = FaultReason.None;
        HasTime = false;
        Time = 0;
        SampleQuality = Quality.Good;
        Name = default;
        Unit = default;
    }

    private void Walk(JsonKind kind, int depth, JsonRole active, bool collects, bool isPointedAt)
    {
        switch (kind)
        {
            case JsonKind.Object:
                WalkObject(depth, active, collects);
                break;
            case JsonKind.Array:
                WalkArray(depth, active, collects, isPointedAt);
                break;
            default:
                int offset = Reader.Position;
                if (Reader.TryReadScalar(kind, out JsonText scalar) && collects)
                {
                    Put(scalar, isPointedAt, offset);
                }

                break;
        }
    }

    private void WalkArray(int depth, JsonRole active, bool collects, bool isPointedAt)
    {
        bool isFirst = true;
        int path = _fields.PathBytes;
        int parentPath = _parentPathBytes;
        Reader.TryEnter();
        for (int i = 0; Reader.TryNextElement(ref isFirst); i++)
        {
            JsonKind kind = Reader.Peek();
            NamedElement element = default;
            bool isNamed = kind == JsonKind.Object && _plan.IsDefault && collects
                && NamedElement.TryRecognise(Reader, out element);
            if (isNamed && element.HasValue)
            {
                WalkNamedOrDefer(element);
            }
            else
            {
                PushPlace(i, isNamed ? element.Name : default, collects);
                Walk(kind, depth, active, collects, isPointedAt);
            }

            _parentPathBytes = parentPath;
            _fields.ResetPath(path);
        }
    }

    private readonly void PushPlace(int index, JsonText name, bool collects)
    {
        if (name.Kind != JsonKind.None)
        {
            _fields.PushKey(name.In(Reader.Text), name.IsEscaped, _plan.Separator);
        }
        else if (collects)
        {
            _fields.PushIndex(index, _plan.Separator);
        }
    }

    private void WalkNamedOrDefer(in NamedElement element)
    {
        if (element.MayHaveTime)
        {
            _fields.Defer(Reader.Position, _parentPathBytes);
            Reader.TrySkipValue();
            return;
        }

        byte quality = SampleQuality;
        bool keepsEqualNames = _fields.KeepsEqualNames;
        int count = _fields.SampleCount;
        SampleQuality = Quality.Good;
        int path = _fields.SetPathAside(_parentPathBytes);
        WalkNamed(element);
        _fields.TakePathBack(path);
        _fields.KeepsEqualNames = keepsEqualNames;
        if (_fields.SampleCount > count && SampleQuality != Quality.Good)
        {
            _fields.SetQuality(SampleQuality, except: count);
        }

        SampleQuality = quality;
    }

    /// <summary>Walks the members of a named element; the path before its name is set.</summary>
    private void WalkNamed(in NamedElement element)
    {
        int before = _fields.PathBytes;
        bool isFirst = true;
        Reader.TryEnter();
        while (Reader.TryNextMember(ref isFirst, out JsonText key))
        {
            _fields.ResetPath(before);
            _fields.KeepsEqualNames = true;
            _fields.PushKey(element.Name.In(Reader.Text), element.Name.IsEscaped, _plan.Separator);
            _parentPathBytes = _fields.PathBytes;
            JsonKind kind = Reader.Peek();
            ReadOnlySpan<byte> member = key.In(Reader.Text);
            if (!TryTakeBeside(member, kind, key))
            {
                bool isValue = UsualNames.IsValue(member);
                if (!isValue)
                {
                    _fields.PushKey(member, key.IsEscaped, _plan.Separator);
                }

                Walk(kind, depth: 1, JsonRole.None, collects: true, isPointedAt: isValue);
            }
        }

        _fields.ResetPath(before);
    }

    /// <summary>Takes what stands beside the value of a named element: name, time, quality, description.</summary>
    private bool TryTakeBeside(ReadOnlySpan<byte> member, JsonKind kind, JsonText key)
    {
        bool isScalar = kind is not (JsonKind.Object or JsonKind.Array);
        int timeRank = kind is JsonKind.String or JsonKind.Number ? UsualNames.TimeRank(member) : 0;
        bool isQuality = UsualNames.IsQuality(member);
        bool isOther = UsualNames.NameRank(member) > 0 || UsualNames.IsDescription(member);
        int offset = Reader.Position;
        if (!isScalar || !(timeRank > 0 || isQuality || isOther) || !Reader.TryReadScalar(kind, out JsonText scalar))
        {
            return false;
        }

        if (isQuality)
        {
            TakeQuality(scalar);
        }
        else if (timeRank > 0 && !TryTakeUsualTime(scalar, timeRank, offset))
        {
            _fields.PushKey(member, key.IsEscaped, _plan.Separator);
            Put(scalar, isPointedAt: false, offset);
        }

        return true;
    }

    private void WalkObject(int depth, JsonRole active, bool collects)
    {
        bool isFirst = true;
        Reader.TryEnter();
        while (Reader.TryNextMember(ref isFirst, out JsonText key))
        {
            int path = _fields.PathBytes;
            _parentPathBytes = path;
            ReadOnlySpan<byte> name = _fields.PushKey(key.In(Reader.Text), key.IsEscaped, _plan.Separator);
            JsonRole ended = JsonRole.None;
            JsonRole matched = active == JsonRole.None ? active : _plan.Follow(active, depth, name, out ended);
            Met |= ended;
            int timeRank = depth == 0 && !_plan.Maps(JsonRole.Time) ? UsualNames.TimeRank(name) : 0;
            JsonKind kind = Reader.Peek();
            bool mayBeTaken = ended != JsonRole.None || timeRank > 0;
            if (!mayBeTaken || !TryTake(kind, ended, timeRank, collects))
            {
                WalkMember(kind, depth, matched, ended, collects);
            }

            _fields.ResetPath(path);
        }
    }

    private void WalkMember(JsonKind kind, int depth, JsonRole matched, JsonRole ended, bool collects)
    {
        bool isValue = (ended & JsonRole.Value) != 0;
        if (isValue && _fields.AreNamed)
        {
            // The sample's name stands for the way to its value. Nothing above the value is a field, so that the
            // overwritten path is never read again.
            _fields.ResetPath(0);
        }

        Walk(kind, depth + 1, matched, collects || isValue, isValue);
    }

    /// <summary>Takes the value that comes next if it is the sample's name, quality or time.</summary>
    private bool TryTake(JsonKind kind, JsonRole ended, int timeRank, bool collects)
    {
        bool isTime = (ended & JsonRole.Time) != 0;
        bool isQuality = (ended & JsonRole.Quality) != 0;
        bool isName = (ended & JsonRole.Name) != 0;
        bool isUnit = (ended & JsonRole.Unit) != 0 && kind == JsonKind.String;
        bool isText = kind is JsonKind.String or JsonKind.Number;
        bool isScalar = isText || kind is JsonKind.True or JsonKind.False or JsonKind.Null;
        bool takes = isScalar && (isTime || isQuality || isUnit || (isName && isText) || (timeRank > 0 && isText));
        int offset = Reader.Position;
        if (!takes || !Reader.TryReadScalar(kind, out JsonText scalar))
        {
            return false;
        }

        if (isName)
        {
            Name = scalar;
        }
        else if (isTime)
        {
            TakeMappedTime(scalar, offset);
        }
        else if (isUnit)
        {
            Unit = scalar;
        }
        else if (isQuality)
        {
            TakeQuality(scalar);
        }
        else if (!TryTakeUsualTime(scalar, timeRank, offset) && collects)
        {
            Put(scalar, isPointedAt: false, offset);
        }

        return true;
    }

    private void TakeMappedTime(JsonText scalar, int offset)
    {
        ReadOnlySpan<byte> text = _fields.Plain(scalar, Reader.Text);
        TimeOutcome outcome = TimeOutcome.NotATime;
        long time = 0;
        switch (scalar.Kind)
        {
            case JsonKind.Null:
                return;
            case JsonKind.String:
                outcome = PayloadTime.ReadIso(text, zoneMinutes: null, _fields.Local, out time);
                break;
        }

        if (outcome == TimeOutcome.NotATime)
        {
            outcome = PayloadTime.ReadNumber(text, _plan.Precision, out time);
        }

        KeepTime(outcome, time, offset);
    }

    /// <summary>
    /// A value under a usual name is the time when it is plausible as one, else a value like any other.
    /// </summary>
    private bool TryTakeUsualTime(JsonText scalar, int rank, int offset)
    {
        ReadOnlySpan<byte> text = _fields.Plain(scalar, Reader.Text);
        TimeOutcome outcome = TimeOutcome.NotATime;
        long time = 0;
        if (scalar.Kind == JsonKind.String)
        {
            outcome = PayloadTime.ReadIso(text, zoneMinutes: null, _fields.Local, out time);
        }

        if (outcome == TimeOutcome.NotATime)
        {
            outcome = PayloadTime.ReadPlausibleNumber(text, out time);
        }

        if (outcome == TimeOutcome.NotATime || (outcome != TimeOutcome.Parsed && rank < UsualNames.TimeForSure))
        {
            return false;
        }

        if (rank >= _timeRank)
        {
            _timeRank = rank;
            KeepTime(outcome, time, offset);
        }

        return true;
    }

    private void KeepTime(TimeOutcome outcome, long time, int offset)
    {
        if (outcome != TimeOutcome.Parsed)
        {
            Refuse(PayloadTime.ReasonOf(outcome), offset);
            return;
        }

        Time = time;
        HasTime = true;
    }

    private void TakeQuality(JsonText scalar)
    {
        SampleQuality = scalar.Kind switch
        {
            JsonKind.True => QualityValue.OfBoolean(true),
            JsonKind.False => QualityValue.OfBoolean(false),
            JsonKind.Number => QualityValue.OfNumber(scalar.In(Reader.Text)),
            JsonKind.String => QualityValue.OfWord(_fields.Plain(scalar, Reader.Text)),
            _ => Quality.Good,
        };
    }

    private void Put(JsonText scalar, bool isPointedAt, int offset)
    {
        FaultReason reason = FaultReason.None;
        switch (scalar.Kind)
        {
            case JsonKind.True or JsonKind.False:
                reason = _fields.Put(FieldType.Boolean, scalar.Kind == JsonKind.True ? 1 : 0);
                break;
            case JsonKind.Number:
                reason = PutNumber(scalar.In(Reader.Text));
                break;
            case JsonKind.String when isPointedAt:
                reason = PutWord(_fields.Plain(scalar, Reader.Text));
                break;
            case JsonKind.String
                when _plan.TakesNumbersInText && TryReadNumber(scalar.In(Reader.Text), out double number):
                reason = _fields.Put(
                    FieldType.Float, BitConverter.DoubleToInt64Bits(number), WrittenAs.NumberInText);
                break;
            default:
                _fields.Remove();
                break;
        }

        if (reason != FaultReason.None)
        {
            Refuse(reason, offset);
        }
    }

    private FaultReason PutNumber(ReadOnlySpan<byte> number) =>
        Utf8Number.TryParseDouble(number, out double value)
            ? _fields.Put(FieldType.Float, BitConverter.DoubleToInt64Bits(value))
            : FaultReason.NumberOutOfRange;

    /// <summary>Reads text that is wholly a JSON number, and one that a double can hold.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        if (text.IsEmpty || !(text[0] == '-' || char.IsAsciiDigit((char)text[0])))
        {
            return false;
        }

        var reader = new JsonReader(text, 0);
        return reader.TryReadScalar(JsonKind.Number, out _)
            && reader.Position == text.Length
            && Utf8Number.TryParseDouble(text, out number);
    }

    /// <summary>
    /// A value written as text: a number or a truth value in quotes. Other text is no value; where a mapping expects
    /// one it is given on as words, to be refused by name.
    /// </summary>
    private FaultReason PutWord(ReadOnlySpan<byte> word)
    {
        bool isTrue = word.SequenceEqual("true"u8);
        if (isTrue || word.SequenceEqual("false"u8))
        {
            return _fields.Put(FieldType.Boolean, isTrue ? 1 : 0);
        }

        if (Utf8Number.IsDecimal(word))
        {
            return PutNumber(word);
        }

        if (_plan.Maps(JsonRole.Value) && !word.IsEmpty)
        {
            return _fields.Put(FieldType.String, 0, WrittenAs.Words);
        }

        _fields.Remove();
        return FaultReason.None;
    }
}
