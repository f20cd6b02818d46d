using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>Writes compact frames, version 1 (docs/payloads/frame.md).</summary>
internal static class CompactFrame
{
    private const byte Version = 1;
    private const byte Good = 192; // OPC quality
    private const int DigitsMax = 9;
    private const int HeadBytes = 17;
    private const int ValueBytes = 10; // time offset, quality, digits, mantissa
    private const int ChecksumBytes = 4;

    /// <summary>Writes readings of one moment as a frame.</summary>
    /// <param name="target">Empty; the checksum is over all of it.</param>
    /// <param name="readings">What was read.</param>
    /// <param name="time">When, nanoseconds since 1970.</param>
    /// <param name="sequence">The frame's number since the sender's last restart.</param>
    public static void Write(
        ArrayBufferWriter<byte> target, ReadOnlySpan<Reading> readings, long time, uint sequence)
    {
        Span<byte> head = target.GetSpan(HeadBytes);
        "TF"u8.CopyTo(head);
        head[2] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(head[3..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(head[7..], time / Timestamp.NanosecondsPerMillisecond);
        BinaryPrimitives.WriteUInt16LittleEndian(head[15..], (ushort)readings.Length);
        target.Advance(HeadBytes);
        foreach (Reading reading in readings)
        {
            WriteSample(target, reading);
        }

        uint checksum = Crc32C.Append(0, target.WrittenSpan);
        BinaryPrimitives.WriteUInt32LittleEndian(target.GetSpan(ChecksumBytes), checksum);
        target.Advance(ChecksumBytes);
    }

    private static void WriteSample(ArrayBufferWriter<byte> target, in Reading reading)
    {
        int nameBytes = Encoding.UTF8.GetByteCount(reading.Name);
        Span<byte> sample = target.GetSpan(1 + nameBytes + ValueBytes);
        sample[0] = (byte)nameBytes;
        Encoding.UTF8.GetBytes(reading.Name, sample[1..]);
        Span<byte> value = sample[(1 + nameBytes)..];
        (int mantissa, int digits) = DecimalOf(reading.Value);
        BinaryPrimitives.WriteInt32LittleEndian(value, 0); // all samples are of the frame's time
        value[4] = Good;
        value[5] = (byte)digits;
        BinaryPrimitives.WriteInt32LittleEndian(value[6..], mantissa);
        target.Advance(1 + nameBytes + ValueBytes);
    }

    /// <summary>
    /// A value as mantissa ÷ 10^digits: with as few digits as it takes, and as many as there is room for when it takes
    /// more. What is beyond 32 bits comes as the nearest number within.
    /// </summary>
    internal static (int Mantissa, int Digits) DecimalOf(double value)
    {
        double power = 1;
        int digits = 0;
        while (digits < DigitsMax
            && Math.Round(value * power) / power != value
            && Math.Abs(value) * power * 10 <= int.MaxValue)
        {
            power *= 10;
            digits++;
        }

        return ((int)Math.Clamp(Math.Round(value * power), int.MinValue, int.MaxValue), digits);
    }
}
