using System.Buffers.Binary;
using Telemetry.Buffers;

namespace Telemetry.Spool;

/// <summary>The headers of a packed segment and of its blocks; docs/formats/archive.md draws them.</summary>
internal static class PackedFormat
{
    public const string Suffix = ".pack";
    public const int HeaderBytes = 48; // magic 8 + version 4 + header bytes 4 + three numbers of 8 + reserved 4 + sum 4
    public const int BlockHeaderBytes = 32; // two lengths of 4 + two offsets of 8 + reserved 4 + checksum 4

    private const uint Version = 1;
    private const int VersionAt = 8;
    private const int HeaderBytesAt = 12;
    private const int FirstOffsetAt = 16;
    private const int EndOffsetAt = 24;
    private const int ArrivalAt = 32;
    private const int ChecksumAt = 44;
    private const int PackedAt = 4;
    private const int BlockFirstAt = 8;
    private const int BlockEndAt = 16;
    private const int BlockChecksumAt = 28;

    private static ReadOnlySpan<byte> Magic => "TelPackd"u8;

    public static void WriteHeader(Span<byte> header, long firstOffset, long endOffset, long firstArrival)
    {
        header[..HeaderBytes].Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[VersionAt..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[HeaderBytesAt..], HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header[FirstOffsetAt..], firstOffset);
        BinaryPrimitives.WriteInt64LittleEndian(header[EndOffsetAt..], endOffset);
        BinaryPrimitives.WriteInt64LittleEndian(header[ArrivalAt..], firstArrival);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], Crc32C.Append(0, header[..ChecksumAt]));
    }

    /// <summary>Reads a header; false when it is none of this file.</summary>
    public static bool TryReadHeader(
        ReadOnlySpan<byte> header, long firstOffset, out long endOffset, out long firstArrival)
    {
        endOffset = firstArrival = 0;
        bool isWhole = header.Length >= HeaderBytes
            && header[..Magic.Length].SequenceEqual(Magic)
            && BinaryPrimitives.ReadUInt32LittleEndian(header[VersionAt..]) == Version
            && BinaryPrimitives.ReadInt64LittleEndian(header[FirstOffsetAt..]) == firstOffset
            && BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..])
                == Crc32C.Append(0, header[..ChecksumAt]);
        if (isWhole)
        {
            endOffset = BinaryPrimitives.ReadInt64LittleEndian(header[EndOffsetAt..]);
            firstArrival = BinaryPrimitives.ReadInt64LittleEndian(header[ArrivalAt..]);
        }

        return isWhole;
    }

    /// <summary>Writes the header in front of a block's packed bytes, which stand there already.</summary>
    public static void SealBlock(Span<byte> packed, RecordBlock block)
    {
        packed[..BlockHeaderBytes].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(packed, block.Count);
        BinaryPrimitives.WriteInt32LittleEndian(packed[PackedAt..], packed.Length - BlockHeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(packed[BlockFirstAt..], block.FirstOffset);
        BinaryPrimitives.WriteInt64LittleEndian(packed[BlockEndAt..], block.EndOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(packed[BlockChecksumAt..], ChecksumOf(packed));
    }

    /// <summary>Reads a block's header; its lengths are to be believed only with the checksum.</summary>
    public static PackedBlock ReadBlock(ReadOnlySpan<byte> header) => new(
        BinaryPrimitives.ReadInt32LittleEndian(header),
        BinaryPrimitives.ReadInt32LittleEndian(header[PackedAt..]),
        BinaryPrimitives.ReadInt64LittleEndian(header[BlockFirstAt..]),
        BinaryPrimitives.ReadInt64LittleEndian(header[BlockEndAt..]));

    /// <summary>Whether a block, header and all, is as it was written.</summary>
    public static bool IsSound(ReadOnlySpan<byte> packed) =>
        BinaryPrimitives.ReadUInt32LittleEndian(packed[BlockChecksumAt..]) == ChecksumOf(packed);

    private static uint ChecksumOf(ReadOnlySpan<byte> packed) =>
        Crc32C.Append(Crc32C.Append(0, packed[..BlockChecksumAt]), packed[BlockHeaderBytes..]);
}

/// <summary>What the header of a block says.</summary>
/// <param name="Bytes">Bytes of records.</param>
/// <param name="PackedBytes">Bytes that they are packed in.</param>
/// <param name="FirstOffset">Where it begins in the log.</param>
/// <param name="EndOffset">Where the log goes on behind it.</param>
internal readonly record struct PackedBlock(int Bytes, int PackedBytes, long FirstOffset, long EndOffset)
{
    // A block holds one record at least, and no further one beyond the size that is wanted.
    private const int BytesMax = RecordBlock.BytesWanted + SpoolRecord.RecordBytesMax;

    /// <summary>False for lengths that no block has.</summary>
    public bool IsPlausible => Bytes is >= 0 and <= BytesMax
        && PackedBytes is > 0 and <= BytesMax + (BytesMax / 8)
        && EndOffset > FirstOffset;
}
