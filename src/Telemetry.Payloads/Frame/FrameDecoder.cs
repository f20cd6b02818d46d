using System.Buffers.Binary;
using System.Text.Unicode;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// The compact frame of small senders (docs/payloads/frame.md): samples with their names, a sequence number and a
/// checksum. A damaged frame gives no point at all. Belongs to one thread.
/// </summary>
public sealed class FrameDecoder : IPayloadDecoder, ISequencedDecoder
{
    private const byte Version = 1;
    private const int SequenceAt = 3;
    private const int TimeAt = 7;
    private const int CountAt = 15;
    private const int HeadBytes = 17;
    private const int ChecksumBytes = sizeof(uint);
    private const int ValueBytes = sizeof(int) + 1 + 1 + sizeof(int); // time offset, quality, digits, mantissa
    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
    private readonly FieldTable _fields = new();

    /// <inheritdoc/>
    public uint? Sequence { get; private set; }

    /// <summary>True when a payload starts as a frame does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> payload) =>
        payload.Length >= HeadBytes + ChecksumBytes && payload.StartsWith("TF\u0001"u8);

    /// <inheritdoc/>
    public DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        Sequence = null;
        fault = default;
        if (payload.IsEmpty)
        {
            return DecodeStatus.NotAMeasurement;
        }

        FaultReason reason = CheckWhole(payload, out int offset);
        if (reason == FaultReason.None)
        {
            Sequence = BinaryPrimitives.ReadUInt32LittleEndian(payload[SequenceAt..]);
            reason = CheckSamples(payload[..^ChecksumBytes], out offset);
        }

        if (reason != FaultReason.None)
        {
            fault = new PayloadFault(reason, offset, 1);
            return DecodeStatus.Faulted;
        }

        Give(payload[..^ChecksumBytes], context, ref handler);
        return payload.Length > HeadBytes + ChecksumBytes ? DecodeStatus.Decoded : DecodeStatus.NotAMeasurement;
    }

    private static FaultReason CheckWhole(ReadOnlySpan<byte> payload, out int offset)
    {
        offset = 0;
        if (!payload.StartsWith("TF"u8))
        {
            return FaultReason.NotRecognised;
        }

        offset = payload.Length;
        if (payload.Length < HeadBytes + ChecksumBytes)
        {
            return FaultReason.Truncated;
        }

        offset = 2;
        if (payload[offset] != Version)
        {
            return FaultReason.UnsupportedVersion;
        }

        offset = payload.Length - ChecksumBytes;
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(payload[offset..]);
        return Crc32C.Append(0, payload[..offset]) == expected ? FaultReason.None : FaultReason.ChecksumDiffers;
    }

    /// <summary>Walks over all samples before the first is given: a frame is taken whole or not at all.</summary>
    private static FaultReason CheckSamples(ReadOnlySpan<byte> frame, out int offset)
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(frame[CountAt..]);
        offset = HeadBytes;
        for (int i = 0; i < count; i++)
        {
            FaultReason reason = CheckSample(frame, offset, out int next);
            if (reason != FaultReason.None)
            {
                return reason;
            }

            offset = next;
        }

        return offset == frame.Length ? FaultReason.None : FaultReason.LengthDiffers;
    }

    private static FaultReason CheckSample(ReadOnlySpan<byte> frame, int offset, out int next)
    {
        next = offset;
        if (offset >= frame.Length)
        {
            return FaultReason.Truncated;
        }

        int valueAt = offset + 1 + frame[offset];
        next = valueAt + ValueBytes;
        return frame[offset] == 0 ? FaultReason.MissingName
            : next > frame.Length ? FaultReason.Truncated
            : !Utf8.IsValid(frame[(offset + 1)..valueAt]) ? FaultReason.InvalidUtf8
            : frame[valueAt + sizeof(int) + 1] >= PowersOfTen.Length ? FaultReason.InvalidNumber
            : !TryReadTime(frame, valueAt, out _) ? FaultReason.TimeOutOfRange
            : FaultReason.None;
    }

    /// <summary>Samples in a row at one time are one point.</summary>
    private void Give<THandler>(ReadOnlySpan<byte> frame, scoped in DecodeContext context, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        long openTime = 0;
        _fields.Clear();
        for (int offset = HeadBytes; offset < frame.Length;)
        {
            int valueAt = offset + 1 + frame[offset];
            TryReadTime(frame, valueAt, out long time);
            if (time != openTime || _fields.IsFull)
            {
                GivePoint(frame, context, ref handler, openTime);
            }

            openTime = time;
            ReadValue(frame, offset, valueAt);
            offset = valueAt + ValueBytes;
        }

        GivePoint(frame, context, ref handler, openTime);
    }

    private void GivePoint<THandler>(
        ReadOnlySpan<byte> frame, scoped in DecodeContext context, ref THandler handler, long time)
        where THandler : IPointHandler, allows ref struct
    {
        if (_fields.Count == 0)
        {
            return;
        }

        bool hasTime = HasTime(frame);
        handler.OnPoint(new PointView
        {
            Series = context.Series,
            Text = frame,
            Fields = _fields.Slots,
            Time = hasTime ? time : 0,
            HasTime = hasTime,
            TimeFromArrival = hasTime ? 0 : time,
        });
        _fields.Clear();
    }

    private void ReadValue(ReadOnlySpan<byte> frame, int offset, int valueAt)
    {
        ReadOnlySpan<byte> value = frame[(valueAt + sizeof(int))..];
        ref FieldSlot slot = ref _fields.Add();
        slot.KeyStart = offset + 1;
        slot.KeyBytes = frame[offset];
        slot.Quality = value[0];
        slot.Type = FieldType.Float;

        // A quotient of two exact numbers is rounded once: 915 and 1 digit is the double that "91.5" is.
        double number = BinaryPrimitives.ReadInt32LittleEndian(value[2..]) / PowersOfTen[value[1]];
        slot.Bits = BitConverter.DoubleToInt64Bits(number);
    }

    /// <summary>A sender without a set clock writes 0; its offsets then count from the arrival.</summary>
    private static bool HasTime(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadInt64LittleEndian(frame[TimeAt..]) != 0;

    private static bool TryReadTime(ReadOnlySpan<byte> frame, int valueAt, out long time)
    {
        long start = BinaryPrimitives.ReadInt64LittleEndian(frame[TimeAt..]);
        int offset = BinaryPrimitives.ReadInt32LittleEndian(frame[valueAt..]);
        time = 0;
        return start <= long.MaxValue - Math.Abs((long)offset)
            && start >= long.MinValue + Math.Abs((long)offset)
            && Timestamp.TryFrom(start + offset, TimePrecision.Milliseconds, out time);
    }
}
