using System.Buffers.Binary;
using Telemetry.Buffers;

namespace Telemetry.Spool;

/// <summary>The first bytes of a segment; docs/formats/spool.md draws them.</summary>
internal static class SegmentHeader
{
    public const int Bytes = 32; // magic 8, version 2, life 2, header bytes 4, first offset 8, span 4, checksum 4
    public const ushort Version = 1;
    public const ushort CompactedVersion = 2; // holds gaps: offset and place in the file part ways

    private const int VersionAt = 8;
    private const int LifeAt = 10;
    private const int HeaderBytesAt = 12;
    private const int FirstOffsetAt = 16;
    private const int SpanAt = 24;
    private const int ChecksumAt = 28;
    private const uint MaskFactor = 0x9E37_79B1; // odd, so that no two lives have the same mask
    private const uint MaskInverse = 0x0E8B_2F51; // of the factor, modulo 2³²

    private static ReadOnlySpan<byte> Magic => "TelSpool"u8;

    /// <param name="header">The header.</param>
    /// <param name="firstOffset">First offset of the segment.</param>
    /// <param name="span">Of a compacted segment: how many bytes of the log it stands for.</param>
    /// <param name="life">How often the file had been another segment before.</param>
    public static void Write(Span<byte> header, long firstOffset, uint span = 0, ushort life = 0)
    {
        header[..Bytes].Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[VersionAt..], span == 0 ? Version : CompactedVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header[LifeAt..], life);
        BinaryPrimitives.WriteUInt32LittleEndian(header[SpanAt..], span);
        BinaryPrimitives.WriteUInt32LittleEndian(header[HeaderBytesAt..], Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(header[FirstOffsetAt..], firstOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], Crc32C.Append(0, header[..ChecksumAt]));
    }

    /// <summary>
    /// How many bytes of the log a compacted segment stands for, by a header found right; null for any other.
    /// </summary>
    public static long? SpanOf(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt16LittleEndian(header[VersionAt..]) == CompactedVersion
            ? BinaryPrimitives.ReadUInt32LittleEndian(header[SpanAt..])
            : null;

    /// <summary>Which life a file is in, by a header found right.</summary>
    public static ushort LifeOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt16LittleEndian(header[LifeAt..]);

    /// <summary>
    /// What the checksums of records are masked with in a life of a file, so that what was written in one before is no
    /// record. Nothing in the first.
    /// </summary>
    public static uint MaskOf(ushort life) => unchecked(life * MaskFactor);

    /// <summary>The life that a mask is that of; the first when it is none's.</summary>
    public static ushort LifeOfMask(uint mask)
    {
        uint life = unchecked(mask * MaskInverse);
        return life <= ushort.MaxValue ? (ushort)life : (ushort)0;
    }

    /// <summary>Whether a header is as it was written.</summary>
    public static bool IsSound(ReadOnlySpan<byte> header) => header.Length >= Bytes
        && header[..Magic.Length].SequenceEqual(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]) == Crc32C.Append(0, header[..ChecksumAt]);

    /// <summary>What is wrong with a header, or null.</summary>
    /// <exception cref="InvalidDataException">The header is sound and of a later version.</exception>
    public static HeaderFault? Check(ReadOnlySpan<byte> header, long firstOffset)
    {
        if (header.Length < Bytes)
        {
            return new HeaderFault($"a header of {Bytes} bytes", $"{header.Length} bytes");
        }

        if (!IsSound(header))
        {
            uint checksum = Crc32C.Append(0, header[..ChecksumAt]);
            uint written = BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]);
            return new HeaderFault($"header checksum {checksum:x8}", $"{written:x8}");
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(header[VersionAt..]);
        if (version is not (Version or CompactedVersion))
        {
            throw new InvalidDataException(
                $"cannot open segment '{SegmentName.Of(firstOffset)}': expected format version {Version} or "
                + $"{CompactedVersion}, found {version}; it is left as it is, start the program that wrote it");
        }

        long first = BinaryPrimitives.ReadInt64LittleEndian(header[FirstOffsetAt..]);
        return first == firstOffset ? null : new HeaderFault($"first offset {firstOffset}", $"{first}");
    }

    internal readonly record struct HeaderFault(string Expected, string Found);
}
