using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Telemetry.Spool;

/// <summary>
/// Reads durable records in order, in blocks, each checked against its checksum. What is missing or unreadable is
/// passed over and reported, never waited for. One thread at a time; allocates nothing within a segment.
/// </summary>
public sealed class SpoolReader : IDisposable
{
    /// <summary>Bytes read from the disk at once, and the memory a reader takes.</summary>
    public const int BlockBytes = 256 * 1024;

    /// <summary>A mask that takes every lane.</summary>
    public const ushort AllLanes = 0xFFFF;

    private const int SkipCountMax = 1024; // of a reader whose owner never asks; SkippedBytes counts them all

    private readonly SegmentLog _segments;
    private readonly IFileSystem _files;
    private readonly SpoolMetrics _metrics;
    private readonly ILogger _log;
    private readonly SegmentWindow _window = new(BlockBytes);
    private readonly Queue<SkippedRange> _skips = new();
    private Segment? _segment;
    private long _cursor; // of the record in the window; before the position on the way there, and within a gap
    private GapPlace _place = GapPlace.First;
    private long _placeOffset;

    internal SpoolReader(SegmentLog segments, IFileSystem files, SpoolMetrics metrics, ILogger log, long offset)
    {
        _segments = segments;
        _files = files;
        _metrics = metrics;
        _log = log;
        Position = offset;
    }

    /// <summary>Where the next record is looked for.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Which lanes are wanted, one bit each. Records of other lanes are stepped over by their header alone, without a
    /// look at the checksum: whoever reads that lane looks at it.
    /// </summary>
    public ushort LaneMask { get; set; } = AllLanes;

    /// <summary>All bytes this reader has passed over because they were missing or unreadable.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>
    /// The next durable record that starts before <paramref name="before"/>; false when there is none yet.
    /// </summary>
    /// <param name="record">The record; valid until the next call.</param>
    /// <param name="before">Where to stop; a record that starts there is not read.</param>
    /// <exception cref="IOException">The disk refused to read.</exception>
    public bool TryRead(out RecordView record, long before = long.MaxValue)
    {
        while (true)
        {
            long durable = _segments.EndOffset;
            if (Position >= Math.Min(before, durable))
            {
                record = default;
                return false;
            }

            if (TryEnter(durable, out long end) && TryReadHere(end, out record))
            {
                return true;
            }
        }
    }

    /// <summary>The oldest range passed over that has not been taken yet.</summary>
    public bool TryTakeSkip(out SkippedRange skip) => _skips.TryDequeue(out skip);

    /// <summary>Lets go of the file.</summary>
    public void Dispose() => _window.Dispose();

    // Fast path: still in the same segment.
    private bool TryEnter(long durable, out long end)
    {
        if (_segment is { } segment)
        {
            end = segment.EndOffset;
            if (Position < end && Position >= segment.FirstOffset)
            {
                return true;
            }
        }

        return TryEnterSlow(durable, out end);
    }

    private bool TryEnterSlow(long durable, out long end)
    {
        end = 0;
        Segment[] segments = _segments.Segments;
        int index = Segment.IndexOf(segments, Position);
        if (index >= 0 && Position < segments[index].EndOffset)
        {
            end = segments[index].EndOffset;
            return TryOpen(segments[index]);
        }

        long next = index + 1 < segments.Length ? segments[index + 1].FirstOffset : durable;
        if (next <= Position)
        {
            throw new UnreachableException($"BUG: offset {Position} is durable up to {durable} and in no segment");
        }

        Skip(next, index < 0 ? SkipCause.Trimmed : SkipCause.Missing);
        return false;
    }

    private bool TryOpen(Segment segment)
    {
        try
        {
            _window.Attach(_files.Open(segment.Path, FileIntent.Read), segment.FirstOffset);
            // By the file itself: it may have been compacted since the look at the table.
            _cursor = _window.IsCompacted ? segment.FirstOffset : Position;
            _place = GapPlace.First;
            _segment = segment;
            return true;
        }
        catch (FileNotFoundException) when (_segments.FirstOffset > segment.FirstOffset)
        {
            return false; // deleted between the look at the table and now; the table knows by now
        }
    }

    private bool TryReadHere(long end, out RecordView record)
    {
        record = default;
        ReadOnlySpan<byte> bytes = _window.At(_cursor, SpoolRecord.HeaderBytes, end);
        RecordCheck check = SpoolRecord.CheckHeader(bytes, out int recordBytes);
        if (check == RecordCheck.Whole)
        {
            bool isGap = SpoolGap.IsGap(bytes);
            bool isWanted = isGap || (_cursor == Position && (LaneMask >> bytes[SpoolRecord.LaneAt] & 1) != 0);
            if (!isWanted && recordBytes <= end - _cursor)
            {
                _cursor += recordBytes;
                Position = Math.Max(Position, _cursor);
                return false;
            }

            bytes = bytes.Length >= recordBytes ? bytes : _window.At(_cursor, recordBytes, end);
            check = isGap && IsWithinGap ? RecordCheck.Whole : SpoolRecord.Check(bytes, out recordBytes, _window.Mask);
            if (isGap && check == RecordCheck.Whole)
            {
                return TryReadGap(bytes[..recordBytes], out record);
            }
        }

        if (check != RecordCheck.Whole)
        {
            PassFault(end);
            return false;
        }

        record = new RecordView(Position, bytes[..recordBytes]);
        Position += recordBytes;
        _cursor = Position;
        return true;
    }

    private bool IsWithinGap => _place != GapPlace.First;

    // What is left of the dropped records comes one by one, so that each has its offset as before.
    private bool TryReadGap(ReadOnlySpan<byte> gap, out RecordView record)
    {
        _placeOffset = IsWithinGap ? _placeOffset : _cursor;
        while (SpoolGap.TryRead(gap, ref _place, out record, _placeOffset))
        {
            _placeOffset = record.NextOffset;
            if (record.Offset >= Position)
            {
                Position = record.NextOffset;
                if ((LaneMask >> record.Lane & 1) != 0)
                {
                    return true;
                }
            }
        }

        _window.Shift(_placeOffset - _cursor - gap.Length);
        _cursor = _placeOffset;
        _place = GapPlace.First;
        Position = Math.Max(Position, _cursor);
        return false;
    }

    // The faulty record's own length is believed only if a whole record follows it; else the rest of what was durable
    // in this segment is passed over, for its end is the end of a record.
    private void PassFault(long end)
    {
        if (_segments.FirstOffset > _segment!.FirstOffset)
        {
            _segment = null; // deleted meanwhile, and its file may be that of another by now
            return;
        }

        RecordFault fault = SegmentScan.Run(_window, _cursor, end).Fault
            ?? new RecordFault("a record", "the end of the file", null);
        long next = fault.NextOffset ?? end;
        _log.RecordUnreadable(
            _cursor, Path.GetFileName(_segment.Path), fault.Expected, fault.Found, next - _cursor);
        _cursor = next;
        if (next > Position)
        {
            Skip(next, SkipCause.Corrupt);
        }
    }

    private void Skip(long next, SkipCause cause)
    {
        var skip = new SkippedRange(Position, next, cause);
        if (_skips.Count < SkipCountMax)
        {
            _skips.Enqueue(skip);
        }

        SkippedBytes += skip.Bytes;
        _metrics.CountSkipped(skip.Bytes);
        Position = next;
    }
}
