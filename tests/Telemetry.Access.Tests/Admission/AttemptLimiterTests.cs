using Telemetry.Testing;

namespace Telemetry.Access.Tests;

public sealed class AttemptLimiterTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingLog<AttemptLimiter> _log = new();

    [Fact]
    public void After_its_failures_a_source_is_limited_for_the_rest_of_its_minute_and_told_once()
    {
        var limiter = new AttemptLimiter(3, 10, _time, _log);
        for (int i = 0; i < 3; i++)
        {
            Assert.False(limiter.IsLimited("10.0.0.1"));
            limiter.OnFailure("10.0.0.1");
        }

        limiter.OnFailure("10.0.0.1");
        Assert.True(limiter.IsLimited("10.0.0.1"));
        Assert.False(limiter.IsLimited("10.0.0.2"));
        Assert.Contains("from 10.0.0.1: 3 failed within a minute", Assert.Single(_log.Lines), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(limiter.IsLimited("10.0.0.1"));
    }

    [Fact]
    public void A_flood_of_sources_holds_no_more_than_the_ceiling()
    {
        var limiter = new AttemptLimiter(1, 2, _time, _log);
        limiter.OnFailure("a");
        limiter.OnFailure("b");
        limiter.OnFailure("c");

        Assert.False(limiter.IsLimited("a"));
        Assert.True(limiter.IsLimited("c"));
    }
}
