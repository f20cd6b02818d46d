namespace Telemetry.Spool;

/// <summary>What the spool has done since it was opened. Each counter may be read at any time.</summary>
public sealed class SpoolMetrics
{
    private long _appendedBytes;
    private long _appendedRecords;
    private long _noRoom;
    private long _refused;
    private long _commits;
    private long _committedBytes;
    private long _syncs;
    private long _syncFailures;
    private long _syncNanoseconds;
    private long _syncNanosecondsMax;
    private long _fullEpisodes;
    private long _tornBytes;
    private long _setAside;
    private long _skippedBytes;
    private long _segments;
    private long _segmentBytes;
    private long _trimmedSegments;
    private long _reusedSegments;

    /// <summary>Bytes appended, record headers included.</summary>
    public long AppendedBytes => Interlocked.Read(ref _appendedBytes);

    /// <summary>Records appended.</summary>
    public long AppendedRecords => Interlocked.Read(ref _appendedRecords);

    /// <summary>Blocks sent back because the buffer was full.</summary>
    public long NoRoomCount => Interlocked.Read(ref _noRoom);

    /// <summary>Blocks refused because the disk was full or the spool had failed.</summary>
    public long RefusedCount => Interlocked.Read(ref _refused);

    /// <summary>Commits that made something durable.</summary>
    public long CommitCount => Interlocked.Read(ref _commits);

    /// <summary>Bytes made durable.</summary>
    public long CommittedBytes => Interlocked.Read(ref _committedBytes);

    /// <summary>Syncs of segments that succeeded.</summary>
    public long SyncCount => Interlocked.Read(ref _syncs);

    /// <summary>Writes and syncs that failed for another reason than space.</summary>
    public long SyncFailureCount => Interlocked.Read(ref _syncFailures);

    /// <summary>Time spent in syncs, in nanoseconds.</summary>
    public long SyncNanoseconds => Interlocked.Read(ref _syncNanoseconds);

    /// <summary>The longest sync, in nanoseconds.</summary>
    public long SyncNanosecondsMax => Interlocked.Read(ref _syncNanosecondsMax);

    /// <summary>How often intake stopped for want of room.</summary>
    public long FullEpisodeCount => Interlocked.Read(ref _fullEpisodes);

    /// <summary>Bytes of the torn tail that recovery cut.</summary>
    public long TornBytes => Interlocked.Read(ref _tornBytes);

    /// <summary>Files set aside.</summary>
    public long SetAsideCount => Interlocked.Read(ref _setAside);

    /// <summary>Bytes that readers passed over because they were missing or corrupt.</summary>
    public long SkippedBytes => Interlocked.Read(ref _skippedBytes);

    /// <summary>Segments on the disk.</summary>
    public long SegmentCount => Interlocked.Read(ref _segments);

    /// <summary>Segments that were begun in a file that had been another before.</summary>
    public long ReusedSegmentCount => Interlocked.Read(ref _reusedSegments);

    /// <summary>Bytes of all segments.</summary>
    public long SegmentBytes => Interlocked.Read(ref _segmentBytes);

    /// <summary>Segments deleted because everyone was behind them.</summary>
    public long TrimmedSegmentCount => Interlocked.Read(ref _trimmedSegments);

    internal void CountAppend(int bytes, int records)
    {
        Interlocked.Add(ref _appendedBytes, bytes);
        Interlocked.Add(ref _appendedRecords, records);
    }

    internal void CountNoRoom() => Interlocked.Increment(ref _noRoom);

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    internal void CountCommit(long bytes)
    {
        Interlocked.Increment(ref _commits);
        Interlocked.Add(ref _committedBytes, bytes);
    }

    // One thread syncs, so the maximum needs no loop.
    internal void CountSync(long nanoseconds)
    {
        Interlocked.Increment(ref _syncs);
        Interlocked.Add(ref _syncNanoseconds, nanoseconds);
        Interlocked.Exchange(ref _syncNanosecondsMax, Math.Max(SyncNanosecondsMax, nanoseconds));
    }

    internal void CountSyncFailure() => Interlocked.Increment(ref _syncFailures);

    internal void CountFullEpisode() => Interlocked.Increment(ref _fullEpisodes);

    internal void CountTorn(long bytes) => Interlocked.Add(ref _tornBytes, bytes);

    internal void CountSetAside() => Interlocked.Increment(ref _setAside);

    internal void CountSkipped(long bytes) => Interlocked.Add(ref _skippedBytes, bytes);

    internal void CountReused() => Interlocked.Increment(ref _reusedSegments);

    internal void CountTrimmed() => Interlocked.Increment(ref _trimmedSegments);

    internal void SetSegments(int count, long bytes)
    {
        Interlocked.Exchange(ref _segments, count);
        Interlocked.Exchange(ref _segmentBytes, bytes);
    }
}
