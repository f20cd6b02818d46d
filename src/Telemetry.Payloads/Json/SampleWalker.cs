using System.Buffers.Text;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Walks one sample: its numbers and truth values become fields, what the plan points at is kept as its name, time,
/// quality and so on. A fault of the sample (not of the JSON) is kept and the walk goes on to the sample's end.
/// </summary>
internal ref struct SampleWalker
{
    private readonly JsonPlan _plan;
    private readonly JsonFields _fields;
    private readonly JsonPlaces _places;
    private readonly JsonValues _values;
    private int _timeRank;
    private int _parentPathBytes; // of the path, what stands before the key of the array being walked

    /// <summary>Where the walk stands; a field, so that it is moved and not copied.</summary>
    public JsonReader Reader;

    public SampleWalker(ReadOnlySpan<byte> payload, int position, JsonPlan plan, JsonScratch scratch)
    {
        Reader = new JsonReader(payload, position);
        _plan = plan;
        _fields = scratch.Fields;
        _places = scratch.Places;
        _values = scratch.Values;
    }

    /// <summary>Where the sample starts.</summary>
    public int Start { get; private set; }

    public FaultReason Reason { get; private set; }

    public int FaultOffset { get; private set; }

    public bool HasTime { get; private set; }

    public long Time { get; private set; }

    /// <summary>Quality of a named element or of the whole sample.</summary>
    public byte SampleQuality { get; private set; }

    public bool HasFailed => Reader.HasFailed;

    /// <summary>The roles whose path was met in any sample so far.</summary>
    public JsonRole Met { get; private set; }

    /// <summary>Walks the value that comes next as one sample.</summary>
    public void WalkSample()
    {
        JsonKind kind = Reader.Peek();
        Begin();
        bool isTuple = kind == JsonKind.Array && _plan.TakesPlaces;
        bool isBareValue = kind is not JsonKind.Object && !isTuple && _plan.Maps(JsonRole.Value);
        bool collects = !_plan.Maps(JsonRole.Value | JsonRole.Bytes) || isBareValue;
        Met |= isBareValue ? JsonRole.Value : JsonRole.None;
        Walk(kind, 0, _plan.Mapped, collects, isPointedAt: isBareValue);
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

    /// <summary>Walks the object that comes next for what it says of the samples in it; the reader stays.</summary>
    public void WalkAround()
    {
        int start = Reader.Position;
        Begin();
        Walk(Reader.Peek(), 0, _plan.Mapped & JsonRole.Around, collects: false, isPointedAt: false);
        _places.SetUsual(HasTime, Time, Reason, FaultOffset);
        Reader.MoveTo(start);
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
                    Put(scalar, offset, isPointedAt);
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
                WalkElement(kind, i, depth, active, collects, isPointedAt);
            }

            _parentPathBytes = parentPath;
            _fields.ResetPath(path);
        }
    }

    /// <summary>Walks an element; a path may name its place.</summary>
    private void WalkElement(JsonKind kind, int index, int depth, JsonRole active, bool collects, bool isPointedAt)
    {
        JsonRole ended = JsonRole.None;
        JsonRole matched = JsonRole.None;
        if (_plan.TakesPlaces && active != JsonRole.None)
        {
            Span<byte> place = stackalloc byte[13]; // the digits of an int in brackets
            place[0] = (byte)'[';
            Utf8Formatter.TryFormat(index, place[1..], out int digits);
            place[digits + 1] = (byte)']';
            matched = _plan.Follow(active, depth, place[..(digits + 2)], out ended);
        }

        if (matched == JsonRole.None)
        {
            Walk(kind, depth, active, collects, isPointedAt);
            return;
        }

        Met |= ended;
        if (!TryTake(kind, ended, timeRank: 0, collects))
        {
            bool isValue = (ended & JsonRole.Value) != 0;
            _fields.ResetPath(isValue ? 0 : _fields.PathBytes); // the place is no name
            Walk(kind, depth + 1, matched, collects || isValue, isValue);
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
            SampleQuality = QualityValue.Of(scalar.Kind, _fields.Plain(scalar, Reader.Text));
        }
        else if (timeRank > 0 && !TryTakeUsualTime(scalar, timeRank, offset))
        {
            _fields.PushKey(member, key.IsEscaped, _plan.Separator);
            Put(scalar, offset, isPointedAt: false);
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
        if (!collects && !isValue && matched == JsonRole.None)
        {
            Reader.TrySkipValue();
            return;
        }

        if (isValue && _fields.AreNamed)
        {
            // The sample's name stands for the way to its value. Nothing above the value is a field, so that the
            // overwritten path is never read again.
            _fields.ResetPath(0);
        }

        Walk(kind, depth + 1, matched, collects || isValue, isValue);
    }

    /// <summary>Takes the value that comes next if a path wants it for something else than a field.</summary>
    private bool TryTake(JsonKind kind, JsonRole ended, int timeRank, bool collects)
    {
        JsonRole wanted = ended & AllowedAs(kind);
        int offset = Reader.Position;
        if (wanted != JsonRole.None)
        {
            return TryTakeMapped(kind, ended, wanted);
        }

        if (timeRank == 0 || kind is not (JsonKind.String or JsonKind.Number)
            || !Reader.TryReadScalar(kind, out JsonText scalar))
        {
            return false;
        }

        if (!TryTakeUsualTime(scalar, timeRank, offset) && collects)
        {
            Put(scalar, offset, isPointedAt: false);
        }

        return true;
    }

    /// <summary>The roles that a value of a kind can have.</summary>
    private static JsonRole AllowedAs(JsonKind kind) => kind switch
    {
        JsonKind.String => ~JsonRole.Value,
        JsonKind.Number => ~(JsonRole.Value | JsonRole.Unit | JsonRole.Bytes),
        JsonKind.Object => JsonRole.Quality | JsonRole.Conditions,
        JsonKind.Array => JsonRole.Conditions,
        _ => JsonRole.Time | JsonRole.TimeRest | JsonRole.Quality | JsonRole.Tags | JsonRole.Conditions,
    };

    /// <returns>False when the value is to be walked as well.</returns>
    private bool TryTakeMapped(JsonKind kind, JsonRole ended, JsonRole wanted)
    {
        int start = Reader.Position;
        if (kind is JsonKind.Object or JsonKind.Array)
        {
            _places.Set(wanted & JsonRole.Conditions, new JsonText(kind, start, 1, IsEscaped: false));
            bool isQuality = (wanted & JsonRole.Quality) != 0;
            if (isQuality)
            {
                _places.Set(JsonRole.Quality, CodeIn(Reader));
            }

            return isQuality && Reader.TrySkipValue();
        }

        if (!Reader.TryReadScalar(kind, out JsonText scalar))
        {
            return false;
        }

        _places.Set(wanted, scalar);
        bool isValueToo = (ended & JsonRole.Value) != 0;
        if (isValueToo)
        {
            Reader.MoveTo(start);
        }

        return !isValueToo;
    }

    /// <summary>Of a quality written as an object, such as OPC UA's: its number, or else its word.</summary>
    private static JsonText CodeIn(JsonReader reader)
    {
        JsonText code = default;
        bool isFirst = true;
        reader.TryEnter();
        while (reader.TryNextMember(ref isFirst, out _))
        {
            JsonKind kind = reader.Peek();
            bool isCode = kind == JsonKind.Number || (kind == JsonKind.String && code.Kind == JsonKind.None);
            if (isCode && reader.TryReadScalar(kind, out JsonText scalar))
            {
                code = scalar;
            }
            else if (!reader.TrySkipValue())
            {
                return default;
            }
        }

        return code;
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
            outcome = PayloadTime.ReadIso(text, _plan.ZoneMinutes, _fields.Local, out time);
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

    private void Put(JsonText scalar, int offset, bool isPointedAt)
    {
        FaultReason reason = _values.Put(scalar, Reader.Text, isPointedAt);
        if (reason != FaultReason.None)
        {
            Refuse(reason, offset);
        }
    }
}
