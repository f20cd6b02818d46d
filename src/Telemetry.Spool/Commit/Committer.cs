using Microsoft.Extensions.Logging;

namespace Telemetry.Spool;

/// <summary>
/// Makes appended blocks durable, one group after the other, and tells who waits. All disk work of a running spool but
/// reading is begun here, on one thread, and but for <see cref="DiskAside"/> done here; <see cref="RunOnce"/> is its
/// whole turn.
/// </summary>
internal sealed class Committer(
    AppendQueue queue, SegmentLog segments, SegmentArchive? archive, HoldSet holds, WaiterSet commitWaiters,
    SpoolOptions options, IFileSystem files, TimeProvider time, SpoolMetrics metrics, ILogger log) : IDisposable
{
    // Asking for free space is a system call with an allocation; in this many bytes it cannot change for the worse
    // unseen.
    private const long FreeCheckBytes = 8 * 1024 * 1024;

    private readonly TimeSpan _wakeInterval = TimeSpan.FromMilliseconds(options.WakeIntervalMinMilliseconds);
    private ITimer? _retry;
    private long _fullSince;
    private long _wokenAt;
    private bool _mustWake; // a commit that those who wait for commits have not been told of
    private long _freeCheckAt; // a commit that ends behind this offset asks for free space first
    private volatile bool _mayTrim;
    private long _readBefore;

    /// <summary>The thread's body: turns until the queue is closed.</summary>
    public void Run()
    {
        while (queue.WaitForWork(_mustWake ? UntilWaking : Timeout.InfiniteTimeSpan))
        {
            RunOnce();
        }

        WakeWaiters();
    }

    /// <summary>From now on segments that everyone has released are deleted.</summary>
    public void AllowTrim()
    {
        _mayTrim = true;
        queue.Nudge();
    }

    /// <summary>The system's cache need not keep what lies before; for any thread.</summary>
    public void DropCacheBefore(long offset) => Volatile.Write(ref _readBefore, offset);

    /// <summary>Commits what waits, then begins to delete what nobody needs.</summary>
    public void RunOnce()
    {
        if (queue.State.Status == SpoolStatus.Failed)
        {
            _ = queue.Take(); // nothing can be done with it; the nudge is answered
            WakeWaiters();
            return;
        }

        AppendBuffer? buffer = queue.Take();
        if (buffer is not null)
        {
            Commit(buffer);
        }

        if (buffer is null || UntilWaking <= TimeSpan.Zero)
        {
            WakeWaiters();
        }

        segments.DropCacheBefore(Volatile.Read(ref _readBefore));
        while (_mayTrim && segments.TryTrimAside(holds.Floor, queue.Nudge))
        {
        }
    }

    public void Dispose()
    {
        _retry?.Dispose();
        segments.Dispose();
    }

    private void Commit(AppendBuffer buffer)
    {
        long growth = segments.GrowthBy(buffer.Count);
        if (!HasQuota(growth, buffer.Count) || !HasReserve(growth, buffer.Count))
        {
            return;
        }

        WriteOutcome outcome = segments.TryCommit(buffer.Written, out Exception? error);
        if (outcome == WriteOutcome.Faulted)
        {
            // The bytes are still in memory: once more, to a segment that has not failed yet.
            outcome = segments.TryCommit(buffer.Written, out error);
        }

        while (outcome == WriteOutcome.DiskFull && TryMakeRoomOnDisk())
        {
            outcome = segments.TryCommit(buffer.Written, out error);
        }

        switch (outcome)
        {
            case WriteOutcome.Committed:
                Publish(buffer);
                break;
            case WriteOutcome.DiskFull:
                EnterFull(error!.Message, buffer.Count, FreeBytesOrZero());
                break;
            default:
                Fail(error!, buffer.Count);
                break;
        }
    }

    private void Publish(AppendBuffer buffer)
    {
        if (queue.State.Status == SpoolStatus.Full)
        {
            log.RoomAgain(time.GetElapsedTime(_fullSince).TotalSeconds);
            queue.Enter(SpoolState.Running);
        }

        long durable = segments.EndOffset;
        foreach (ICommitListener listener in buffer.Listeners)
        {
            listener.OnCommitted(durable);
        }

        queue.Return(buffer);
        _mustWake = true;
    }

    private TimeSpan UntilWaking =>
        _wokenAt == 0 ? TimeSpan.Zero : _wakeInterval - time.GetElapsedTime(_wokenAt);

    private void WakeWaiters()
    {
        if (_mustWake)
        {
            _mustWake = false;
            _wokenAt = time.GetTimestamp();
            commitWaiters.Release(segments.EndOffset);
        }
    }

    private bool HasQuota(long growth, int bytes)
    {
        while (segments.TotalBytes + growth > options.BytesMax)
        {
            if (!TryMakeRoom())
            {
                long free = Math.Max(0, options.BytesMax - segments.TotalBytes);
                EnterFull($"the quota of {options.BytesMax} bytes is reached", bytes, free);
                return false;
            }
        }

        return true;
    }

    private bool HasReserve(long growth, int bytes)
    {
        bool isDue = segments.EndOffset + bytes > _freeCheckAt || queue.State.Status == SpoolStatus.Full;
        if (options.FreeBytesMin == 0 || !isDue)
        {
            return true;
        }

        long free = FreeBytesOrZero();
        while (free < options.FreeBytesMin + growth)
        {
            if (!TryMakeRoomOnDisk())
            {
                EnterFull($"the reserve of {options.FreeBytesMin} bytes for others is reached", bytes, free);
                return false;
            }

            free = FreeBytesOrZero();
        }

        long spare = free - SegmentHeader.Bytes - options.FreeBytesMin;
        _freeCheckAt = segments.EndOffset + Math.Min(FreeCheckBytes, spare);
        return true;
    }

    // Spare files first; what is archived takes the disk's room and none of the quota's.
    private bool TryMakeRoomOnDisk() =>
        segments.TryDropSpare() || archive?.TryGiveWay(mayKeep: false) == true || TryMakeRoom();

    // Deletes a spare file, or one segment that no required holder wants, and says so if an optional one did.
    private bool TryMakeRoom()
    {
        if (segments.TryDropSpare())
        {
            return true;
        }

        if (!_mayTrim || segments.Segments is not [var oldest, _, ..])
        {
            return false;
        }

        SpoolHold? overruled = holds.FindOverruled(oldest.EndOffset);
        if (!segments.TryTrimOldest(holds.PressureFloor))
        {
            return false;
        }

        if (overruled is not null)
        {
            long missed = oldest.EndOffset - Math.Max(oldest.FirstOffset, overruled.Offset);
            log.OptionalHolderOverruled(
                Path.GetFileName(oldest.Path), oldest.EndOffset, overruled.Name, overruled.Offset, missed);
        }

        return true;
    }

    private void EnterFull(string cause, long wanted, long free)
    {
        if (queue.State.Status != SpoolStatus.Full)
        {
            _fullSince = time.GetTimestamp();
            metrics.CountFullEpisode();
            log.Full(cause, wanted, free, options.FullRetryMilliseconds);
            queue.Enter(new SpoolState(SpoolStatus.Full, cause, wanted, free));
        }

        _retry ??= time.CreateTimer(
            static state => ((AppendQueue)state!).Nudge(), queue, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retry.Change(TimeSpan.FromMilliseconds(options.FullRetryMilliseconds), Timeout.InfiniteTimeSpan);
    }

    private void Fail(Exception error, long wanted)
    {
        log.Failed(error, error.Message, wanted);
        queue.Enter(new SpoolState(SpoolStatus.Failed, error.Message, wanted, FreeBytesOrZero()));
    }

    private long FreeBytesOrZero()
    {
        try
        {
            return files.FreeBytes(options.Directory);
        }
        catch (Exception fault) when (SegmentLog.IsDiskFault(fault))
        {
            return 0;
        }
    }
}
