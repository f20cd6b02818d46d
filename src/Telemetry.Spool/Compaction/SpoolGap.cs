using System.Buffers.Binary;

namespace Telemetry.Spool;

/// <summary>
/// The record that stands where others were dropped; docs/formats/spool.md draws it. Each of them leaves its header as
/// it was, with the remnant's length in the reserved bytes, and the remnant behind it. So every offset stays valid,
/// that of a dropped record too.
/// </summary>
internal static class SpoolGap
{
    /// <summary>Ceiling of one: a longer run of dropped records becomes several.</summary>
    public const int BytesMax = 64 * 1024;

    /// <summary>Ceiling of a remnant.</summary>
    public const int RemnantBytesMax = 4 * 1024;

    private const ushort SameRemnant = ushort.MaxValue; // as that of the entry before

    /// <summary>
    /// Adds a dropped record behind the entries of a gap; false when it would grow beyond its ceiling.
    /// </summary>
    /// <param name="gap">Room for <see cref="BytesMax"/>.</param>
    /// <param name="bytes">How long the gap is; its header at least.</param>
    /// <param name="header">The record's header.</param>
    /// <param name="remnant">What is kept of it.</param>
    /// <param name="before">The remnant of the entry before; empty for the first.</param>
    public static bool TryAdd(
        Span<byte> gap, ref int bytes, ReadOnlySpan<byte> header, ReadOnlySpan<byte> remnant,
        ReadOnlySpan<byte> before)
    {
        bool isSame = bytes > SpoolRecord.HeaderBytes && remnant.SequenceEqual(before);
        int wanted = SpoolRecord.HeaderBytes + (isSame ? 0 : remnant.Length);
        if (bytes + wanted > BytesMax)
        {
            return false;
        }

        Span<byte> entry = gap.Slice(bytes, wanted);
        header[..SpoolRecord.HeaderBytes].CopyTo(entry);
        BinaryPrimitives.WriteUInt16LittleEndian(
            entry[SpoolRecord.ReservedAt..], isSame ? SameRemnant : (ushort)remnant.Length);
        remnant[..(wanted - SpoolRecord.HeaderBytes)].CopyTo(entry[SpoolRecord.HeaderBytes..]);
        bytes += wanted;
        return true;
    }

    /// <summary>Writes the header of a gap whose entries are complete.</summary>
    /// <param name="gap">The gap.</param>
    /// <param name="mask">What checksums are masked with in its file.</param>
    public static void Seal(Span<byte> gap, uint mask)
    {
        gap[..SpoolRecord.HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(gap, (uint)gap.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(gap[SpoolRecord.ReservedAt..], SpoolRecord.GapMark);
        BinaryPrimitives.WriteUInt32LittleEndian(gap[SpoolRecord.ChecksumAt..], SpoolRecord.ChecksumOf(gap) ^ mask);
    }

    /// <summary>Whether a record is a gap.</summary>
    public static bool IsGap(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt16LittleEndian(record[SpoolRecord.ReservedAt..]) == SpoolRecord.GapMark;

    /// <summary>How many bytes of the log a gap, or any other record, stands for.</summary>
    public static long SpanOf(ReadOnlySpan<byte> record)
    {
        if (!IsGap(record))
        {
            return record.Length;
        }

        long span = 0;
        var place = GapPlace.First;
        while (TryRead(record, ref place, out RecordView dropped, 0))
        {
            span += dropped.NextOffset;
        }

        return span;
    }

    /// <summary>The next dropped record of a gap whose checksum was found right; false behind the last.</summary>
    /// <param name="gap">The gap.</param>
    /// <param name="place">Moved behind the entry.</param>
    /// <param name="dropped">What is left of the record; its body is the remnant.</param>
    /// <param name="offset">Where the record stood.</param>
    public static bool TryRead(ReadOnlySpan<byte> gap, ref GapPlace place, out RecordView dropped, long offset)
    {
        dropped = default;
        if (gap.Length - place.EntryAt < SpoolRecord.HeaderBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> header = gap.Slice(place.EntryAt, SpoolRecord.HeaderBytes);
        int next = place.EntryAt + SpoolRecord.HeaderBytes;
        ushort bytes = BinaryPrimitives.ReadUInt16LittleEndian(header[SpoolRecord.ReservedAt..]);
        if (bytes != SameRemnant)
        {
            place = place with { RemnantAt = next, RemnantBytes = Math.Min(bytes, gap.Length - next) };
            next += place.RemnantBytes;
        }

        place = place with { EntryAt = next };
        dropped = new RecordView(offset, header, gap.Slice(place.RemnantAt, place.RemnantBytes));
        return true;
    }
}

/// <summary>A place between two entries of a gap.</summary>
/// <param name="EntryAt">Where the next one begins.</param>
/// <param name="RemnantAt">Where the last remnant begins.</param>
/// <param name="RemnantBytes">Its length.</param>
internal readonly record struct GapPlace(int EntryAt, int RemnantAt, int RemnantBytes)
{
    public static GapPlace First => new(SpoolRecord.HeaderBytes, 0, 0);
}
