using System.Buffers.Binary;
using Telemetry.Buffers;

namespace Telemetry.Spool;

/// <summary>
/// The bytes of one record: a header of <see cref="HeaderBytes"/> and an opaque body; docs/formats/spool.md draws them.
/// A record is written in place: put the body at <see cref="HeaderBytes"/>, then <see cref="Seal"/> the whole.
/// </summary>
public static class SpoolRecord
{
    /// <summary>Bytes before the body.</summary>
    public const int HeaderBytes = 20; // length 4 + checksum 4 + kind 1 + lane 1 + reserved 2 + arrival time 8

    /// <summary>Ceiling of one record, header included: the largest MQTT packet taken in, four times over.</summary>
    public const int RecordBytesMax = 16 * 1024 * 1024;

    /// <summary>Lanes a record can belong to; fixed by the format of cursors.</summary>
    public const int LaneCount = 16;

    internal const int ChecksumAt = 4;
    internal const int KindAt = 8; // the checksum covers everything from here on
    internal const int LaneAt = 9;
    internal const int ReservedAt = 10;
    internal const ushort GapMark = 1; // there, of a record that stands for dropped ones
    private const int ArrivalAt = 12;

    /// <summary>Bytes of a record with a body of <paramref name="bodyBytes"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The record would exceed <see cref="RecordBytesMax"/>.</exception>
    public static int Measure(int bodyBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bodyBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bodyBytes, RecordBytesMax - HeaderBytes);
        return HeaderBytes + bodyBytes;
    }

    /// <summary>
    /// Writes the header of <paramref name="record"/>, whose body already stands at <see cref="HeaderBytes"/>.
    /// </summary>
    /// <param name="record">Exactly the record's bytes, as measured.</param>
    /// <param name="kind">What the body is; the spool does not interpret it.</param>
    /// <param name="lane">The lane, below <see cref="LaneCount"/>.</param>
    /// <param name="arrivalTime">Nanoseconds since 1970.</param>
    public static void Seal(Span<byte> record, byte kind, byte lane, long arrivalTime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(record.Length, HeaderBytes, nameof(record));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Length, RecordBytesMax, nameof(record));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lane, LaneCount);
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)record.Length);
        record[KindAt] = kind;
        record[LaneAt] = lane;
        BinaryPrimitives.WriteUInt16LittleEndian(record[ReservedAt..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(record[ArrivalAt..], arrivalTime);
        BinaryPrimitives.WriteUInt32LittleEndian(record[ChecksumAt..], ChecksumOf(record));
    }

    /// <summary>How many records <paramref name="block"/> holds; -1 when it is not made of whole records.</summary>
    internal static int CountIn(ReadOnlySpan<byte> block)
    {
        int count = 0;
        while (!block.IsEmpty)
        {
            if (CheckHeader(block, out int recordBytes) != RecordCheck.Whole
                || recordBytes > block.Length
                || SpoolGap.IsGap(block))
            {
                return -1;
            }

            block = block[recordBytes..];
            count++;
        }

        return count;
    }

    /// <summary>
    /// Looks at the header only: <see cref="RecordCheck.Whole"/> says that the header is plausible and gives the
    /// record's length, which may exceed the bytes at hand.
    /// </summary>
    internal static RecordCheck CheckHeader(ReadOnlySpan<byte> bytes, out int recordBytes)
    {
        recordBytes = 0;
        if (bytes.Length < HeaderBytes)
        {
            return RecordCheck.Incomplete;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length is < HeaderBytes or > RecordBytesMax
            || bytes[LaneAt] >= LaneCount
            || BinaryPrimitives.ReadUInt16LittleEndian(bytes[ReservedAt..]) > GapMark)
        {
            return RecordCheck.Malformed;
        }

        recordBytes = (int)length;
        return RecordCheck.Whole;
    }

    /// <summary>Looks at the whole record that <paramref name="bytes"/> begin with.</summary>
    /// <param name="bytes">It, and what follows.</param>
    /// <param name="recordBytes">Its length, if its header is plausible.</param>
    /// <param name="mask">What its checksum is masked with.</param>
    internal static RecordCheck Check(ReadOnlySpan<byte> bytes, out int recordBytes, uint mask = 0)
    {
        RecordCheck header = CheckHeader(bytes, out recordBytes);
        if (header != RecordCheck.Whole)
        {
            return header;
        }

        if (recordBytes > bytes.Length)
        {
            return RecordCheck.Incomplete;
        }

        return ReadChecksum(bytes) == (ChecksumOf(bytes[..recordBytes]) ^ mask)
            ? RecordCheck.Whole
            : RecordCheck.ChecksumMismatch;
    }

    /// <summary>Masks the checksums of whole records, or takes the mask away again.</summary>
    internal static void Mask(Span<byte> records, uint mask)
    {
        while (mask != 0 && !records.IsEmpty)
        {
            Span<byte> checksum = records[ChecksumAt..];
            BinaryPrimitives.WriteUInt32LittleEndian(checksum, ReadChecksum(records) ^ mask);
            records = records[BinaryPrimitives.ReadInt32LittleEndian(records)..];
        }
    }

    /// <summary>The checksum of a record, without a mask.</summary>
    internal static uint ChecksumOf(ReadOnlySpan<byte> record) => Crc32C.Append(0, record[KindAt..]);

    internal static uint ReadChecksum(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record[ChecksumAt..]);

    internal static long ReadArrivalTime(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadInt64LittleEndian(record[ArrivalAt..]);
}
