using System.Numerics;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// What paths have found for the sample being read and in the objects around it: one frame for each object and for each
/// key on the way to the samples. What the innermost frame has is what counts.
/// </summary>
internal sealed class JsonPlaces
{
    /// <summary>
    /// Longest text that is a name, tag, time, unit, quality or condition: one around many samples is read for each.
    /// </summary>
    public const int TextBytesMax = 1_024;

    private const int TwoPartBytesMax = 128; // of a time in two parts

    private readonly JsonPlan _plan;
    private readonly JsonFields _fields;
    private readonly JsonText[] _found; // by frame and bit of the role
    private readonly UsualTime[] _usual; // by frame
    private readonly JsonText[] _tags; // of the sample before
    private readonly int _roleCount;
    private int _frame;

    public JsonPlaces(JsonPlan plan, JsonFields fields)
    {
        int frameCount = (2 * plan.Samples.Length) + 3; // below the samples' object may be keys and samples of its own
        _plan = plan;
        _fields = fields;
        _roleCount = 32 - BitOperations.LeadingZeroCount((uint)plan.Known);
        _found = new JsonText[frameCount * _roleCount];
        _usual = new UsualTime[frameCount];
        _tags = new JsonText[plan.TagKeys.Length];
    }

    /// <summary>Goes to a frame and empties it; those above it are gone.</summary>
    public void Open(int frame)
    {
        _frame = frame;
        _found.AsSpan(frame * _roleCount, _roleCount).Clear();
        _usual[frame] = default;
    }

    /// <summary>Keeps a text for roles in the frame; what came last counts. Only a quality can be null.</summary>
    public void Set(JsonRole roles, JsonText text)
    {
        for (uint rest = (uint)roles; rest != 0; rest &= rest - 1)
        {
            int bit = BitOperations.TrailingZeroCount(rest);
            bool isNothing = text.Kind == JsonKind.Null && (1u << bit) != (uint)JsonRole.Quality;
            _found[(_frame * _roleCount) + bit] = isNothing ? default : text;
        }
    }

    /// <summary>Keeps a time that stood under a usual name in the frame.</summary>
    public void SetUsual(bool hasTime, long time, FaultReason reason, int offset) =>
        _usual[_frame] = new UsualTime(hasTime, time, reason, offset);

    /// <summary>The innermost text of a role; of kind None when there is none.</summary>
    public JsonText Find(JsonRole role)
    {
        int bit = BitOperations.Log2((uint)role);
        for (int frame = bit < _roleCount ? _frame : -1; frame >= 0; frame--)
        {
            JsonText text = _found[(frame * _roleCount) + bit];
            if (text.Kind != JsonKind.None)
            {
                return text;
            }
        }

        return default;
    }

    /// <summary>Looks for a text that is too long.</summary>
    public bool HasTooLong(out int offset)
    {
        ReadOnlySpan<JsonText> found = _found.AsSpan(0, (_frame + 1) * _roleCount);
        for (int i = 0; i < found.Length; i++)
        {
            bool isBytes = i % _roleCount == BitOperations.Log2((uint)JsonRole.Bytes);
            if (found[i].Bytes > TextBytesMax && !isBytes)
            {
                offset = found[i].Start;
                return true;
            }
        }

        offset = 0;
        return false;
    }

    /// <summary>The next sample has other tags than any before.</summary>
    public void ForgetTags() => _tags.AsSpan().Clear();

    /// <summary>The sample's tags stand where those of the sample before did.</summary>
    public bool HasTagsAsBefore()
    {
        bool areSame = true;
        for (int i = 0; i < _tags.Length; i++)
        {
            JsonText text = Find((JsonRole)((uint)JsonRole.FirstTag << i));
            areSame &= text == _tags[i] && text.Kind != JsonKind.None;
            _tags[i] = text;
        }

        return areSame;
    }

    /// <summary>All conditions hold.</summary>
    public bool Hold(ReadOnlySpan<byte> payload)
    {
        for (int i = 0; i < _plan.Conditions.Length; i++)
        {
            JsonText text = Find((JsonRole)((uint)JsonRole.FirstCondition << i));
            if (text.Kind == JsonKind.None || !Fulfils(_plan.Conditions[i], _fields.Plain(text, payload)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads the mapped time, or finds a usual one around the sample.</summary>
    public FaultReason ReadTime(ReadOnlySpan<byte> payload, out bool hasTime, out long time, out int offset)
    {
        if (!_plan.Maps(JsonRole.Time))
        {
            UsualTime usual = FindUsual();
            (hasTime, time, offset) = (usual.HasTime, usual.Time, usual.Offset);
            return usual.Reason;
        }

        JsonText text = Find(JsonRole.Time);
        time = 0;
        offset = text.Start - (text.Kind == JsonKind.String ? 1 : 0);
        hasTime = text.Kind != JsonKind.None;
        if (!hasTime)
        {
            return FaultReason.None;
        }

        JsonText rest = Find(JsonRole.TimeRest);
        TimeOutcome outcome = rest.Kind == JsonKind.None
            ? ReadTime(_fields.Plain(text, payload), out time)
            : ReadTwoPartTime(text, rest, payload, out time);
        return outcome == TimeOutcome.Parsed ? FaultReason.None : PayloadTime.ReasonOf(outcome);
    }

    public byte ReadQuality(ReadOnlySpan<byte> payload)
    {
        JsonText text = Find(JsonRole.Quality);
        ReadOnlySpan<byte> word = _fields.Plain(text, payload);
        if (!_plan.Qualities.IsEmpty && text.Kind != JsonKind.None)
        {
            bool isNamed = _plan.Qualities.TryFind(word, out byte quality)
                || _plan.Qualities.TryFind(JsonPath.Any, out quality);
            return isNamed ? quality : Quality.Uncertain;
        }

        return text.Kind == JsonKind.Number && _plan.HasStatusCodes
            ? QualityValue.OfStatusCode(word)
            : QualityValue.Of(text.Kind, word);
    }

    /// <summary>Renders the route's series with the sample's tags.</summary>
    public void Render(SeriesText series, ReadOnlySpan<byte> routeSeries, ReadOnlySpan<byte> payload)
    {
        series.Clear();
        int measurement = SeriesText.MeasurementBytes(routeSeries);
        series.AppendRaw(routeSeries[..measurement]);
        for (int i = 0; i < _plan.TagKeys.Length; i++)
        {
            JsonText text = Find((JsonRole)((uint)JsonRole.FirstTag << i));
            if (text.Bytes > 0)
            {
                series.AppendTagKey(_plan.TagKeys[i]);
                series.AppendTagValue(_fields.Plain(text, payload));
            }
        }

        series.AppendRaw(routeSeries[measurement..]);
    }

    private UsualTime FindUsual()
    {
        for (int frame = _frame; frame >= 0; frame--)
        {
            if (_usual[frame].HasTime || _usual[frame].Reason != FaultReason.None)
            {
                return _usual[frame];
            }
        }

        return default;
    }

    private static bool Fulfils(byte[][] values, ReadOnlySpan<byte> text)
    {
        foreach (byte[] value in values)
        {
            if (text.SequenceEqual(value))
            {
                return true;
            }
        }

        return values.Length == 0;
    }

    private TimeOutcome ReadTime(ReadOnlySpan<byte> text, out long time)
    {
        TimeOutcome outcome = PayloadTime.ReadIso(text, _plan.ZoneMinutes, _fields.Local, out time);
        return outcome == TimeOutcome.NotATime
            ? PayloadTime.ReadNumber(text, _plan.Precision, out time)
            : outcome;
    }

    /// <summary>A date and a time of day, or a number and the nanoseconds behind it.</summary>
    private TimeOutcome ReadTwoPartTime(JsonText first, JsonText rest, ReadOnlySpan<byte> payload, out long time)
    {
        ReadOnlySpan<byte> text = _fields.Plain(first, payload);
        TimeOutcome outcome = PayloadTime.ReadNumber(text, _plan.Precision, out time);
        if (outcome != TimeOutcome.NotATime)
        {
            return outcome == TimeOutcome.Parsed
                ? AddNanoseconds(_fields.Plain(rest, payload), ref time)
                : outcome;
        }

        Span<byte> both = stackalloc byte[TwoPartBytesMax];
        int start = text.Length + 1;
        if (start + rest.Bytes > TwoPartBytesMax)
        {
            return TimeOutcome.NotATime;
        }

        text.CopyTo(both);
        both[text.Length] = (byte)' ';
        text = _fields.Plain(rest, payload);
        text.CopyTo(both[start..]);
        return PayloadTime.ReadIso(both[..(start + text.Length)], _plan.ZoneMinutes, _fields.Local, out time);
    }

    private static TimeOutcome AddNanoseconds(ReadOnlySpan<byte> text, ref long time)
    {
        if (!Utf8Number.TryParseUInt64(text, out ulong nanoseconds) || nanoseconds >= Timestamp.NanosecondsPerSecond)
        {
            return TimeOutcome.NotATime;
        }

        bool fits = time <= long.MaxValue - (long)nanoseconds;
        time += fits ? (long)nanoseconds : 0;
        return fits ? TimeOutcome.Parsed : TimeOutcome.OutOfRange;
    }

    private readonly record struct UsualTime(bool HasTime, long Time, FaultReason Reason, int Offset);
}
