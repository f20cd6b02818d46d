namespace Telemetry.Spool;

/// <summary>
/// One file of the log and which logical offsets it answers for: from <see cref="FirstOffset"/> up to
/// <see cref="EndOffset"/>. Bytes behind the end may stand in the file (a torn tail, a failed sync); nobody reads them.
/// </summary>
internal sealed class Segment(string path, long firstOffset, long endOffset, long fileBytes)
{
    private string _path = path;
    private long _endOffset = endOffset;
    private long _fileBytes = fileBytes;

    /// <summary>The file: another one once it is no longer of the log, and that is not durable yet.</summary>
    public string Path
    {
        get => Volatile.Read(ref _path);
        set => Volatile.Write(ref _path, value);
    }

    public long FirstOffset { get; } = firstOffset;

    /// <summary>Where the durable records end; grows only in the segment that is written.</summary>
    public long EndOffset
    {
        get => Volatile.Read(ref _endOffset);
        set => Volatile.Write(ref _endOffset, value);
    }

    /// <summary>Length of the file as far as known.</summary>
    public long FileBytes
    {
        get => Volatile.Read(ref _fileBytes);
        set => Volatile.Write(ref _fileBytes, value);
    }

    /// <summary>Which life its file is in: how often it had been another segment before.</summary>
    public ushort Life { get; init; }

    /// <summary>What the checksums of its records are masked with.</summary>
    public uint Mask => SegmentHeader.MaskOf(Life);

    /// <summary>A write or a sync has failed in it.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Bytes of the file that the log uses.</summary>
    public long UsedBytes => IsCompacted ? FileBytes : Math.Min(FileBytes, PositionOf(EndOffset));

    /// <summary>Whether it holds gaps, so that only a walk from its start leads to an offset.</summary>
    public bool IsCompacted { get; init; }

    public bool IsEmpty => EndOffset == FirstOffset;

    /// <summary>Where a logical offset stands in the file.</summary>
    public long PositionOf(long offset) => SegmentHeader.Bytes + (offset - FirstOffset);

    /// <summary>Index of the last segment that begins at or before an offset; -1 when all begin behind it.</summary>
    public static int IndexOf(ReadOnlySpan<Segment> segments, long offset)
    {
        int low = 0;
        int high = segments.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (segments[middle].FirstOffset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }
}
