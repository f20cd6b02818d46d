namespace Telemetry.Spool;

/// <summary>One record as it stands in the reader's buffer; valid until the reader's next call (law L4).</summary>
public readonly ref struct RecordView
{
    private readonly ReadOnlySpan<byte> _record;

    /// <summary>A view of a record that somebody kept whole, as <see cref="SpoolRecord.Seal"/> left it.</summary>
    /// <param name="offset">Where it stood.</param>
    /// <param name="record">Its bytes.</param>
    public RecordView(long offset, ReadOnlySpan<byte> record)
    {
        Offset = offset;
        _record = record;
    }

    /// <summary>Where the record starts in the spool.</summary>
    public long Offset { get; }

    /// <summary>Where the next record starts, unless bytes are missing there.</summary>
    public long NextOffset => Offset + _record.Length;

    /// <summary>What the body is, in the writer's numbering.</summary>
    public byte Kind => _record[SpoolRecord.KindAt];

    /// <summary>The record's lane.</summary>
    public byte Lane => _record[SpoolRecord.LaneAt];

    /// <summary>Arrival time in nanoseconds since 1970.</summary>
    public long ArrivalTime => SpoolRecord.ReadArrivalTime(_record);

    /// <summary>The body as it was appended.</summary>
    public ReadOnlySpan<byte> Body => _record[SpoolRecord.HeaderBytes..];
}
