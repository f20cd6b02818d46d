using System.Buffers.Binary;
using Telemetry.Buffers;

namespace Telemetry.Spool;

/// <summary>The bytes of a cursor file; docs/formats/cursor.md draws them.</summary>
internal static class CursorFormat
{
    public const int Bytes = 148; // magic 8 + version 4 + lane count 4 + 16 offsets of 8 + checksum 4
    public const string Suffix = ".cursor";

    private const uint Version = 1;
    private const int VersionAt = 8;
    private const int LaneCountAt = 12;
    private const int OffsetsAt = 16;
    private const int ChecksumAt = OffsetsAt + (SpoolRecord.LaneCount * sizeof(long));

    private static ReadOnlySpan<byte> Magic => "TelCursr"u8;

    public static void Write(Span<byte> file, ReadOnlySpan<long> laneOffsets)
    {
        Magic.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file[VersionAt..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(file[LaneCountAt..], SpoolRecord.LaneCount);
        for (int lane = 0; lane < SpoolRecord.LaneCount; lane++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(file[(OffsetsAt + (lane * sizeof(long)))..], laneOffsets[lane]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(file[ChecksumAt..], Crc32C.Append(0, file[..ChecksumAt]));
    }

    /// <summary>Reads the lanes' offsets; false says what was expected and found instead.</summary>
    /// <exception cref="InvalidDataException">The file is sound and of a later version.</exception>
    public static bool TryRead(ReadOnlySpan<byte> file, Span<long> laneOffsets, out string expected, out string found)
    {
        (expected, found) = ("", "");
        if (file.Length != Bytes)
        {
            (expected, found) = ($"{Bytes} bytes", $"{file.Length}");
            return false;
        }

        uint checksum = Crc32C.Append(0, file[..ChecksumAt]);
        uint written = BinaryPrimitives.ReadUInt32LittleEndian(file[ChecksumAt..]);
        if (!file[..Magic.Length].SequenceEqual(Magic) || checksum != written)
        {
            (expected, found) = ($"checksum {checksum:x8}", $"{written:x8}");
            return false;
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(file[VersionAt..]);
        uint laneCount = BinaryPrimitives.ReadUInt32LittleEndian(file[LaneCountAt..]);
        if (version != Version || laneCount != SpoolRecord.LaneCount)
        {
            throw new InvalidDataException(
                $"cannot open cursor: expected format version {Version} with {SpoolRecord.LaneCount} lanes, found "
                + $"version {version} with {laneCount}; it is left as it is, start the program that wrote it");
        }

        for (int lane = 0; lane < SpoolRecord.LaneCount; lane++)
        {
            laneOffsets[lane] = BinaryPrimitives.ReadInt64LittleEndian(file[(OffsetsAt + (lane * sizeof(long)))..]);
        }

        return true;
    }
}
