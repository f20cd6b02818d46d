using System.Buffers.Binary;

namespace Telemetry.Spool;

/// <summary>One record as it stands in the reader's buffer; valid until the reader's next call (law L4).</summary>
public readonly ref struct RecordView
{
    private readonly ReadOnlySpan<byte> _header;

    /// <summary>A view of a record that somebody kept whole, as <see cref="SpoolRecord.Seal"/> left it.</summary>
    /// <param name="offset">Where it stood.</param>
    /// <param name="record">Its bytes.</param>
    public RecordView(long offset, ReadOnlySpan<byte> record)
    {
        Offset = offset;
        _header = record;
        Body = record[SpoolRecord.HeaderBytes..];
    }

    /// <summary>A view of what is left of a dropped record.</summary>
    internal RecordView(long offset, ReadOnlySpan<byte> header, ReadOnlySpan<byte> remnant)
    {
        Offset = offset;
        _header = header;
        Body = remnant;
        IsDropped = true;
    }

    /// <summary>Where the record starts in the spool.</summary>
    public long Offset { get; }

    /// <summary>Where the next record starts, unless bytes are missing there.</summary>
    public long NextOffset => Offset + BinaryPrimitives.ReadUInt32LittleEndian(_header);

    /// <summary>What the body is, in the writer's numbering.</summary>
    public byte Kind => _header[SpoolRecord.KindAt];

    /// <summary>The record's lane.</summary>
    public byte Lane => _header[SpoolRecord.LaneAt];

    /// <summary>Arrival time in nanoseconds since 1970.</summary>
    public long ArrivalTime => SpoolRecord.ReadArrivalTime(_header);

    /// <summary>Whether it was dropped for want of room: its body is what was kept in its place.</summary>
    public bool IsDropped { get; }

    /// <summary>The body as it was appended; of a dropped record its remnant.</summary>
    public ReadOnlySpan<byte> Body { get; }
}
