using System.Text;
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

    public bool HasFailed => Reader.HasFailed;

    /// <summary>Walks the value that comes next as one sample.</summary>
    public void WalkSample()
    {
        JsonKind kind = Reader.Peek();
        Begin();
        bool isBareValue = kind is not JsonKind.Object && _plan.Maps(JsonRole.Value);
        Walk(kind, 0, _plan.Mapped, !_plan.Maps(JsonRole.Value) || isBareValue, isPointedAt: isBareValue);
    }

    /// <summary>Walks the object that comes next for its time only.</summary>
    public void WalkForTime()
    {
        Begin();
        Walk(Reader.Peek(), 0, _plan.Mapped & JsonRole.Time, collects: false, isPointedAt: false);
    }

    /// <summary>Walks the object that comes next as the fields of a sample whose time stands elsewhere.</summary>
    public void WalkFields(JsonText time)
    {
        Begin();
        Walk(Reader.Peek(), depth: 1, JsonRole.None, collects: true, isPointedAt: false);
        if (time.Kind != JsonKind.None && !TryTakeUsualTime(time, rank: 1, time.Start))
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
        Start = Reader.Position;
        _timeRank = 0;
        Reason = FaultReason.None;
        HasTime = false;
        Time = 0;
        SampleQuality = Quality.Good;
        Name = default;
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
        Reader.TryEnter();
        for (int i = 0; Reader.TryNextElement(ref isFirst); i++)
        {
            if (collects)
            {
                _fields.PushIndex(i, _plan.Separator);
            }

            Walk(Reader.Peek(), depth, active, collects, isPointedAt);
            _fields.ResetPath(path);
        }
    }

    private void WalkObject(int depth, JsonRole active, bool collects)
    {
        bool isFirst = true;
        Reader.TryEnter();
        while (Reader.TryNextMember(ref isFirst, out JsonText key))
        {
            int path = _fields.PathBytes;
            ReadOnlySpan<byte> name = _fields.PushKey(key.In(Reader.Text), key.IsEscaped, _plan.Separator);
            JsonRole ended = JsonRole.None;
            JsonRole matched = active == JsonRole.None ? active : _plan.Follow(active, depth, name, out ended);
            int timeRank = depth == 0 && !_plan.Maps(JsonRole.Time) ? UsualTimeRank(name) : 0;
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
        bool isText = kind is JsonKind.String or JsonKind.Number;
        bool isScalar = isText || kind is JsonKind.True or JsonKind.False or JsonKind.Null;
        bool takes = isScalar && (isTime || isQuality || (isName && isText) || (timeRank > 0 && isText));
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
                outcome = PayloadTime.ReadIso(text, out time);
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
            outcome = PayloadTime.ReadIso(text, out time);
        }

        if (outcome == TimeOutcome.NotATime)
        {
            outcome = PayloadTime.ReadPlausibleNumber(text, out time);
        }

        if (outcome == TimeOutcome.NotATime)
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

    /// <summary>A value written as text: a number or a truth value in quotes; other text is no value.</summary>
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

        _fields.Remove();
        return FaultReason.None;
    }

    /// <summary>
    /// The names under which a time is looked for at the top of a sample when the plan names none; the higher rank
    /// wins. Upper case counts except for the single letter, since T is a temperature.
    /// </summary>
    private static int UsualTimeRank(ReadOnlySpan<byte> key) => key.Length switch
    {
        1 => key[0] == 't' ? 1 : 0,
        2 => Ascii.EqualsIgnoreCase(key, "ts"u8) ? 2 : 0,
        4 => Ascii.EqualsIgnoreCase(key, "time"u8) ? 4 : 0,
        9 => Ascii.EqualsIgnoreCase(key, "timestamp"u8) ? 3 : 0,
        _ => 0,
    };
}
