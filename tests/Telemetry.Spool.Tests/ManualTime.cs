namespace Telemetry.Spool.Tests;

/// <summary>A clock that moves when told, and its timers.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Advance(TimeSpan span)
    {
        long now = Interlocked.Add(ref _ticks, span.Ticks);
        ManualTimer[] timers;
        lock (_gate)
        {
            timers = [.. _timers];
        }

        foreach (ManualTimer timer in timers)
        {
            timer.FireIfDue(now);
        }
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        private long _due = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool isOff = dueTime == Timeout.InfiniteTimeSpan;
            Interlocked.Exchange(ref _due, isOff ? long.MaxValue : time.GetTimestamp() + dueTime.Ticks);
            return true;
        }

        public void FireIfDue(long now)
        {
            if (Interlocked.Read(ref _due) <= now)
            {
                Interlocked.Exchange(ref _due, long.MaxValue);
                fire();
            }
        }

        public void Dispose() => Interlocked.Exchange(ref _due, long.MaxValue);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
