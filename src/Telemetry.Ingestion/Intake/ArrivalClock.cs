using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// The time messages arrive, nanoseconds since 1970: the wall clock, but never behind what it gave before, nor behind
/// what the spool has recorded (a box without a battery clock starts in 1970 after a grid cut). Behind that it runs on
/// by the monotonic clock until the wall clock has caught up. No time is given twice, or two points without a time of
/// their own would be one.
/// </summary>
public sealed class ArrivalClock
{
    private const long NanosecondsPerTick = 100;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private long _running; // what the clock showed
    private long _readAt; // when, on the monotonic clock
    private long _last; // the latest time given

    /// <param name="time">Wall clock and monotonic clock.</param>
    /// <param name="notBefore">The last arrival time already recorded; 0 when there is none.</param>
    public ArrivalClock(TimeProvider time, long notBefore = 0)
    {
        _time = time;
        _running = notBefore;
        _readAt = time.GetTimestamp();
        _last = notBefore;
    }

    /// <summary>
    /// How far it is ahead of the wall clock, which was set back or is not set yet; zero or near it when all is well.
    /// </summary>
    public TimeSpan Ahead
    {
        get
        {
            lock (_gate)
            {
                long wall = Timestamp.From(_time.GetUtcNow());
                return TimeSpan.FromTicks((RunLocked(wall) - wall) / NanosecondsPerTick);
            }
        }
    }

    /// <summary>Now, later than any time given before.</summary>
    public long Now()
    {
        long now;
        lock (_gate)
        {
            now = RunLocked(Timestamp.From(_time.GetUtcNow()));
        }

        while (true)
        {
            long last = Volatile.Read(ref _last);
            long next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }

    /// <summary>The next time after the latest that was given: for the messages that one read brings.</summary>
    public long Next() => Interlocked.Increment(ref _last);

    private long RunLocked(long wall)
    {
        long readAt = _time.GetTimestamp();
        long passed = _time.GetElapsedTime(_readAt, readAt).Ticks * NanosecondsPerTick;
        _running = Math.Max(wall, _running + passed);
        _readAt = readAt;
        return _running;
    }
}
