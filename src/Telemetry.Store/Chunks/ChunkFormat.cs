using Telemetry.Buffers;
using System.Buffers.Binary;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// The bytes of a chunk: version, type, CRC-32C of all other bytes, count, and five sections with their lengths ahead:
/// times, values, qualities, arrival times, origins. See docs/formats/store.md.
/// </summary>
internal static class ChunkFormat
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 2;

    /// <summary>Where the checksum stands: behind version and type.</summary>
    public const int ChecksumOffset = 2;

    /// <summary>Samples in one chunk at most; a damaged count must not ask for more memory than that takes.</summary>
    public const int SampleCountMax = 65_536;

    private const byte VersionWithoutOrigins = 1;
    private const int HeaderBytes = ChecksumOffset + sizeof(uint);

    public static uint ChecksumOf(ReadOnlySpan<byte> chunk)
    {
        // The two bytes ahead of the checksum are mixed in behind it, so that a flipped type is seen as well.
        uint head = (uint)((chunk[0] << 8) | chunk[1]);
        return Crc32C.Append(0, chunk[HeaderBytes..]) ^ head;
    }

    /// <summary>Adds the samples of a chunk to <paramref name="target"/>; on a fault nothing is added.</summary>
    /// <param name="chunk">Its bytes.</param>
    /// <param name="type">The field's type.</param>
    /// <param name="target">Where the samples go.</param>
    /// <param name="withProvenance">Arrival times and origins are wanted; they hold anything otherwise.</param>
    public static ChunkFault Decode(
        ReadOnlySpan<byte> chunk, FieldType type, SampleColumns target, bool withProvenance)
    {
        if (chunk.Length < HeaderBytes)
        {
            return ChunkFault.Truncated;
        }

        if (chunk[0] is not (Version or VersionWithoutOrigins))
        {
            return ChunkFault.UnknownVersion;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(chunk[ChecksumOffset..]) != ChecksumOf(chunk))
        {
            return ChunkFault.WrongChecksum;
        }

        if (chunk[1] != (byte)type)
        {
            return ChunkFault.WrongType;
        }

        int count = target.Count;
        int textBytes = target.TextBytes;
        var reader = new BlobReader(chunk[HeaderBytes..]);
        DecodeSections(ref reader, type, target, withProvenance, hasOrigins: chunk[0] != VersionWithoutOrigins);
        if (reader.Failed)
        {
            target.CutTo(count, textBytes);
            return ChunkFault.Malformed;
        }

        return ChunkFault.None;
    }

    private static void DecodeSections(
        ref BlobReader reader, FieldType type, SampleColumns target, bool withProvenance, bool hasOrigins)
    {
        int count = reader.ReadCount(SampleCountMax);
        if (count == 0)
        {
            reader.Fail();
            return;
        }

        int first = target.Extend(count);
        BlobReader times = ReadSection(ref reader);
        TimeCodec.Decode(ref times, target.Times[first..]);
        BlobReader values = ReadSection(ref reader);
        DecodeValues(ref values, type, target, first);
        BlobReader qualities = ReadSection(ref reader);
        QualityCodec.Decode(ref qualities, target.Qualities[first..]);
        BlobReader arrivals = ReadSection(ref reader);
        BlobReader origins = hasOrigins ? ReadSection(ref reader) : default;
        if (withProvenance)
        {
            ArrivalCodec.Decode(ref arrivals, target.Times[first..], target.Arrivals[first..]);
            OriginCodec.Decode(ref origins, target, first);
        }

        bool isWhole =
            !times.Failed && !values.Failed && !qualities.Failed && !arrivals.Failed && !origins.Failed;
        if (!isWhole || !IsAscending(target.Times[first..]))
        {
            reader.Fail();
        }
    }

    private static void DecodeValues(ref BlobReader values, FieldType type, SampleColumns target, int first)
    {
        switch (type)
        {
            case FieldType.Float:
                FloatCodec.Decode(ref values, target.Bits[first..]);
                break;
            case FieldType.Boolean:
                BooleanCodec.Decode(ref values, target.Bits[first..]);
                break;
            case FieldType.String:
                StringCodec.Decode(ref values, target, first);
                break;
            default:
                IntegerCodec.Decode(ref values, target.Bits[first..]);
                break;
        }
    }

    private static BlobReader ReadSection(ref BlobReader reader) =>
        new(reader.Take(reader.ReadCount(reader.Left)));

    private static bool IsAscending(ReadOnlySpan<long> times)
    {
        for (int i = 1; i < times.Length; i++)
        {
            if (times[i] <= times[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
