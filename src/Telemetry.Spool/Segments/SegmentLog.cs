using Microsoft.Extensions.Logging;

namespace Telemetry.Spool;

/// <summary>
/// The files of the log, oldest first, and the one being written. Only the committer changes it, but for
/// <see cref="TryReplace"/>; readers take <see cref="Segments"/>, which is replaced and never changed.
/// Always: segments are in order and do not overlap, and no segment ends behind the durable offset.
/// </summary>
internal sealed class SegmentLog : IDisposable
{
    private readonly IFileSystem _files;
    private readonly SpoolOptions _options;
    private readonly TimeProvider _time;
    private readonly SpoolMetrics _metrics;
    private readonly ILogger _log;
    private readonly DiskAside _aside;
    private readonly SpareSegments _spares;
    private readonly SegmentMaker _maker;
    private readonly SegmentArchive? _archive;
    private readonly SegmentCache _cache;
    private readonly Lock _table = new(); // held to replace the segments or to count their bytes
    private Segment[] _segments;
    private IFile? _file; // of the last segment; null when the next commit must begin a new one
    private long _endOffset;
    private long _totalBytes;
    private Task<bool>? _trimming;
    private Segment? _trimmed; // its file is being deleted, and counts until it is gone

    public SegmentLog(
        IFileSystem files, SpoolOptions options, TimeProvider time, SpoolMetrics metrics, ILogger log,
        RecoveredLog recovered, SpareSegments spares, SegmentArchive? archive, bool usesThreads)
    {
        _archive = archive;
        _files = files;
        _options = options;
        _time = time;
        _metrics = metrics;
        _log = log;
        _aside = new DiskAside(usesThreads);
        _spares = spares;
        _maker = new SegmentMaker(files, options.Directory, _aside, _spares);
        _cache = new SegmentCache(files);
        _segments = recovered.Segments;
        _endOffset = recovered.EndOffset;
        ReuseLast();
        CountSegments();
    }

    public Segment[] Segments => Volatile.Read(ref _segments);

    /// <summary>Where the durable records end.</summary>
    public long EndOffset => Volatile.Read(ref _endOffset);

    public long FirstOffset => Segments is [var first, ..] ? first.FirstOffset : EndOffset;

    /// <summary>Bytes of all files, spare ones among them.</summary>
    public long TotalBytes => Volatile.Read(ref _totalBytes) + _spares.Bytes;

    /// <summary>How much more of the disk a commit of so many bytes takes, at the most.</summary>
    public long GrowthBy(long bytes)
    {
        bool isWithin = _file is not null && _segments[^1].PositionOf(_endOffset) + bytes <= _segments[^1].FileBytes;
        return isWithin ? 0 : bytes + SegmentHeader.Bytes;
    }

    /// <summary>Makes whole records durable behind the end; on any failure nothing of them counts.</summary>
    /// <param name="records">They; as they were when this returns with a failure.</param>
    /// <param name="error">What failed.</param>
    public WriteOutcome TryCommit(Span<byte> records, out Exception? error)
    {
        error = null;
        uint mask = 0;
        try
        {
            PrepareSegment(records.Length);
            long position = _segments[^1].PositionOf(_endOffset);
            mask = _segments[^1].Mask;
            SpoolRecord.Mask(records, mask);
            _file!.Write(records, position);
            PrepareNext(position, records.Length);
        }
        catch (DiskFullException full)
        {
            error = full;
            SpoolRecord.Mask(records, mask);
            CutBack();
            return WriteOutcome.DiskFull;
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            SpoolRecord.Mask(records, mask);
            return Abandon(fault, records.Length, out error);
        }

        try
        {
            long began = _time.GetTimestamp();
            _file.Sync();
            _metrics.CountSync((long)(_time.GetElapsedTime(began).TotalMicroseconds * 1_000));
            _maker.EndNaming();
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            SpoolRecord.Mask(records, mask);
            return Abandon(fault, records.Length, out error);
        }

        Extend(records.Length);
        return WriteOutcome.Committed;
    }

    /// <summary>Deletes the oldest segment if all of it lies before an offset; the last one always stays.</summary>
    /// <returns>Whether one is gone.</returns>
    public bool TryTrimOldest(long before)
    {
        if (_trimming is null && !BeginTrim(before, mayKeep: false))
        {
            return false;
        }

        return EndTrim();
    }

    /// <summary>Deletes a file that is kept to be written over; false when there is none, or it stays.</summary>
    public bool TryDropSpare()
    {
        try
        {
            return _spares.TryDrop();
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            return false; // the next start deletes it
        }
    }

    /// <summary>As <see cref="TryTrimOldest"/>, and nobody waits: who asks is called when it is done.</summary>
    /// <returns>Whether one is gone already.</returns>
    public bool TryTrimAside(long before, Action whenDone)
    {
        if (_trimming is null && BeginTrim(before, mayKeep: true))
        {
            _ = _trimming!.ContinueWith(_ => whenDone(), TaskScheduler.Default);
        }

        return _trimming is { IsCompleted: true } && EndTrim();
    }

    /// <summary>
    /// Takes records that were read out of the system's cache. Without an archive the pages stay: the file is the next
    /// segment's soon, and to write over what is in memory costs least.
    /// </summary>
    /// <param name="before">Where the records end that nobody is about to read.</param>
    public void DropCacheBefore(long before)
    {
        if (_archive is not null)
        {
            _cache.DropBefore(_segments, _file, Math.Min(before, _endOffset));
        }
    }

    /// <summary>Puts a file with fewer bytes in the place of a segment's; false when it is deleted meanwhile.</summary>
    /// <param name="segment">One that nobody writes any more.</param>
    /// <param name="unfinished">The other file, complete and durable.</param>
    /// <param name="fileBytes">Its length.</param>
    public bool TryReplace(Segment segment, string unfinished, long fileBytes)
    {
        lock (_table)
        {
            int index = Array.IndexOf(_segments, segment);
            if (index < 0 || index == _segments.Length - 1)
            {
                return false;
            }

            _files.Rename(unfinished, segment.Path);
            Segment[] after = [.. _segments];
            after[index] = new Segment(segment.Path, segment.FirstOffset, segment.EndOffset, fileBytes)
            {
                IsCompacted = true,
            };
            Volatile.Write(ref _segments, after);
            CountSegmentsLocked();
        }

        _files.SyncDirectory(_options.Directory);
        return true;
    }

    public void Dispose()
    {
        EndTrim();
        _maker.Dispose();
        _file?.Dispose();
    }

    internal static bool IsDiskFault(Exception error) => error is IOException or UnauthorizedAccessException;

    private void ReuseLast()
    {
        if (_segments is [.., var last]
            && last.IsEmpty && last.FirstOffset == _endOffset && last.FileBytes == SegmentHeader.Bytes)
        {
            _file = _files.Open(last.Path, FileIntent.Write);
        }
    }

    private bool BeginTrim(long before, bool mayKeep)
    {
        Segment[] segments = _segments;
        if (segments.Length < 2 || segments[0].EndOffset > before)
        {
            return false;
        }

        // First the tables: who finds a file gone must find that it is no longer of the log, and where it is then.
        ArchivedSegment? expected;
        lock (_table)
        {
            _trimmed = _segments[0];
            expected = _archive?.Expect(_trimmed);
            Volatile.Write(ref _segments, _segments[1..]);
        }

        Segment trimmed = _trimmed;
        _trimming = _aside.Run(() =>
        {
            if (expected is not null && _archive!.TryTake(expected))
            {
                _files.SyncDirectory(_options.Directory);
                return true;
            }

            // One by one: a later segment must not be gone for good while an earlier one comes back.
            _spares.Remove(trimmed, mayKeep);
            return true;
        });
        return true;
    }

    private bool EndTrim()
    {
        Task<bool>? trimming = _trimming;
        _trimming = null;
        if (trimming is null)
        {
            return false;
        }

        try
        {
            trimming.GetAwaiter().GetResult();
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            _log.TrimFailed(fault, Path.GetFileName(_trimmed!.Path), fault.Message);
            lock (_table)
            {
                Volatile.Write(ref _segments, [_trimmed!, .. _segments]);
                _trimmed = null;
            }

            return false;
        }

        _trimmed = null;
        _metrics.CountTrimmed();
        CountSegments();
        return true;
    }

    private void PrepareSegment(int bytes)
    {
        Segment? last = _file is null ? null : _segments[^1];
        if (last is { IsEmpty: true }
            || (last?.PositionOf(_endOffset) + bytes <= _options.SegmentBytesMax && !_maker.IsAhead(_endOffset)))
        {
            return;
        }

        _file?.Dispose();
        _file = null;
        string path = Path.Combine(_options.Directory, SegmentName.Of(_endOffset));
        SegmentMaker.Made made = _maker.Begin(_endOffset, path);
        _file = made.File;
        Adopt(new Segment(path, _endOffset, _endOffset, made.Bytes) { Life = made.Life });
        if (made.Life > 0)
        {
            _metrics.CountReused();
        }
    }

    // The next commit will be about as large as this one: when it would not fit, it gets a segment of its own.
    private void PrepareNext(long position, int bytes)
    {
        if (position + (2L * bytes) > _options.SegmentBytesMax)
        {
            _maker.MakeAhead(_endOffset + bytes);
        }
    }

    private void Adopt(Segment segment)
    {
        // An abandoned segment without a durable record had the same first offset; the new file has replaced it.
        lock (_table)
        {
            Segment[] before = _segments is [.. var rest, var last] && last.FirstOffset == segment.FirstOffset
                ? rest
                : _segments;
            Volatile.Write(ref _segments, [.. before, segment]);
            CountSegmentsLocked();
        }
    }

    private void Extend(int bytes)
    {
        Segment last = _segments[^1];
        last.EndOffset = _endOffset + bytes;
        long before = last.FileBytes;
        last.FileBytes = Math.Max(before, last.PositionOf(last.EndOffset));
        lock (_table)
        {
            _totalBytes += last.FileBytes - before;
            _metrics.SetSegments(_segments.Length, TotalBytes);
        }

        _metrics.CountCommit(bytes);
        Volatile.Write(ref _endOffset, last.EndOffset); // last: who sees the offset finds its segment
    }

    // A write that found no room harms nothing that was there; the part of it that got through is cut off.
    private void CutBack()
    {
        try
        {
            _maker.EndNaming();
            if (_file is not null)
            {
                Segment last = _segments[^1];
                _file.SetLength(last.PositionOf(_endOffset));
                last.FileBytes = last.PositionOf(_endOffset);
                CountSegments();
            }
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
        if (_file is not null)
        {
            _segments[^1].IsAbandoned = true;
        }

        _file?.Dispose();
        _file = null;
        ForgetNaming();
        return WriteOutcome.Faulted;
    }

    // The next segment begins at the same offset and takes the name.
    private void ForgetNaming()
    {
        try
        {
            _maker.EndNaming();
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
        }
    }

    private void CountSegments()
    {
        lock (_table)
        {
            CountSegmentsLocked();
        }
    }

    private void CountSegmentsLocked()
    {
        _totalBytes = _trimmed?.FileBytes ?? 0;
        foreach (Segment segment in _segments)
        {
            _totalBytes += segment.FileBytes;
        }

        _metrics.SetSegments(_segments.Length, TotalBytes);
    }
}
