namespace Telemetry.Ingestion.Tests.Intake;

public sealed class ArrivalClockTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void It_shows_the_wall_clock_and_no_time_twice()
    {
        var time = new StepTime(1_000 * Second);
        var clock = new ArrivalClock(time);

        Assert.Equal(1_000 * Second, clock.Now());
        Assert.Equal((1_000 * Second) + 1, clock.Now());
        Assert.Equal((1_000 * Second) + 2, clock.Next());
        time.Pass(Second);
        Assert.Equal(1_001 * Second, clock.Now());
    }

    [Fact]
    public void Behind_what_is_recorded_it_runs_on_by_the_monotonic_clock()
    {
        var time = new StepTime(0); // a box without a battery clock, after a grid cut
        var clock = new ArrivalClock(time, notBefore: 5_000 * Second);

        time.Pass(3 * Second);
        Assert.Equal(5_003 * Second, clock.Now());
        time.Pass(Second);
        Assert.Equal(5_004 * Second, clock.Now());
        time.SetWall(9_000 * Second);
        Assert.Equal(9_000 * Second, clock.Now());
        time.SetWall(6_000 * Second);
        time.Pass(Second);
        Assert.Equal(9_001 * Second, clock.Now());
    }

    [Fact]
    public void Threads_get_no_time_twice()
    {
        var clock = new ArrivalClock(new StepTime(Second));
        long[][] times = new long[4][];
        Parallel.For(0, times.Length, worker => times[worker] =
            [.. Enumerable.Range(0, 10_000).Select(i => i % 3 == 0 ? clock.Now() : clock.Next())]);

        long[] all = [.. times.SelectMany(time => time)];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(times, mine => Assert.Equal(mine.Order(), mine));
    }

    private sealed class StepTime(long wallNanoseconds) : TimeProvider
    {
        private long _wallTicks = wallNanoseconds / 100;
        private long _monotonicTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_wallTicks);

        public override long GetTimestamp() => _monotonicTicks;

        public void Pass(long nanoseconds)
        {
            _wallTicks += nanoseconds / 100;
            _monotonicTicks += nanoseconds / 100;
        }

        public void SetWall(long nanoseconds) => _wallTicks = nanoseconds / 100;
    }
}
