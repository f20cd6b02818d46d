namespace Telemetry.Testing;

/// <summary>A clock that moves only when the test moves it; timers fire on the thread that moves it.</summary>
public sealed class ManualTime : TimeProvider
{
    /// <summary>Where the clock starts.</summary>
    public const long StartNanoseconds = 1_768_435_200_000_000_000; // 2026-01-15T00:00:00Z

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _ticks = new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    /// <summary>Moves the clock in steps of a second, firing what falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        long end = _ticks + by.Ticks;
        while (_ticks < end)
        {
            Interlocked.Exchange(ref _ticks, Math.Min(end, _ticks + TimeSpan.TicksPerSecond));
            ManualTimer[] timers;
            lock (_gate)
            {
                timers = [.. _timers];
            }

            foreach (ManualTimer timer in timers)
            {
                timer.FireIfDue(_ticks);
            }
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long _due = long.MaxValue;
        private long _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime < TimeSpan.Zero ? long.MaxValue : time._ticks + dueTime.Ticks;
            _period = period <= TimeSpan.Zero ? 0 : period.Ticks;
            return true;
        }

        public void FireIfDue(long now)
        {
            while (now >= _due)
            {
                _due = _period == 0 ? long.MaxValue : _due + _period;
                callback(state);
            }
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
