using System.Text.Unicode;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Reads one line of InfluxDB line protocol: <c>measurement[,tag=value…] field=value[,field=value…] [time]</c>. It
/// works on its own position; after a fault <see cref="Resume"/> is where the next line is looked for.
/// </summary>
internal ref struct LineScanner
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly FieldTable _fields;
    private readonly TagTable _tags;
    private readonly int _start;
    private KnownSeries? _known;
    private int _position;

    public LineScanner(ReadOnlySpan<byte> text, int start, FieldTable fields, TagTable tags)
    {
        _text = text;
        _fields = fields;
        _tags = tags;
        _start = start;
        _position = start;
    }

    /// <summary>
    /// Where the line ends, at its line feed or the end of the text; after a fault, where it is taken to end.
    /// </summary>
    public readonly int Resume => _position;

    public int SeriesBytes { get; private set; }

    public bool HasTime { get; private set; }

    public long Time { get; private set; }

    public FaultReason Reason { get; private set; }

    public int FaultOffset { get; private set; }

    public bool TryScan(TimePrecision precision)
    {
        _tags.Clear();
        return (TryScanSeries() && TryScanFieldsAndTime(precision)) || EndLine();
    }

    /// <summary>Reads a line whose head is known to be good.</summary>
    public bool TryScanBehindHead(KnownSeries known, TimePrecision precision)
    {
        _known = known;
        SeriesBytes = known.HeadBytes;
        _position = _start + known.HeadBytes;
        return TryScanFieldsAndTime(precision) || EndLine();
    }

    private bool TryScanFieldsAndTime(TimePrecision precision)
    {
        _fields.Clear();
        return TryScanFields() && TryScanTime(precision);
    }

    /// <summary>Goes to where a bad line is taken to end.</summary>
    private bool EndLine()
    {
        int lineEnd = _text[_position..].IndexOf((byte)'\n');
        _position = lineEnd < 0 ? _text.Length : _position + lineEnd;
        return false;
    }

    private bool TryScanSeries()
    {
        byte stop = ScanName(escapesEquals: false, stopsAtEquals: false, out bool hasHigh, out _);
        if (_position == _start)
        {
            return Refuse(stop == ByteClass.Control ? ControlReason() : FaultReason.MissingMeasurement, _position);
        }

        while (stop == ByteClass.Comma)
        {
            if (!TryScanTag(ref hasHigh, out stop))
            {
                return false;
            }
        }

        if (stop != ByteClass.Space)
        {
            return Refuse(ControlReason(), _position);
        }

        SeriesBytes = _position - _start;
        return SeriesBytes > Limits.SeriesKeyBytesMax ? Refuse(FaultReason.SeriesTooLong, _start)
            : !hasHigh || Utf8.IsValid(_text.Slice(_start, SeriesBytes)) || Refuse(FaultReason.InvalidUtf8, _start);
    }

    private bool TryScanTag(ref bool hasHigh, out byte stop)
    {
        _position++;
        int keyStart = _position;
        stop = ScanName(escapesEquals: true, stopsAtEquals: true, out bool keyHasHigh, out _);
        int keyBytes = _position - keyStart;
        if (keyBytes == 0)
        {
            return Refuse(FaultReason.MissingTagKey, keyStart);
        }

        if (stop != ByteClass.EqualsSign)
        {
            return Refuse(
                IsAtControlInside(stop) ? FaultReason.InvalidCharacter : FaultReason.MissingTagValue, _position);
        }

        if (_tags.IsFull)
        {
            return Refuse(FaultReason.TooManyTags, keyStart);
        }

        if (!_tags.TryAdd(_text, keyStart, keyBytes))
        {
            return Refuse(FaultReason.DuplicateTags, keyStart);
        }

        _position++;
        int valueStart = _position;
        stop = ScanName(escapesEquals: true, stopsAtEquals: true, out bool valueHasHigh, out _);
        hasHigh |= keyHasHigh | valueHasHigh;
        if (_position == valueStart)
        {
            return Refuse(FaultReason.MissingTagValue, valueStart);
        }

        return stop != ByteClass.EqualsSign || Refuse(FaultReason.InvalidTagFormat, _position);
    }

    private bool TryScanFields()
    {
        SkipSpaces();
        if (IsAtLineEnd())
        {
            return Refuse(FaultReason.MissingFields, _position);
        }

        while (TryScanField())
        {
            if (_position >= _text.Length || _text[_position] != ',')
            {
                return IsAtLineEnd()
                    || _text[_position] == ' '
                    || Refuse(FaultReason.InvalidFieldFormat, _position);
            }

            _position++;
        }

        return false;
    }

    private bool TryScanField() => TryScanUsualKey() is { } isGood ? isGood : TryScanAnyField();

    /// <summary>Fast path: the field that usually comes here; null when the text goes on with anything else.</summary>
    private bool? TryScanUsualKey()
    {
        ReadOnlySpan<byte> key = _known is null ? default : _known.UsualKey(_fields.Count);
        ReadOnlySpan<byte> rest = _text[_position..];
        bool isThere = !key.IsEmpty && rest.Length > key.Length && rest[key.Length] == '=' && rest.StartsWith(key);
        if (!isThere || _fields.IsFull)
        {
            return null;
        }

        ref FieldSlot slot = ref _fields.Add();
        slot.KeyStart = _position;
        slot.KeyBytes = key.Length;
        slot.HasUsualKey = true;
        _position += key.Length + 1;
        return TryScanValue(ref slot);
    }

    private bool TryScanAnyField()
    {
        int keyStart = _position;
        byte stop = ScanName(escapesEquals: true, stopsAtEquals: true, out bool hasHigh, out bool isEscaped);
        int keyBytes = _position - keyStart;
        if (stop != ByteClass.EqualsSign)
        {
            return Refuse(
                IsAtControlInside(stop) ? FaultReason.InvalidCharacter
                : keyBytes == 0 ? FaultReason.MissingFieldKey
                : FaultReason.InvalidFieldFormat,
                _position);
        }

        if (keyBytes == 0)
        {
            return Refuse(FaultReason.MissingFieldKey, keyStart);
        }

        if (hasHigh && !Utf8.IsValid(_text.Slice(keyStart, keyBytes)))
        {
            return Refuse(FaultReason.InvalidUtf8, keyStart);
        }

        if (_fields.IsFull)
        {
            return Refuse(FaultReason.TooManyFields, keyStart);
        }

        _position++;
        ref FieldSlot slot = ref _fields.Add();
        slot.KeyStart = keyStart;
        slot.KeyBytes = keyBytes;
        slot.KeyIsEscaped = isEscaped;
        return TryScanValue(ref slot);
    }

    private bool TryScanValue(ref FieldSlot slot)
    {
        byte first = _position < _text.Length ? _text[_position] : (byte)'\n';
        switch (first)
        {
            case (byte)'"':
                return TryScanString(ref slot);
            case (byte)',' or (byte)' ' or (byte)'\n':
                return Refuse(FaultReason.MissingFieldValue, _position);
            case (byte)'\r' when IsAtLineEnd():
                return Refuse(FaultReason.MissingFieldValue, _position);
            case (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9') or (byte)'n' or (byte)'N':
                return TryScanNumber(ref slot);
            default:
                return TryScanBoolean(ref slot);
        }
    }

    private bool TryScanNumber(ref FieldSlot slot)
    {
        int start = _position;
        if (Utf8Number.TryReadDecimal(_text[start..], out double most, out int bytes) && EndsValue(start + bytes))
        {
            _position += bytes; // fast path
            slot.Type = FieldType.Float;
            slot.Bits = BitConverter.DoubleToInt64Bits(most);
            return true;
        }

        ReadOnlySpan<byte> number = ScanBareValue();
        FaultReason reason;
        switch (number[^1])
        {
            case (byte)'i':
                slot.Type = FieldType.Integer;
                reason = ReasonOf(Utf8Number.ParseInt64(number[..^1], out slot.Bits), FaultReason.IntegerOutOfRange);
                break;
            case (byte)'u':
                slot.Type = FieldType.Unsigned;
                Utf8NumberStatus status = Utf8Number.ParseUInt64(number[..^1], out ulong unsigned);
                slot.Bits = (long)unsigned;
                reason = ReasonOf(status, FaultReason.UnsignedOutOfRange);
                break;
            default:
                slot.Type = FieldType.Float;
                reason = Utf8Number.TryParseDouble(number, out double value)
                    ? FaultReason.None
                    : ReasonOfRefusedDouble(number);
                slot.Bits = BitConverter.DoubleToInt64Bits(value);
                break;
        }

        return reason == FaultReason.None || Refuse(reason, start);
    }

    private static FaultReason ReasonOf(Utf8NumberStatus status, FaultReason outOfRange) => status switch
    {
        Utf8NumberStatus.Parsed => FaultReason.None,
        Utf8NumberStatus.OutOfRange => outOfRange,
        _ => FaultReason.InvalidNumber,
    };

    /// <summary>
    /// A text of digits that gives no double is too large; without its exponent's sign it would be small.
    /// </summary>
    private static FaultReason ReasonOfRefusedDouble(ReadOnlySpan<byte> number) =>
        Utf8Number.IsDecimal(number) ? FaultReason.NumberOutOfRange : FaultReason.InvalidNumber;

    private bool TryScanBoolean(ref FieldSlot slot)
    {
        int start = _position;
        ReadOnlySpan<byte> word = ScanBareValue();
        slot.Type = FieldType.Boolean;
        if (word.SequenceEqual("t"u8)
            || word.SequenceEqual("T"u8)
            || word.SequenceEqual("true"u8)
            || word.SequenceEqual("True"u8)
            || word.SequenceEqual("TRUE"u8))
        {
            slot.Bits = 1;
            return true;
        }

        return word.SequenceEqual("f"u8)
            || word.SequenceEqual("F"u8)
            || word.SequenceEqual("false"u8)
            || word.SequenceEqual("False"u8)
            || word.SequenceEqual("FALSE"u8)
            || Refuse(FaultReason.InvalidBoolean, start);
    }

    /// <summary>
    /// Reads a quoted value. When the quote is never closed, or closed on a later line where nothing may follow, the
    /// line is taken to end at its own line feed: a forgotten quote must not swallow the neighbours.
    /// </summary>
    private bool TryScanString(ref FieldSlot slot)
    {
        int open = _position;
        int i = open + 1;
        while (true)
        {
            int step = _text[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
            {
                return Refuse(FaultReason.UnbalancedQuotes, open);
            }

            i += step;
            if (_text[i] == '"')
            {
                break;
            }

            bool escapes = i + 1 < _text.Length && (_text[i + 1] is (byte)'"' or (byte)'\\');
            slot.ValueIsEscaped |= escapes;
            i += escapes ? 2 : 1;
        }

        slot.Type = FieldType.String;
        slot.ValueStart = open + 1;
        slot.ValueBytes = i - open - 1;
        _position = i + 1;
        ReadOnlySpan<byte> value = _text.Slice(slot.ValueStart, slot.ValueBytes);
        bool endsWell = _position >= _text.Length || (_text[_position] is (byte)',' or (byte)' ') || IsAtLineEnd();
        if (!endsWell && value.Contains((byte)'\n'))
        {
            _position = open;
            return Refuse(FaultReason.UnbalancedQuotes, open);
        }

        return Utf8.IsValid(value) || Refuse(FaultReason.InvalidUtf8, slot.ValueStart);
    }

    private bool TryScanTime(TimePrecision precision)
    {
        SkipSpaces();
        if (IsAtLineEnd())
        {
            return true;
        }

        int start = _position;
        Utf8NumberStatus status = ScanTime(out long value);
        if (status == Utf8NumberStatus.Malformed)
        {
            return Refuse(FaultReason.InvalidTime, start);
        }

        if (status == Utf8NumberStatus.OutOfRange || !Timestamp.TryFrom(value, precision, out long time))
        {
            return Refuse(FaultReason.TimeOutOfRange, start);
        }

        Time = time;
        HasTime = true;
        SkipSpaces();
        return IsAtLineEnd() || Refuse(FaultReason.TextAfterTime, _position);
    }

    private Utf8NumberStatus ScanTime(out long value)
    {
        // Fast path: a whole number without a sign; one that does not fit is judged the long way.
        ReadOnlySpan<byte> rest = _text[_position..];
        if (Utf8Number.TryReadDigits(rest, out ulong digits, out int bytes) && EndsValue(_position + bytes))
        {
            _position += bytes;
            value = (long)digits;
            return Utf8NumberStatus.Parsed;
        }

        return Utf8Number.ParseInt64(ScanBareValue(), out value);
    }

    /// <summary>
    /// Runs over a name to the byte that ends it. A backslash escapes a comma, a space and (where told) an equals sign;
    /// before anything else it stands for itself.
    /// </summary>
    /// <returns>The class of the byte at the position; Control at the end of the text.</returns>
    private byte ScanName(bool escapesEquals, bool stopsAtEquals, out bool hasHigh, out bool isEscaped)
    {
        ReadOnlySpan<byte> text = _text;
        ReadOnlySpan<byte> classes = ByteClass.Of;
        hasHigh = false;
        isEscaped = false;
        int i = _position;
        byte found = ByteClass.Control;
        for (; (uint)i < (uint)text.Length; i++)
        {
            found = classes[text[i]];
            if (found == ByteClass.Plain)
            {
                continue;
            }

            if (found == ByteClass.Backslash)
            {
                byte next = i + 1 < text.Length ? text[i + 1] : (byte)0;
                bool escapes = next is (byte)',' or (byte)' ' || (next == '=' && escapesEquals);
                isEscaped |= escapes;
                i += escapes ? 1 : 0;
            }
            else if (found == ByteClass.High)
            {
                hasHigh = true;
            }
            else if (found != ByteClass.EqualsSign || stopsAtEquals)
            {
                _position = i;
                return found;
            }
        }

        _position = i;
        return ByteClass.Control;
    }

    /// <summary>The bytes up to the next comma, space or control character.</summary>
    private ReadOnlySpan<byte> ScanBareValue()
    {
        ReadOnlySpan<byte> text = _text;
        ReadOnlySpan<byte> classes = ByteClass.Of;
        int start = _position;
        int i = start;
        while ((uint)i < (uint)text.Length
            && classes[text[i]] is not (ByteClass.Comma or ByteClass.Space or ByteClass.Control))
        {
            i++;
        }

        _position = i;
        return text[start..i];
    }

    /// <summary>True where a bare value ends.</summary>
    private readonly bool EndsValue(int position) => position >= _text.Length
        || ByteClass.Of[_text[position]] is ByteClass.Comma or ByteClass.Space or ByteClass.Control;

    private void SkipSpaces()
    {
        while (_position < _text.Length && _text[_position] == ' ')
        {
            _position++;
        }
    }

    /// <summary>At the end of the text, a line feed, or a carriage return before one of the two.</summary>
    private readonly bool IsAtLineEnd()
    {
        int i = _position;
        i += i < _text.Length && _text[i] == '\r' ? 1 : 0;
        return i >= _text.Length || _text[i] == '\n';
    }

    private readonly bool IsAtControlInside(byte stop) => stop == ByteClass.Control && !IsAtLineEnd();

    /// <summary>The line ended, or a control character stands, before the fields.</summary>
    private readonly FaultReason ControlReason() =>
        IsAtLineEnd() ? FaultReason.MissingFields : FaultReason.InvalidCharacter;

    private bool Refuse(FaultReason reason, int offset)
    {
        Reason = reason;
        FaultOffset = offset;
        return false;
    }
}
