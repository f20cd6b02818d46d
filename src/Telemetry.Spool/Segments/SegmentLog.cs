using Microsoft.Extensions.Logging;

namespace Telemetry.Spool;

/// <summary>
/// The files of the log, oldest first, and the one being written. Only the committer changes it; readers take
/// <see cref="Segments"/>, which is replaced and never changed.
/// Always: segments are in order and do not overlap, and no segment ends behind the durable offset.
/// </summary>
internal sealed class SegmentLog : IDisposable
{
    private readonly IFileSystem _files;
    private readonly SpoolOptions _options;
    private readonly TimeProvider _time;
    private readonly SpoolMetrics _metrics;
    private readonly ILogger _log;
    private Segment[] _segments;
    private IFile? _file; // of the last segment; null when the next commit must begin a new one
    private long _endOffset;

    public SegmentLog(
        IFileSystem files, SpoolOptions options, TimeProvider time, SpoolMetrics metrics, ILogger log,
        RecoveredLog recovered)
    {
        _files = files;
        _options = options;
        _time = time;
        _metrics = metrics;
        _log = log;
        _segments = recovered.Segments;
        _endOffset = recovered.EndOffset;
        ReuseLast();
        CountSegments();
    }

    public Segment[] Segments => Volatile.Read(ref _segments);

    /// <summary>Where the durable records end.</summary>
    public long EndOffset => Volatile.Read(ref _endOffset);

    public long FirstOffset => Segments is [var first, ..] ? first.FirstOffset : EndOffset;

    public long TotalBytes { get; private set; }

    /// <summary>Makes whole records durable behind the end; on any failure nothing of them counts.</summary>
    public WriteOutcome TryCommit(ReadOnlySpan<byte> records, out Exception? error)
    {
        error = null;
        try
        {
            PrepareSegment(records.Length);
            _file!.Write(records, _segments[^1].PositionOf(_endOffset));
        }
        catch (DiskFullException full)
        {
            error = full;
            CutBack();
            return WriteOutcome.DiskFull;
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            return Abandon(fault, records.Length, out error);
        }

        try
        {
            long began = _time.GetTimestamp();
            _file.Sync();
            _metrics.CountSync((long)(_time.GetElapsedTime(began).TotalMicroseconds * 1_000));
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            return Abandon(fault, records.Length, out error);
        }

        Extend(records.Length);
        return WriteOutcome.Committed;
    }

    /// <summary>Deletes the oldest segment if all of it lies before an offset; the last one always stays.</summary>
    public bool TryTrimOldest(long before)
    {
        Segment[] segments = _segments;
        if (segments.Length < 2 || segments[0].EndOffset > before)
        {
            return false;
        }

        // First the table: who finds a file gone must find that it is no longer of the log.
        Volatile.Write(ref _segments, segments[1..]);
        try
        {
            _files.Delete(segments[0].Path);
            // One by one: a later segment must not be gone for good while an earlier one comes back.
            _files.SyncDirectory(_options.Directory);
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            Volatile.Write(ref _segments, segments);
            _log.TrimFailed(fault, Path.GetFileName(segments[0].Path), fault.Message);
            return false;
        }

        _metrics.CountTrimmed();
        CountSegments();
        return true;
    }

    public void Dispose() => _file?.Dispose();

    internal static bool IsDiskFault(Exception error) => error is IOException or UnauthorizedAccessException;

    private void ReuseLast()
    {
        if (_segments is [.., var last]
            && last.IsEmpty && last.FirstOffset == _endOffset && last.FileBytes == SegmentHeader.Bytes)
        {
            _file = _files.Open(last.Path, FileIntent.Write);
        }
    }

    private void PrepareSegment(int bytes)
    {
        if (_file is not null
            && (_segments[^1].IsEmpty || _segments[^1].FileBytes + bytes <= _options.SegmentBytesMax))
        {
            return;
        }

        _file?.Dispose();
        _file = null;
        Begin(_endOffset);
    }

    // A segment appears under its name with its header durable, or not at all.
    private void Begin(long firstOffset)
    {
        string path = Path.Combine(_options.Directory, SegmentName.Of(firstOffset));
        string unfinished = path + SegmentName.UnfinishedSuffix;
        IFile file = _files.Open(unfinished, FileIntent.Create);
        try
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            SegmentHeader.Write(header, firstOffset);
            file.Write(header, 0);
            file.Sync();
            _files.Rename(unfinished, path);
            _files.SyncDirectory(_options.Directory);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file = file;
        Adopt(new Segment(path, firstOffset, firstOffset, SegmentHeader.Bytes));
    }

    private void Adopt(Segment segment)
    {
        // An abandoned segment without a durable record had the same first offset; the new file has replaced it.
        Segment[] before = _segments is [.. var rest, var last] && last.FirstOffset == segment.FirstOffset
            ? rest
            : _segments;
        Volatile.Write(ref _segments, [.. before, segment]);
        CountSegments();
    }

    private void Extend(int bytes)
    {
        Segment last = _segments[^1];
        last.EndOffset = _endOffset + bytes;
        last.FileBytes = last.PositionOf(last.EndOffset);
        TotalBytes += bytes;
        _metrics.SetSegments(_segments.Length, TotalBytes);
        _metrics.CountCommit(bytes);
        Volatile.Write(ref _endOffset, last.EndOffset); // last: who sees the offset finds its segment
    }

    // A write that found no room harms nothing that was there; the part of it that got through is cut off.
    private void CutBack()
    {
        try
        {
            _file?.SetLength(_segments[^1].PositionOf(_endOffset));
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            Abandon(fault, 0, out _);
        }
    }

    private WriteOutcome Abandon(Exception fault, long bytes, out Exception error)
    {
        error = fault;
        _metrics.CountSyncFailure();
        string segment = _segments is [.., var last] ? Path.GetFileName(last.Path) : SegmentName.Of(_endOffset);
        _log.SegmentAbandoned(fault, segment, _endOffset, fault.Message, bytes);
        _file?.Dispose();
        _file = null;
        return WriteOutcome.Faulted;
    }

    private void CountSegments()
    {
        TotalBytes = 0;
        foreach (Segment segment in _segments)
        {
            TotalBytes += segment.FileBytes;
        }

        _metrics.SetSegments(_segments.Length, TotalBytes);
    }
}
