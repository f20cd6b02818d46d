using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Telemetry.Spool;

/// <summary>
/// A log of opaque records in segment files with one committer. What is appended is durable once
/// <see cref="DurableOffset"/> has reached its end, and only then does anyone see it (law L2). Offsets count bytes and
/// only ever grow, over restarts and deletions too. All members may be used from any thread.
/// </summary>
public sealed class Spool : IDisposable
{
    private const string LockName = "spool.lock";

    private readonly SpoolOptions _options;
    private readonly IFileSystem _files;
    private readonly ILogger _log;
    private readonly IDisposable _lock;
    private readonly HoldSet _holds = new();
    private readonly CursorCabinet _cursors;
    private readonly SegmentLog _segments;
    private readonly AppendQueue _queue;
    private readonly WaiterSet _commitWaiters;
    private readonly Committer _committer;
    private readonly Thread? _thread;
    private bool _isDisposed;

    private Spool(SpoolOptions options, IFileSystem files, TimeProvider time, ILogger log, bool startsThread)
    {
        options.Require();
        _options = options;
        _files = files;
        _log = log;
        files.CreateDirectory(options.Directory);
        _lock = files.Lock(Path.Combine(options.Directory, LockName));
        try
        {
            long began = time.GetTimestamp();
            var recovery = new SpoolRecovery(files, options, Metrics, log);
            _cursors = new CursorCabinet(files, options.Directory, _holds, Metrics, log);
            _cursors.Load();
            RecoveredLog recovered = recovery.Run(Math.Max(options.OffsetMin, _cursors.HighestOffset));
            Recovery = recovered.Report;
            var spares = new SpareSegments(files, options);
            if (options.Archive is { } archive)
            {
                long first = recovered.Segments is [var oldest, ..] ? oldest.FirstOffset : recovered.EndOffset;
                Archive = SegmentArchive.Open(archive, files, spares, first, log);
            }

            _segments = new SegmentLog(files, options, time, Metrics, log, recovered, spares, Archive, startsThread);
            log.Opened(
                options.Directory, recovered.Segments.Length, FirstOffset, DurableOffset, Recovery.VerifiedBytes,
                time.GetElapsedTime(began).TotalMilliseconds);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        _queue = new AppendQueue(options, time, _segments.EndOffset);
        _commitWaiters = new WaiterSet(_segments.EndOffset);
        _committer = new Committer(
            _queue, _segments, Archive, _holds, _commitWaiters, options, files, time, Metrics, log);
        _holds.Released = OnReleased;
        if (startsThread)
        {
            _thread = new Thread(_committer.Run) { Name = "spool committer", IsBackground = true };
            _thread.Start();
        }
    }

    /// <summary>The first offset that can still be read.</summary>
    public long FirstOffset => _segments.FirstOffset;

    /// <summary>Everything that ends at or before this offset survives a power cut.</summary>
    public long DurableOffset => _segments.EndOffset;

    /// <summary>Where the next block will start.</summary>
    public long AppendedOffset => _queue.AppendedOffset;

    /// <summary>Whether anything is taken in, and why not.</summary>
    public SpoolState State => _queue.State;

    /// <summary>Counters since the spool was opened.</summary>
    public SpoolMetrics Metrics { get; } = new();

    /// <summary>The log behind the first offset; null when there is none.</summary>
    public SegmentArchive? Archive { get; }

    /// <summary>What opening found and did.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>Opens the spool of a directory, made when missing, and runs recovery.</summary>
    /// <exception cref="IOException">The disk refused, or another process has this spool open.</exception>
    /// <exception cref="InvalidDataException">A later version of the program wrote a file here.</exception>
    public static Spool Open(SpoolOptions options, IFileSystem files, TimeProvider time, ILogger<Spool> log) =>
        new(options, files, time, log, startsThread: true);

    /// <summary>As <see cref="Open"/>, but commits happen only in <see cref="CommitOnce"/>: for tests.</summary>
    internal static Spool OpenStepwise(
        SpoolOptions options, IFileSystem files, TimeProvider time, ILogger<Spool> log) =>
        new(options, files, time, log, startsThread: false);

    /// <summary>
    /// Copies a block of whole records into memory under one short lock. The listener is told once it is durable.
    /// </summary>
    /// <param name="block">Records as <see cref="SpoolRecord.Seal"/> wrote them, one behind the other.</param>
    /// <param name="listener">Who waits for the commit, if anyone.</param>
    /// <param name="endOffset">Where the block ends; durable when <see cref="DurableOffset"/> is at least this.</param>
    /// <exception cref="ArgumentException">The block is longer than allowed or not made of whole records.</exception>
    public AppendOutcome TryAppend(ReadOnlySpan<byte> block, ICommitListener? listener, out long endOffset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(block.Length, _options.BlockBytesMax, nameof(block));
        int count = SpoolRecord.CountIn(block);
        if (count <= 0)
        {
            throw new ArgumentException("cannot append the block: it is not made of whole records", nameof(block));
        }

        AppendOutcome outcome = _queue.TryAppend(block, listener, out endOffset);
        switch (outcome)
        {
            case AppendOutcome.Appended:
                Metrics.CountAppend(block.Length, count);
                break;
            case AppendOutcome.NoRoom:
                Metrics.CountNoRoom();
                break;
            default:
                Metrics.CountRefused();
                break;
        }

        return outcome;
    }

    /// <summary>
    /// Completes when <see cref="TryAppend"/> may succeed again: after the next commit, or when a full disk has room.
    /// On a failed spool it never completes by itself.
    /// </summary>
    public ValueTask WaitForRoomAsync(CancellationToken cancellation) => _queue.WaitForRoomAsync(cancellation);

    /// <summary>Completes with the durable offset once it is greater than <paramref name="beyond"/>.</summary>
    public ValueTask<long> WaitForCommitAsync(long beyond, CancellationToken cancellation) =>
        _commitWaiters.WaitAsync(beyond, cancellation);

    /// <summary>
    /// Opens a reader at an offset where a record starts. One that was deleted meanwhile makes the reader begin at
    /// <see cref="FirstOffset"/> and report the range.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Nothing was ever appended there.</exception>
    public SpoolReader OpenReader(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, AppendedOffset);
        return new SpoolReader(_segments, _files, Metrics, _log, offset);
    }

    /// <summary>
    /// Says that those who follow the end of the log are through with everything before an offset: the system's cache
    /// need not keep it. It can be read as before, from the disk.
    /// </summary>
    public void DropCacheBefore(long offset) => _committer.DropCacheBefore(offset);

    /// <summary>Opens a reader of archive and spool at an offset where a record starts.</summary>
    public HistoryReader OpenHistory(long offset) => new(_segments, Archive, _files, offset);

    /// <summary>The first offset that a reader of archive and spool finds.</summary>
    public long HistoryOffset => Math.Min(Archive?.FirstOffset ?? long.MaxValue, FirstOffset);

    /// <summary>A place of archive and spool before every record that arrived at or after a time.</summary>
    /// <param name="arrivalTime">Nanoseconds since 1970.</param>
    /// <exception cref="IOException">The disk refused to read.</exception>
    public long HistoryOffsetAt(long arrivalTime)
    {
        long offset = HistoryOffset;
        foreach (ArchivedSegment archived in Archive?.Segments ?? [])
        {
            offset = archived.FirstArrival <= arrivalTime ? Math.Max(offset, archived.FirstOffset) : offset;
        }

        foreach (Segment segment in _segments.Segments)
        {
            long arrival = FirstArrivalOf(segment);
            offset = arrival > 0 && arrival <= arrivalTime ? Math.Max(offset, segment.FirstOffset) : offset;
        }

        return offset;
    }

    /// <summary>Arrival time of the oldest record of both, nanoseconds since 1970; 0 without one.</summary>
    /// <exception cref="IOException">The disk refused to read.</exception>
    public long HistoryArrival
    {
        get
        {
            Segment[] live = _segments.Segments;
            ArchivedSegment? oldest = Array.Find(Archive?.Segments ?? [], archived => archived.FirstArrival > 0);
            return oldest?.FirstArrival ?? live.Select(FirstArrivalOf).FirstOrDefault(arrival => arrival > 0);
        }
    }

    /// <summary>
    /// Where a record starts at or before an offset, so that the log can be read backwards in pieces: the beginning of
    /// its segment, or <see cref="FirstOffset"/>.
    /// </summary>
    public long SegmentStartOf(long offset)
    {
        Segment[] segments = _segments.Segments;
        int index = Segment.IndexOf(segments, offset);
        return index >= 0 ? segments[index].FirstOffset : FirstOffset;
    }

    /// <summary>Opens the durable place of a consumer; a new one stands at <see cref="FirstOffset"/>.</summary>
    /// <param name="name">The consumer: a-z, 0-9 and '-'.</param>
    /// <param name="required">Intake stops at the quota rather than delete what this consumer has not had.</param>
    public Cursor OpenCursor(string name, bool required) =>
        _cursors.Open(name, required, FirstOffset, () => DurableOffset);

    /// <summary>
    /// Holds the spool for a consumer that keeps its place itself. Open the spool with
    /// <see cref="SpoolOptions.OffsetMin"/> at its highest stored offset first.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset lies behind the end of the log.</exception>
    public SpoolHold OpenHold(string name, bool required, long initialOffset)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(initialOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initialOffset, AppendedOffset);
        return _holds.Add(name, required, initialOffset);
    }

    /// <summary>Everyone who holds the spool, cursors among them.</summary>
    public IReadOnlyList<SpoolHold> Holds => _holds.All;

    /// <summary>
    /// Bytes that all segments together can grow to, by the quota and by the free space of the disk less its reserve.
    /// </summary>
    public long CapacityBytes
    {
        get
        {
            long held = Metrics.SegmentBytes + (Archive?.Bytes ?? 0); // the archive gives way
            long byDisk = SaturatingAdd(held - _options.FreeBytesMin, FreeBytesOrZero());
            return Math.Max(0, Math.Min(_options.BytesMax, byDisk));
        }
    }

    /// <summary>
    /// Bytes that can still be appended while everything from an offset on is kept; a segment more or less, for they
    /// are deleted whole.
    /// </summary>
    public long RoomBehind(long offset)
    {
        Segment[] segments = _segments.Segments;
        long kept = segments.Skip(Math.Max(0, Segment.IndexOf(segments, offset))).Sum(segment => segment.UsedBytes);
        return Math.Max(0, CapacityBytes - kept);
    }

    /// <summary>
    /// Compacts the oldest segment between two offsets that is not written any more and was not compacted before:
    /// records that give way go, their offsets stay, and readers are shown their remnants. On the caller's thread,
    /// beside the commits; one thread at a time.
    /// </summary>
    /// <param name="from">In: where to look from. Out: behind the segment; as it was when there was none.</param>
    /// <param name="before">Segments that end behind this offset are left alone.</param>
    /// <param name="sieve">Says what gives way.</param>
    /// <exception cref="IOException">The disk refused; the segment is as it was, or as it is to be.</exception>
    public CompactionResult CompactNext(ref long from, long before, ISegmentSieve sieve)
    {
        foreach (Segment segment in _segments.Segments.SkipLast(1))
        {
            bool isMeant = segment.FirstOffset >= from && segment.EndOffset <= before;
            if (isMeant && segment is { IsCompacted: false, IsEmpty: false })
            {
                from = segment.EndOffset;
                CompactionResult result = new SegmentCompactor(_files, _segments).Run(segment, sieve);
                OnReleased(); // a full spool may have room now
                return result;
            }
        }

        return default;
    }

    /// <summary>
    /// Lets the committer delete whole segments that every holder has released, now and after each commit. Nothing is
    /// deleted before the first call: call it once all cursors and holds are open.
    /// </summary>
    public void Trim() => _committer.AllowTrim();

    /// <summary>Commits what was appended, ends the committer and lets go of the directory.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _queue.Close();
        _thread?.Join();
        _commitWaiters.Close();
        _committer.Dispose();
        _lock.Dispose();
    }

    /// <summary>One turn of the committer, on the caller's thread.</summary>
    internal void CommitOnce()
    {
        if (_thread is not null)
        {
            throw new UnreachableException("BUG: a spool with a committer of its own is not committed stepwise");
        }

        _committer.RunOnce();
    }

    private static long SaturatingAdd(long value, long positive) =>
        value > long.MaxValue - positive ? long.MaxValue : value + positive;

    // 0 for one that was deleted meanwhile, too.
    private long FirstArrivalOf(Segment segment)
    {
        try
        {
            IFile file = _files.Open(segment.Path, FileIntent.Read);
            return SegmentScan.FirstArrival(file, segment.FirstOffset, segment.EndOffset);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private long FreeBytesOrZero()
    {
        try
        {
            return _files.FreeBytes(_options.Directory);
        }
        catch (Exception fault) when (SegmentLog.IsDiskFault(fault))
        {
            return 0;
        }
    }

    private void OnReleased()
    {
        bool canTrim = _segments.Segments is [var oldest, _, ..] && oldest.EndOffset <= _holds.Floor;
        if (canTrim || _queue.State.Status == SpoolStatus.Full)
        {
            _queue.Nudge();
        }
    }
}
