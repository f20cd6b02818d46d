using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// A strict JSON tokenizer (RFC 8259) over text already known to be UTF-8. It does not throw: the first fault stays,
/// and from then on every call answers false.
/// </summary>
internal ref struct JsonReader
{
    private readonly ReadOnlySpan<byte> _text;
    private int _depth;

    public JsonReader(ReadOnlySpan<byte> text, int position)
    {
        _text = text;
        Position = position;
    }

    /// <summary>The next byte to be read.</summary>
    public int Position { get; private set; }

    public FaultReason Reason { get; private set; }

    public int FaultOffset { get; private set; }

    public readonly bool HasFailed => Reason != FaultReason.None;

    public readonly ReadOnlySpan<byte> Text => _text;

    /// <summary>Goes back, or on, to a place where a value starts on the same level of nesting.</summary>
    public void MoveTo(int position) => Position = position;

    /// <summary>The kind of the value that comes next; None at a fault.</summary>
    public JsonKind Peek()
    {
        SkipWhiteSpace();
        if (HasFailed || Position >= _text.Length)
        {
            Refuse(FaultReason.Truncated, _text.Length);
            return JsonKind.None;
        }

        switch (_text[Position])
        {
            case (byte)'{':
                return JsonKind.Object;
            case (byte)'[':
                return JsonKind.Array;
            case (byte)'"':
                return JsonKind.String;
            case (byte)'t':
                return JsonKind.True;
            case (byte)'f':
                return JsonKind.False;
            case (byte)'n':
                return JsonKind.Null;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return JsonKind.Number;
            default:
                Refuse(FaultReason.UnexpectedCharacter, Position);
                return JsonKind.None;
        }
    }

    /// <summary>Goes into the object or array that was peeked at.</summary>
    public bool TryEnter()
    {
        if (HasFailed || _depth >= Limits.JsonDepthMax)
        {
            return Refuse(FaultReason.TooDeep, Position);
        }

        _depth++;
        Position++;
        return true;
    }

    /// <summary>Reads the next key and its colon; false at the end of the object, which is then left.</summary>
    public bool TryNextMember(ref bool isFirst, out JsonText key)
    {
        key = default;
        if (!TryNext((byte)'}', ref isFirst))
        {
            return false;
        }

        SkipWhiteSpace();
        if (Position >= _text.Length || _text[Position] != '"')
        {
            return RefuseHere();
        }

        if (!TryReadString(out key))
        {
            return false;
        }

        SkipWhiteSpace();
        if (Position >= _text.Length || _text[Position] != ':')
        {
            return RefuseHere();
        }

        Position++;
        return true;
    }

    /// <summary>Goes to the next element; false at the end of the array, which is then left.</summary>
    public bool TryNextElement(ref bool isFirst) => TryNext((byte)']', ref isFirst);

    /// <summary>Reads the scalar that was peeked at.</summary>
    public bool TryReadScalar(JsonKind kind, out JsonText scalar)
    {
        switch (HasFailed ? JsonKind.None : kind)
        {
            case JsonKind.String:
                return TryReadString(out scalar);
            case JsonKind.Number:
                return TryReadNumber(out scalar);
            case JsonKind.True:
                return TryReadWord(kind, "true"u8, out scalar);
            case JsonKind.False:
                return TryReadWord(kind, "false"u8, out scalar);
            case JsonKind.Null:
                return TryReadWord(kind, "null"u8, out scalar);
            default:
                scalar = default;
                return RefuseHere();
        }
    }

    /// <summary>Checks the value that comes next and goes behind it.</summary>
    public bool TrySkipValue()
    {
        JsonKind kind = Peek();
        bool isFirst = true;
        switch (kind)
        {
            case JsonKind.Object:
                TryEnter();
                while (TryNextMember(ref isFirst, out _) && TrySkipValue())
                {
                }

                return !HasFailed;
            case JsonKind.Array:
                TryEnter();
                while (TryNextElement(ref isFirst) && TrySkipValue())
                {
                }

                return !HasFailed;
            default:
                return TryReadScalar(kind, out _);
        }
    }

    /// <summary>Checks that only white space is left.</summary>
    public bool TryEnd()
    {
        SkipWhiteSpace();
        return !HasFailed && (Position >= _text.Length || Refuse(FaultReason.TextAfterValue, Position));
    }

    /// <summary>True when only white space is left.</summary>
    public bool IsAtEnd()
    {
        SkipWhiteSpace();
        return Position >= _text.Length;
    }

    private bool TryNext(byte closing, ref bool isFirst)
    {
        SkipWhiteSpace();
        if (HasFailed || Position >= _text.Length)
        {
            return RefuseHere();
        }

        if (_text[Position] == closing)
        {
            Position++;
            _depth--;
            return false;
        }

        if (isFirst)
        {
            isFirst = false;
            return true;
        }

        if (_text[Position] != ',')
        {
            return RefuseHere();
        }

        Position++;
        return true;
    }

    private bool TryReadString(out JsonText text)
    {
        ReadOnlySpan<byte> payload = _text;
        int start = Position + 1;
        bool isEscaped = false;
        int i = start;
        text = default;
        while ((uint)i < (uint)payload.Length)
        {
            byte c = payload[i];
            if (c > '"' && c != '\\')
            {
                i++;
            }
            else if (c == '"')
            {
                Position = i + 1;
                text = new JsonText(JsonKind.String, start, i - start, isEscaped);
                return true;
            }
            else if (c < 0x20)
            {
                return Refuse(FaultReason.InvalidString, i);
            }
            else if (c == '\\')
            {
                isEscaped = true;
                int bytes = EscapeBytes(i);
                if (bytes == 0)
                {
                    return false;
                }

                i += bytes;
            }
            else
            {
                i++;
            }
        }

        return Refuse(FaultReason.Truncated, _text.Length);
    }

    /// <summary>Length of the escape at an offset; 0 and a fault when it is none.</summary>
    private int EscapeBytes(int offset)
    {
        if (offset + 1 >= _text.Length)
        {
            Refuse(FaultReason.Truncated, _text.Length);
            return 0;
        }

        switch (_text[offset + 1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return 2;
            case (byte)'u':
                for (int i = offset + 2; i < offset + 6; i++)
                {
                    if (i >= _text.Length || !char.IsAsciiHexDigit((char)_text[i]))
                    {
                        Refuse(i >= _text.Length ? FaultReason.Truncated : FaultReason.InvalidString, i);
                        return 0;
                    }
                }

                return 6;
            default:
                Refuse(FaultReason.InvalidString, offset);
                return 0;
        }
    }

    /// <summary>RFC 8259 §6: minus, whole part without a leading zero, fraction, exponent.</summary>
    private bool TryReadNumber(out JsonText number)
    {
        int start = Position;
        int i = start;
        i += _text[i] == '-' ? 1 : 0;
        bool hasLeadingZero = i < _text.Length && _text[i] == '0';
        bool isNumber = hasLeadingZero ? SkipOneDigit(ref i) : SkipDigits(ref i);
        if (isNumber && i < _text.Length && _text[i] == '.')
        {
            i++;
            isNumber = SkipDigits(ref i);
        }

        if (isNumber && i < _text.Length && (_text[i] is (byte)'e' or (byte)'E'))
        {
            i++;
            i += i < _text.Length && (_text[i] is (byte)'-' or (byte)'+') ? 1 : 0;
            isNumber = SkipDigits(ref i);
        }

        number = new JsonText(JsonKind.Number, start, i - start, IsEscaped: false);
        Position = i;
        return isNumber || Refuse(i >= _text.Length ? FaultReason.Truncated : FaultReason.InvalidNumber, start);
    }

    private static bool SkipOneDigit(ref int i)
    {
        i++;
        return true;
    }

    private readonly bool SkipDigits(ref int i)
    {
        ReadOnlySpan<byte> text = _text;
        int end = i;
        while ((uint)end < (uint)text.Length && text[end] - (uint)'0' <= 9)
        {
            end++;
        }

        bool hasDigits = end > i;
        i = end;
        return hasDigits;
    }

    private bool TryReadWord(JsonKind kind, ReadOnlySpan<byte> word, out JsonText scalar)
    {
        scalar = new JsonText(kind, Position, word.Length, IsEscaped: false);
        ReadOnlySpan<byte> rest = _text[Position..];
        if (rest.StartsWith(word))
        {
            Position += word.Length;
            return true;
        }

        return Refuse(
            word.StartsWith(rest) ? FaultReason.Truncated : FaultReason.UnexpectedCharacter, Position);
    }

    private void SkipWhiteSpace()
    {
        // Fast path: what gateways write has no white space between its parts.
        int i = Position;
        if ((uint)i < (uint)_text.Length && _text[i] > ' ')
        {
            return;
        }

        ReadOnlySpan<byte> text = _text;
        while ((uint)i < (uint)text.Length && (text[i] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
        {
            i++;
        }

        Position = i;
    }

    private bool RefuseHere() =>
        Position >= _text.Length
            ? Refuse(FaultReason.Truncated, _text.Length)
            : Refuse(FaultReason.UnexpectedCharacter, Position);

    private bool Refuse(FaultReason reason, int offset)
    {
        if (!HasFailed)
        {
            Reason = reason;
            FaultOffset = offset;
        }

        return false;
    }
}
