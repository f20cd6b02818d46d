using System.Buffers.Binary;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Records of a fixed layout that the site file declares: registers of a meter, frames of a logger. A payload of
/// another length gives nothing; a record whose checksum does not hold costs that record only. Belongs to one thread.
/// </summary>
public sealed class BinaryDecoder : IPayloadDecoder
{
    private readonly BinaryLayout _layout;
    private readonly int _checksumBytes;
    private readonly BinaryField[] _fields;
    private readonly byte[] _names; // of all fields, one behind the other
    private readonly FieldSlot[] _keys;
    private readonly FieldSlot[] _slots;

    /// <param name="layout">Where the values stand; every place lies within a record.</param>
    public BinaryDecoder(BinaryLayout layout)
    {
        _layout = layout;
        _checksumBytes = layout.ChecksumBytes;
        _fields = [.. layout.Fields];
        _names = Encoding.UTF8.GetBytes(string.Concat(_fields.Select(field => field.Name)));
        _keys = new FieldSlot[_fields.Length];
        _slots = new FieldSlot[_fields.Length];
        int start = 0;
        for (int i = 0; i < _fields.Length; i++)
        {
            int bytes = Encoding.UTF8.GetByteCount(_fields[i].Name);
            _keys[i] = new FieldSlot { KeyStart = start, KeyBytes = bytes, Quality = Quality.Good };
            start += bytes;
        }
    }

    /// <inheritdoc/>
    public DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        fault = default;
        if (payload.IsEmpty)
        {
            return DecodeStatus.NotAMeasurement;
        }

        int recordBytes = _layout.RecordBytes;
        if (payload.Length != recordBytes && !(_layout.Repeats && payload.Length % recordBytes == 0))
        {
            fault = new PayloadFault(FaultReason.LengthDiffers, payload.Length, 1);
            return DecodeStatus.Faulted;
        }

        bool hasPoints = false;
        for (int start = 0; start < payload.Length; start += recordBytes)
        {
            FaultReason reason = DecodeRecord(payload.Slice(start, recordBytes), context, ref handler, out bool gives);
            hasPoints |= gives;
            fault = reason == FaultReason.None ? fault : fault.And(reason, start);
        }

        return fault.Count > 0 ? DecodeStatus.Faulted
            : hasPoints ? DecodeStatus.Decoded
            : DecodeStatus.NotAMeasurement;
    }

    private FaultReason DecodeRecord<THandler>(
        ReadOnlySpan<byte> record, scoped in DecodeContext context, ref THandler handler, out bool givesPoint)
        where THandler : IPointHandler, allows ref struct
    {
        givesPoint = false;
        int bodyBytes = record.Length - _checksumBytes;
        if (!Checksum.Holds(_layout.Checksum, record[..bodyBytes], record[bodyBytes..]))
        {
            return FaultReason.ChecksumDiffers;
        }

        FaultReason reason = ReadTime(record, out long time);
        int count = reason == FaultReason.None ? ReadFields(record) : 0;
        givesPoint = count > 0;
        if (givesPoint)
        {
            handler.OnPoint(new PointView
            {
                Series = context.Series,
                Text = _names,
                Fields = _slots.AsSpan(0, count),
                Time = time != 0 ? time : context.TimeAround,
                HasTime = time != 0 || context.HasTimeAround,
            });
        }

        return reason;
    }

    /// <summary>A time of 0 is a clock that was never set: the arrival time stands for it.</summary>
    private FaultReason ReadTime(ReadOnlySpan<byte> record, out long time)
    {
        time = 0;
        if (_layout.Time is not { } place)
        {
            return FaultReason.None;
        }

        ulong raw = ReadRaw(record, place);
        double whole = ToNumber(raw, place.Type);
        bool isExact = place.Type is not (BinaryType.F32 or BinaryType.F64);
        long units = isExact ? (long)raw : (long)Math.Clamp(whole, long.MinValue, long.MaxValue);
        bool fits = whole is >= long.MinValue and < long.MaxValue
            && Timestamp.TryFrom(units, _layout.Precision, out time);
        return fits ? FaultReason.None : FaultReason.TimeOutOfRange;
    }

    private int ReadFields(ReadOnlySpan<byte> record)
    {
        int count = 0;
        for (int i = 0; i < _fields.Length; i++)
        {
            BinaryField field = _fields[i];
            ulong raw = ReadRaw(record, field.Place);
            double number = ToNumber(raw, field.Place.Type);
            double value = Scaled(number, field.Scale) + field.Offset;
            if (number == field.Invalid || !double.IsFinite(value))
            {
                continue;
            }

            _slots[count] = _keys[i];
            _slots[count].Type = field.Bit is null ? FieldType.Float : FieldType.Boolean;
            _slots[count].Bits = field.Bit is { } bit
                ? (long)((raw >> bit) & 1)
                : BitConverter.DoubleToInt64Bits(value);
            count++;
        }

        return count;
    }

    /// <summary>
    /// A tenth is no double, ten is: what is one part of a whole number divides by it, so that 277 tenths are 27.7.
    /// </summary>
    private static double Scaled(double number, double scale)
    {
        double divisor = Math.Round(1 / scale);
        return 1 / divisor == scale ? number / divisor : number * scale;
    }

    /// <summary>The bytes of a number as an integer; of a signed one with its sign spread over 64 bits.</summary>
    private static ulong ReadRaw(ReadOnlySpan<byte> record, BinaryPlace place)
    {
        int bytes = place.Bytes;
        Span<byte> ordered = stackalloc byte[sizeof(ulong)]; // highest byte first, right-aligned
        ordered.Clear();
        Span<byte> number = ordered[^bytes..];
        record.Slice(place.At, bytes).CopyTo(number);
        if (place.IsLittleEndian)
        {
            number.Reverse();
        }

        if (place.IsWordSwapped)
        {
            SwapWords(number);
        }

        ulong raw = BinaryPrimitives.ReadUInt64BigEndian(ordered);
        bool isSigned = place.Type is BinaryType.I8 or BinaryType.I16 or BinaryType.I24 or BinaryType.I32;
        int spare = (sizeof(ulong) - bytes) * 8;
        return isSigned ? (ulong)((long)(raw << spare) >> spare) : raw;
    }

    private static double ToNumber(ulong raw, BinaryType type) => type switch
    {
        BinaryType.F32 => BitConverter.UInt32BitsToSingle((uint)raw),
        BinaryType.F64 => BitConverter.UInt64BitsToDouble(raw),
        BinaryType.I8 or BinaryType.I16 or BinaryType.I24 or BinaryType.I32 or BinaryType.I64 => (long)raw,
        _ => raw,
    };

    /// <summary>Turns the order of 16-bit words; the bytes within a word stay.</summary>
    private static void SwapWords(Span<byte> number)
    {
        for (int i = 0; i < number.Length / 2; i += 2)
        {
            int other = number.Length - 2 - i;
            (number[i], number[other]) = (number[other], number[i]);
            (number[i + 1], number[other + 1]) = (number[other + 1], number[i + 1]);
        }
    }
}
