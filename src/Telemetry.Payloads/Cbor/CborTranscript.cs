using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Writes one CBOR item down as the JSON that means the same: maps with keys of text or whole numbers as objects, times
/// as ISO 8601, byte strings and what JSON has no word for as <c>null</c>.
/// </summary>
internal ref struct CborTranscript
{
    private const ulong DateTimeText = 0; // tags, RFC 8949 §3.4
    private const ulong EpochTime = 1;
    private const ulong BignumMin = 2;
    private const ulong BignumMax = 3;
    private const ulong DecimalFraction = 4;
    private const ulong Bigfloat = 5;
    private const byte False = 20; // simple values, §3.3
    private const byte True = 21;
    private const byte Half = 25;
    private const byte Single = 26;
    private const byte Double = 27;

    private readonly JsonScript _script;
    private readonly int _wanted;
    private CborReader _reader;
    private int _depth;
    private int _origin;

    private CborTranscript(ReadOnlySpan<byte> payload, JsonScript script, int wanted)
    {
        _reader = new CborReader(payload);
        _script = script;
        _wanted = wanted;
        script.Clear();
    }

    /// <summary>Writes the payload's only item into <paramref name="script"/>.</summary>
    /// <returns>False for what is no well-formed CBOR, or cannot be written.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> payload, JsonScript script, out PayloadFault fault)
    {
        var transcript = new CborTranscript(payload, script, wanted: -1);
        bool isGood = transcript.TryWriteItem() && (transcript._reader.IsAtEnd
            || transcript._reader.Refuse(FaultReason.TextAfterValue, transcript._reader.Position));
        fault = isGood ? default
            : new PayloadFault(transcript._reader.Reason, transcript._reader.FaultOffset, 1);
        return isGood;
    }

    /// <summary>
    /// The place in the payload of the item that was written at a place of the script. Writes everything once more, so
    /// that good payloads need not keep what only bad ones ask for.
    /// </summary>
    public static int OriginOf(ReadOnlySpan<byte> payload, JsonScript script, int offset)
    {
        var transcript = new CborTranscript(payload, script, offset);
        transcript.TryWriteItem();
        return transcript._origin;
    }

    private bool TryWriteItem()
    {
        int start = _reader.Position;
        MarkOrigin(start);
        if (!TryReadBehindTags(out CborHead head, out ulong tag))
        {
            return false;
        }

        switch (tag)
        {
            case EpochTime:
                return TryWriteTime(head, start);
            case DecimalFraction:
                return TryWriteDecimal(head, start);
            case DateTimeText when head.Major != CborMajor.Text:
                return _reader.Refuse(FaultReason.InvalidTime, start);
        }

        switch (head.Major)
        {
            case CborMajor.Unsigned or CborMajor.Negative:
                WriteInteger(head);
                return true;
            case CborMajor.Bytes:
                _script.Append("null"u8);
                return TrySkipBytes(head);
            case CborMajor.Text:
                return TryWriteText(head);
            case CborMajor.Array:
                return TryWriteArray(head);
            case CborMajor.Map:
                return TryWriteMap(head);
            default:
                WriteSimple(head);
                return true;
        }
    }

    /// <summary>Reads tags up to the item they are on; the innermost one says how it is meant.</summary>
    private bool TryReadBehindTags(out CborHead head, out ulong tag)
    {
        tag = ulong.MaxValue; // that one is reserved to mean none
        while (_reader.TryReadHead(out head) && head.Major == CborMajor.Tag)
        {
            tag = head.Argument;
            if (tag is (>= BignumMin and <= BignumMax) or Bigfloat)
            {
                return _reader.Refuse(FaultReason.BigNumber, head.Start);
            }
        }

        return !_reader.HasFailed;
    }

    private readonly void WriteInteger(in CborHead head)
    {
        if (head.Major == CborMajor.Unsigned)
        {
            _script.AppendInteger(head.Argument);
        }
        else
        {
            _script.AppendInteger(-1 - (Int128)head.Argument);
        }
    }

    private readonly void WriteSimple(in CborHead head)
    {
        switch (head.Info)
        {
            case False:
                _script.Append("false"u8);
                break;
            case True:
                _script.Append("true"u8);
                break;
            case Half or Single or Double:
                _script.AppendNumber(FloatOf(head));
                break;
            default:
                _script.Append("null"u8);
                break;
        }
    }

    private static double FloatOf(in CborHead head) => head.Info switch
    {
        Half => (double)BitConverter.UInt16BitsToHalf((ushort)head.Argument),
        Single => BitConverter.UInt32BitsToSingle((uint)head.Argument),
        _ => BitConverter.UInt64BitsToDouble(head.Argument),
    };

    private bool TryWriteText(in CborHead head)
    {
        bool isFirst = true;
        _script.Append((byte)'"');
        while (_reader.TryReadPiece(head, ref isFirst, out ReadOnlySpan<byte> piece))
        {
            _script.AppendText(piece);
        }

        _script.Append((byte)'"');
        return !_reader.HasFailed;
    }

    private bool TrySkipBytes(in CborHead head)
    {
        bool isFirst = true;
        while (_reader.TryReadPiece(head, ref isFirst, out _))
        {
        }

        return !_reader.HasFailed;
    }

    private bool TryWriteArray(in CborHead head)
    {
        if (!TryEnter(head))
        {
            return false;
        }

        _script.Append((byte)'[');
        for (ulong i = 0; HasNext(head, i); i++)
        {
            if (i > 0)
            {
                _script.Append((byte)',');
            }

            if (!TryWriteItem())
            {
                return false;
            }
        }

        _script.Append((byte)']');
        _depth--;
        return !_reader.HasFailed;
    }

    private bool TryWriteMap(in CborHead head)
    {
        if (!TryEnter(head))
        {
            return false;
        }

        _script.Append((byte)'{');
        for (ulong i = 0; HasNext(head, i); i++)
        {
            if (i > 0)
            {
                _script.Append((byte)',');
            }

            if (!TryWriteKey())
            {
                return false;
            }

            _script.Append((byte)':');
            if (!TryWriteItem())
            {
                return false;
            }
        }

        _script.Append((byte)'}');
        _depth--;
        return !_reader.HasFailed;
    }

    /// <summary>
    /// Ceiling before body: a count that the rest of the payload cannot hold is refused before the first element.
    /// </summary>
    private bool TryEnter(in CborHead head)
    {
        if (_depth >= Limits.JsonDepthMax)
        {
            return _reader.Refuse(FaultReason.TooDeep, head.Start);
        }

        _depth++;
        return head.IsIndefinite || _reader.TryExpect(head.Argument);
    }

    private bool HasNext(in CborHead head, ulong index) =>
        head.IsIndefinite ? !_reader.TrySkipBreak() : index < head.Argument;

    private bool TryWriteKey()
    {
        MarkOrigin(_reader.Position);
        if (!TryReadBehindTags(out CborHead key, out _))
        {
            return false;
        }

        switch (key.Major)
        {
            case CborMajor.Text:
                return TryWriteText(key);
            case CborMajor.Unsigned or CborMajor.Negative:
                _script.Append((byte)'"');
                WriteInteger(key);
                _script.Append((byte)'"');
                return true;
            default:
                return _reader.Refuse(FaultReason.KeyNotText, key.Start);
        }
    }

    /// <summary>
    /// Seconds since 1970 (§3.4.2), written as ISO 8601: the unit is known and must not be guessed by magnitude.
    /// </summary>
    private bool TryWriteTime(in CborHead head, int start)
    {
        int place = _script.Bytes;
        switch (head.Major)
        {
            case CborMajor.Unsigned or CborMajor.Negative:
                WriteInteger(head);
                break;
            case CborMajor.Simple when head.Info is Half or Single or Double:
                _script.AppendNumber(FloatOf(head));
                break;
            default:
                return _reader.Refuse(FaultReason.InvalidTime, start);
        }

        TimeOutcome outcome = PayloadTime.ReadNumber(_script.Text[place..], TimePrecision.Seconds, out long time);
        if (outcome != TimeOutcome.Parsed)
        {
            return _reader.Refuse(PayloadTime.ReasonOf(outcome), start);
        }

        _script.Shrink(place);
        long second = Math.DivRem(time, Timestamp.NanosecondsPerSecond, out long nanosecond);
        if (nanosecond < 0)
        {
            second--;
            nanosecond += Timestamp.NanosecondsPerSecond;
        }

        _script.AppendTime(DateTimeOffset.FromUnixTimeSeconds(second), (int)nanosecond);
        return true;
    }

    /// <summary>
    /// Exponent and mantissa of a decimal (§3.4.4), which JSON writes just so: the digits stay what they are.
    /// </summary>
    private bool TryWriteDecimal(in CborHead head, int start)
    {
        bool isPair = head is { Major: CborMajor.Array, IsIndefinite: false, Argument: 2 };
        if (!isPair || !TryReadBehindTags(out CborHead exponent, out _) || !IsInteger(exponent)
            || !TryReadBehindTags(out CborHead mantissa, out _) || !IsInteger(mantissa))
        {
            return _reader.Refuse(FaultReason.InvalidNumber, start);
        }

        WriteInteger(mantissa);
        _script.Append((byte)'E');
        WriteInteger(exponent);
        return true;
    }

    private static bool IsInteger(in CborHead head) => head.Major is CborMajor.Unsigned or CborMajor.Negative;

    private void MarkOrigin(int position) => _origin = _script.Bytes <= _wanted ? position : _origin;
}
