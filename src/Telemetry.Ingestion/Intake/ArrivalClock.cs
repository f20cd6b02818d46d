using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// The time messages arrive, nanoseconds since 1970: the wall clock, never going back within a run nor behind what the
/// spool has recorded before (a box without a battery clock starts in 1970 after a grid cut).
/// </summary>
public sealed class ArrivalClock
{
    private readonly TimeProvider _time;
    private long _last;

    /// <param name="time">The wall clock.</param>
    /// <param name="notBefore">The last arrival time already recorded; 0 when there is none.</param>
    public ArrivalClock(TimeProvider time, long notBefore = 0)
    {
        _time = time;
        _last = notBefore;
    }

    /// <summary>Now, at least as late as any answer before.</summary>
    public long Now()
    {
        long now = Timestamp.From(_time.GetUtcNow());
        while (true)
        {
            long last = Volatile.Read(ref _last);
            if (now <= last)
            {
                return last;
            }

            if (Interlocked.CompareExchange(ref _last, now, last) == last)
            {
                return now;
            }
        }
    }
}
