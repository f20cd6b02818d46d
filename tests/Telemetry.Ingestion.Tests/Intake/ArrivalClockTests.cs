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
    public void A_clock_that_ran_ahead_and_was_corrected_is_named_with_its_numbers_until_it_has_caught_up()
    {
        const long Day = 86_400 * Second;
        var time = new StepTime(1_000 * Day);
        var clock = new ArrivalClock(time);
        var words = new RecordedLog();
        var watch = new ClockWatch(clock, words);
        watch.Look();
        Assert.Equal((TimeSpan.Zero, HealthStatus.Pass), (clock.Ahead, HealthReport.Clock(clock).Status));

        time.SetWall(1_365 * Day);
        clock.Now();
        time.SetWall(1_000 * Day);
        time.Pass(2 * Second);
        watch.Look();
        watch.Look();
        Assert.Equal(TimeSpan.FromDays(365), clock.Ahead);
        Assert.Equal((1_365 * Day) + (2 * Second), clock.Now());
        Assert.Contains("is 31536000 s behind the last arrival", Assert.Single(words.Lines), StringComparison.Ordinal);
        Assert.StartsWith("arrival times are 31536000 s ahead", HealthReport.Clock(clock).Message);

        time.SetWall((1_365 * Day) - (57 * Second));
        watch.Look();
        Assert.Equal((2, HealthStatus.Pass), (words.Lines.Count, HealthReport.Clock(clock).Status));
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
