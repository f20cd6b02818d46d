namespace Telemetry.Influx.Tests;

public sealed class RetryScheduleTests
{
    [Fact]
    public void Waits_double_up_to_a_minute_and_jitter_takes_at_most_half()
    {
        foreach (double random in new[] { 0, 0.5, 0.999_999 })
        {
            var schedule = new RetrySchedule(() => random);
            for (int failure = 0; failure < 40; failure++)
            {
                double ceiling = Math.Min(60, 0.25 * Math.Pow(2, failure));
                double wait = schedule.NextDelay(null).TotalSeconds;
                Assert.InRange(wait, ceiling / 2, ceiling);
            }
        }
    }

    [Fact]
    public void What_the_server_asks_for_goes_before_the_schedule_when_it_is_a_wait_up_to_an_hour()
    {
        var schedule = new RetrySchedule(() => 1);
        Assert.Equal(TimeSpan.FromMinutes(5), schedule.NextDelay(TimeSpan.FromMinutes(5)));
        schedule.Succeeded();
        Assert.Equal(TimeSpan.FromHours(1), schedule.NextDelay(TimeSpan.FromSeconds(int.MaxValue)));
        Assert.Equal(TimeSpan.FromSeconds(0.5), schedule.NextDelay(TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromSeconds(1), schedule.NextDelay(TimeSpan.FromSeconds(-3)));
    }

    [Fact]
    public void A_success_begins_anew()
    {
        var schedule = new RetrySchedule(() => 1);
        schedule.NextDelay(null);
        schedule.NextDelay(null);
        Assert.Equal(2, schedule.Failures);
        schedule.Succeeded();
        Assert.Equal((0, TimeSpan.FromSeconds(0.25)), (schedule.Failures, schedule.NextDelay(null)));
    }
}
