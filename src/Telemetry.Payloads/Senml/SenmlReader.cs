using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Reads a pack (RFC 8428 §4) and adds the base fields to its records. A pack is given whole or not at all, since a
/// base field that cannot be read changes all records behind it: one point is held back until the end was seen, and
/// before a second one the whole pack is checked.
/// </summary>
internal ref struct SenmlReader
{
    private const ulong VersionMax = 10; // §4.4, also where a pack names none
    private const long RelativeBelow = (1L << 28) * Timestamp.NanosecondsPerSecond; // §4.5.3

    private readonly bool _isCbor;
    private readonly SenmlScratch _scratch;
    private JsonReader _reader;
    private SenmlRecord _record;
    private JsonText _baseName;
    private JsonText _baseUnit;
    private long _baseTime;
    private double? _baseValue;
    private double? _baseSum;
    private ulong _version;
    private FaultReason _reason;
    private int _faultOffset;
    private readonly int _start;
    private bool _isChecked;

    public SenmlReader(ReadOnlySpan<byte> text, int start, bool isCbor, SenmlScratch scratch)
    {
        _reader = new JsonReader(text, start);
        _start = start;
        _isCbor = isCbor;
        _scratch = scratch;
    }

    public readonly PayloadFault Fault => _reason != FaultReason.None ? new PayloadFault(_reason, _faultOffset, 1)
        : _reader.HasFailed ? new PayloadFault(_reader.Reason, _reader.FaultOffset, 1)
        : default;

    /// <summary>A point was given on.</summary>
    public bool HasGiven { get; private set; }

    public bool IsAtEnd() => _reader.IsAtEnd();

    /// <summary>Reads all records and gives their points.</summary>
    /// <returns>False when the pack is refused; nothing was given then.</returns>
    public bool TryRead<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        bool isFirst = true;
        if (!TryEnter())
        {
            return false;
        }

        _scratch.Point.Clear();
        while (_reader.TryNextElement(ref isFirst))
        {
            if (!TryReadRecord() || !TryCheckRecord()
                || (_record.IsMeasurement && !TryGiveRecord(context, ref handler)))
            {
                return false;
            }
        }

        if (!_reader.TryEnd())
        {
            return false;
        }

        Emit(context, ref handler);
        return true;
    }

    /// <summary>Checks all records.</summary>
    private bool TryCheck()
    {
        bool isFirst = true;
        if (!TryEnter())
        {
            return false;
        }

        while (_reader.TryNextElement(ref isFirst))
        {
            if (!TryReadRecord() || !TryCheckRecord())
            {
                return false;
            }
        }

        return _reader.TryEnd();
    }

    private bool TryEnter() => _reader.Peek() == JsonKind.Array
        ? _reader.TryEnter()
        : Refuse(FaultReason.NotSenml, _reader.Position);

    /// <summary>Checks the pack from its start, by another reader; once is enough.</summary>
    private bool TryCheckAhead()
    {
        if (_isChecked)
        {
            return true;
        }

        var checker = new SenmlReader(_reader.Text, _start, _isCbor, _scratch);
        _isChecked = checker.TryCheck();
        PayloadFault fault = checker.Fault;
        return _isChecked || Refuse(fault.Reason, fault.Offset);
    }

    private bool TryReadRecord()
    {
        if (_reader.Peek() != JsonKind.Object)
        {
            return Refuse(FaultReason.NotSenml, _reader.Position);
        }

        _record = new SenmlRecord { Start = _reader.Position };
        bool isFirst = true;
        _reader.TryEnter();
        while (_reader.TryNextMember(ref isFirst, out JsonText key))
        {
            ReadOnlySpan<byte> word = _scratch.Plain(key, _reader.Text);
            SenmlLabel label = SenmlLabels.Of(word, _isCbor);
            if (label == SenmlLabel.Unknown && word.EndsWith("_"u8))
            {
                return Refuse(FaultReason.RequiredLabelUnknown, key.Start); // §4.4: must be understood
            }

            bool isGood = label == SenmlLabel.Unknown ? _reader.TrySkipValue() : TryReadMember(label);
            if (!isGood)
            {
                return false;
            }
        }

        return !_reader.HasFailed;
    }

    private bool TryReadMember(SenmlLabel label)
    {
        JsonKind kind = _reader.Peek();
        int offset = _reader.Position;
        if (kind is JsonKind.Object or JsonKind.Array)
        {
            return Refuse(FaultReason.LabelOfOtherKind, offset);
        }

        if (!_reader.TryReadScalar(kind, out JsonText scalar))
        {
            return false;
        }

        _record.IsMeasurement |= !SenmlLabels.IsBase(label);
        if (SenmlLabels.IsValue(label))
        {
            return TryTakeValue(label, scalar, offset);
        }

        bool isText = label is SenmlLabel.BaseName or SenmlLabel.BaseUnit or SenmlLabel.Name or SenmlLabel.Unit;
        if (kind != (isText ? JsonKind.String : JsonKind.Number))
        {
            return Refuse(FaultReason.LabelOfOtherKind, offset);
        }

        return isText ? TryTakeText(label, scalar, offset) : TryTakeNumber(label, scalar, offset);
    }

    private bool TryTakeText(SenmlLabel label, JsonText text, int offset)
    {
        switch (label)
        {
            case SenmlLabel.BaseName:
                _baseName = text;
                break;
            case SenmlLabel.Name:
                _record.Name = text;
                break;
            default:
                _baseUnit = label == SenmlLabel.BaseUnit ? text : _baseUnit;
                _record.Unit = label == SenmlLabel.Unit ? text : _record.Unit;
                return text.Bytes <= JsonFields.NameBytesMax || Refuse(FaultReason.FieldNameTooLong, offset);
        }

        return SenmlName.IsAllowed(_scratch.Plain(text, _reader.Text))
            || Refuse(FaultReason.InvalidSenmlName, offset);
    }

    private bool TryTakeNumber(SenmlLabel label, JsonText scalar, int offset)
    {
        ReadOnlySpan<byte> text = scalar.In(_reader.Text);
        if (label is SenmlLabel.BaseTime or SenmlLabel.Time)
        {
            TimeOutcome outcome = PayloadTime.ReadNumber(text, TimePrecision.Seconds, out long time);
            _baseTime = label == SenmlLabel.BaseTime ? time : _baseTime;
            _record.Time = label == SenmlLabel.Time ? time : _record.Time;
            return outcome == TimeOutcome.Parsed || Refuse(PayloadTime.ReasonOf(outcome), offset);
        }

        if (label == SenmlLabel.BaseVersion)
        {
            bool isVersion = Utf8Number.TryParseUInt64(text, out ulong version) && version > 0;
            _record.Version = isVersion ? version : ulong.MaxValue;
            _record.VersionAt = offset;
            return true;
        }

        if (!Utf8Number.TryParseDouble(text, out double number))
        {
            return Refuse(FaultReason.NumberOutOfRange, offset);
        }

        switch (label)
        {
            case SenmlLabel.BaseValue:
                _baseValue = number;
                break;
            case SenmlLabel.BaseSum:
                _baseSum = number;
                break;
            case SenmlLabel.Sum:
                _record.HasSum = true;
                _record.Sum = number;
                break;
        }

        return true;
    }

    private bool TryTakeValue(SenmlLabel label, JsonText scalar, int offset)
    {
        if (_record.ValueLabel != SenmlLabel.Unknown)
        {
            return Refuse(FaultReason.SeveralValues, offset);
        }

        bool isOfKind = scalar.Kind switch
        {
            JsonKind.Null => true, // nobody knows it; NaN and byte strings of CBOR too
            JsonKind.Number => label == SenmlLabel.Value,
            JsonKind.String => label is SenmlLabel.StringValue or SenmlLabel.DataValue,
            _ => label == SenmlLabel.BooleanValue,
        };
        _record.ValueLabel = label;
        _record.Value = scalar;
        return isOfKind || Refuse(FaultReason.LabelOfOtherKind, offset);
    }

    private bool TryCheckRecord()
    {
        ulong version = _record.Version > 0 ? _record.Version : _version > 0 ? _version : VersionMax;
        if (version > VersionMax || (_version > 0 && version != _version))
        {
            return Refuse(FaultReason.UnsupportedVersion, _record.VersionAt);
        }

        _version = version;
        if (!_record.IsMeasurement)
        {
            return true;
        }

        int nameBytes = _baseName.Bytes + _record.Name.Bytes; // characters of names have no need of escapes
        JsonText first = _baseName.Bytes > 0 ? _baseName : _record.Name;
        if (nameBytes == 0 || !SenmlName.MayStartWith(_scratch.Plain(first, _reader.Text)[0]))
        {
            return Refuse(FaultReason.InvalidSenmlName, _record.Start);
        }

        if (nameBytes > JsonFields.NameBytesMax)
        {
            return Refuse(FaultReason.FieldNameTooLong, _record.Start);
        }

        if (_record.ValueLabel == SenmlLabel.Unknown && !_record.HasSum && _baseValue is null && _baseSum is null)
        {
            return Refuse(FaultReason.MissingValue, _record.Start);
        }

        return TryCheckNumbers();
    }

    private bool TryCheckNumbers()
    {
        if (!TryNumber(out double number) || (TrySum(out double sum) && !double.IsFinite(sum)))
        {
            return Refuse(FaultReason.NumberOutOfRange, _record.Start);
        }

        Int128 time = (Int128)_baseTime + _record.Time;
        return (double.IsFinite(number) || Refuse(FaultReason.NumberOutOfRange, _record.Start))
            && ((time >= long.MinValue && time <= long.MaxValue)
                || Refuse(FaultReason.TimeOutOfRange, _record.Start));
    }

    /// <summary>The value with the base value; 0 for a record that has no number.</summary>
    private readonly bool TryNumber(out double number)
    {
        number = 0;
        bool isGood = _record.ValueLabel != SenmlLabel.Value
            || _record.Value.Kind != JsonKind.Number
            || Utf8Number.TryParseDouble(_record.Value.In(_reader.Text), out number);
        number += _baseValue ?? 0;
        return isGood;
    }

    /// <summary>The sum with the base sum; false for a record that has none.</summary>
    private readonly bool TrySum(out double sum)
    {
        sum = _record.Sum + (_baseSum ?? 0);
        return _record.HasSum || _baseSum is not null;
    }

    /// <returns>False when the rest of the pack is refused.</returns>
    private bool TryGiveRecord<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        long time = _baseTime + _record.Time;
        bool isRelative = time < RelativeBelow;
        ReadOnlySpan<byte> name = _scratch.Join(_baseName, _record.Name, _reader.Text);
        SenmlName.Cut(name, out ReadOnlySpan<byte> device, out ReadOnlySpan<byte> field);
        SenmlPoint point = _scratch.Point;
        if (!point.IsOf(device, time, isRelative))
        {
            if (!point.IsEmpty && !TryCheckAhead())
            {
                return false;
            }

            Emit(context, ref handler);
            point.Begin(device, time, isRelative);
        }

        // Not before: checking ahead uses the memory that the unit without its escapes stands in.
        JsonText unitText = _record.Unit.Bytes > 0 ? _record.Unit : _baseUnit;
        if (field.IsEmpty)
        {
            field = unitText.Bytes > 0 ? _scratch.Plain(unitText, _reader.Text) : "value"u8;
        }

        int count = point.Fields.Length;
        bool hasSum = TrySum(out double sum);
        AddValue(field, isBaseAlone: _record.ValueLabel == SenmlLabel.Unknown && !_record.HasSum);
        if (unitText.Bytes > 0)
        {
            point.SetUnit(count, _scratch.Plain(unitText, _reader.Text)); // not of the sum, which is over seconds
        }

        if (hasSum)
        {
            point.Add(field, "_sum"u8, FieldType.Float, BitConverter.DoubleToInt64Bits(sum));
        }

        return true;
    }

    /// <param name="field">The field's name.</param>
    /// <param name="isBaseAlone">The record has neither value nor sum: the base value, if any, is its value.</param>
    private readonly void AddValue(scoped ReadOnlySpan<byte> field, bool isBaseAlone)
    {
        SenmlPoint point = _scratch.Point;
        bool isNumber = _record.ValueLabel == SenmlLabel.Value && _record.Value.Kind == JsonKind.Number;
        if (isNumber || (isBaseAlone && _baseValue is not null))
        {
            TryNumber(out double number);
            point.Add(field, default, FieldType.Float, BitConverter.DoubleToInt64Bits(number));
        }
        else if (_record.Value.Kind is JsonKind.True or JsonKind.False)
        {
            point.Add(field, default, FieldType.Boolean, _record.Value.Kind == JsonKind.True ? 1 : 0);
        }
        else if (_record.ValueLabel == SenmlLabel.StringValue && _record.Value.Kind == JsonKind.String)
        {
            point.Add(field, default, FieldType.String, 0);
            point.SetText(_scratch.Plain(_record.Value, _reader.Text));
        }
    }

    private void Emit<THandler>(scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        SenmlPoint gathered = _scratch.Point;
        if (gathered.IsEmpty)
        {
            return;
        }

        var point = new PointView
        {
            Series = gathered.SeriesOf(context.Series),
            Text = gathered.Text,
            Fields = gathered.Fields,
            Time = gathered.IsRelative ? 0 : gathered.Time,
            HasTime = !gathered.IsRelative,
            TimeFromArrival = gathered.IsRelative ? gathered.Time : 0,
        };
        handler.OnPoint(point);
        HasGiven = true;
        gathered.Clear();
    }

    private bool Refuse(FaultReason reason, int offset)
    {
        if (_reason == FaultReason.None && !_reader.HasFailed)
        {
            _reason = reason;
            _faultOffset = offset;
        }

        return false;
    }
}
