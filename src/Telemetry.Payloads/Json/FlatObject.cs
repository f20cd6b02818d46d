using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Fast path for what most gateways send: one object of numbers and truth values under the names that its series
/// usually has, in the usual order, with at most one time. It gives up at anything else, and the payload is then read
/// the long way, which gives the same point.
/// </summary>
internal ref struct FlatObject
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly KnownSeries _known;
    private readonly JsonPlan _plan;
    private readonly FieldTable _fields;
    private int _position;

    public FlatObject(ReadOnlySpan<byte> text, KnownSeries known, JsonPlan plan, FieldTable fields)
    {
        _text = text;
        _known = known;
        _plan = plan;
        _fields = fields;
    }

    public bool HasTime { get; private set; }

    public long Time { get; private set; }

    /// <summary>False: it gave up; what it has read means nothing.</summary>
    public bool TryRead()
    {
        _fields.Clear();
        if (!TryPass((byte)'{'))
        {
            return false;
        }

        do
        {
            SkipSpaces();
            if (!TryReadMember())
            {
                return false;
            }

            SkipSpaces();
        }
        while (TryPass((byte)','));

        return TryPass((byte)'}') && IsAtEnd() && _fields.Count > 0;
    }

    private bool TryReadMember()
    {
        ReadOnlySpan<byte> usual = _known.UsualKey(_fields.Count);
        ReadOnlySpan<byte> rest = _text[_position..];
        bool isUsual = rest.Length > usual.Length + 2
            && rest[0] == '"'
            && rest[usual.Length + 1] == '"'
            && !usual.IsEmpty
            && rest[1..].StartsWith(usual)
            && UsualNames.TimeRank(usual) == 0;
        if (!isUsual)
        {
            return TryReadTime(rest);
        }

        int keyStart = _position + 1;
        _position += usual.Length + 2;
        if (_fields.IsFull || !TryPassColon())
        {
            return false;
        }

        ref FieldSlot slot = ref _fields.Add();
        slot.KeyStart = keyStart;
        slot.KeyBytes = usual.Length;
        slot.HasUsualKey = true;
        return TryReadValue(ref slot);
    }

    private bool TryReadValue(ref FieldSlot slot)
    {
        ReadOnlySpan<byte> rest = _text[_position..];
        if (rest.StartsWith("true"u8) || rest.StartsWith("false"u8))
        {
            slot.Type = FieldType.Boolean;
            slot.Bits = rest[0] == 't' ? 1 : 0;
            _position += rest[0] == 't' ? 4 : 5;
            return true;
        }

        if (!Utf8Number.TryReadDecimal(rest, out double value, out int bytes)
            || !IsJsonNumber(rest[..bytes])
            || _plan.IsInvalid(value))
        {
            return false;
        }

        slot.Type = FieldType.Float;
        slot.Bits = BitConverter.DoubleToInt64Bits(value);
        _position += bytes;
        return true;
    }

    /// <summary>Reads a whole number under a name that means a time and nothing else.</summary>
    private bool TryReadTime(ReadOnlySpan<byte> rest)
    {
        int keyBytes = rest.Length > 1 && rest[0] == '"' ? rest[1..].IndexOf((byte)'"') : -1;
        if (HasTime || keyBytes <= 0 || UsualNames.TimeRank(rest.Slice(1, keyBytes)) < UsualNames.TimeForSure)
        {
            return false;
        }

        _position += keyBytes + 2;
        if (!TryPassColon())
        {
            return false;
        }

        rest = _text[_position..];
        if (!Utf8Number.TryReadDigits(rest, out _, out int bytes)
            || !IsJsonNumber(rest[..bytes])
            || PayloadTime.ReadPlausibleNumber(rest[..bytes], out long time) != TimeOutcome.Parsed)
        {
            return false;
        }

        _position += bytes;
        Time = time;
        HasTime = true;
        return true;
    }

    /// <summary>Of what is a decimal number: no plus, no needless zero before, digits around the point.</summary>
    private static bool IsJsonNumber(ReadOnlySpan<byte> number)
    {
        int start = number[0] == '-' ? 1 : 0;
        return char.IsAsciiDigit((char)number[start])
            && number[^1] != '.'
            && !(number[start] == '0' && start + 1 < number.Length && number[start + 1] != '.');
    }

    private bool TryPassColon()
    {
        SkipSpaces();
        bool hasPassed = TryPass((byte)':');
        SkipSpaces();
        return hasPassed;
    }

    private bool TryPass(byte expected)
    {
        bool isThere = (uint)_position < (uint)_text.Length && _text[_position] == expected;
        _position += isThere ? 1 : 0;
        return isThere;
    }

    private void SkipSpaces()
    {
        while ((uint)_position < (uint)_text.Length && IsSpace(_text[_position]))
        {
            _position++;
        }
    }

    private bool IsAtEnd()
    {
        SkipSpaces();
        return _position == _text.Length;
    }

    /// <summary>White space of RFC 8259 §2.</summary>
    private static bool IsSpace(byte c) => c is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
}
