using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class IntakeProfileTests
{
    private const double BytesPerHour = 700_000_000;
    private readonly HurriedTime _time = new();
    private readonly IntakeProfile _profile;
    private double _offset = 1_000_000;

    public IntakeProfileTests() => _profile = new IntakeProfile(_time);

    [Fact]
    public void Before_the_first_minute_nothing_is_known_and_without_intake_it_lasts_for_ever()
    {
        _profile.Observe((long)_offset);
        _time.Advance(TimeSpan.FromSeconds(59));
        _profile.Observe((long)_offset + 1_000);
        Assert.Equal((null, null), (_profile.BytesPerSecond, _profile.TimeFor(1)));

        Run(TimeSpan.FromHours(2), _ => 0);
        Assert.Equal((0, null), (_profile.BytesPerSecond, _profile.TimeFor(1)));
        Run(TimeSpan.FromHours(30), _ => 0);
        Assert.Null(_profile.TimeFor(1));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(5)]
    [InlineData(40)]
    public void Under_a_steady_load_that_scatters_the_forecast_is_right_within_a_tenth(double knownHours)
    {
        Run(TimeSpan.FromHours(knownHours), Steady);
        foreach (double hours in (double[])[1, 6, 50, 200])
        {
            Check(hours, Steady);
        }
    }

    [Fact]
    public void Under_shifts_the_forecast_is_right_within_a_tenth_at_every_hour_of_the_day()
    {
        Run(TimeSpan.FromHours(49), Shifts);
        for (int hour = 0; hour < 24; hour++)
        {
            foreach (double hours in (double[])[2, 7, 15, 40, 100])
            {
                Check(hours, Shifts);
            }

            Run(TimeSpan.FromHours(1), Shifts);
        }
    }

    [Fact]
    public void A_load_that_grew_for_good_is_believed_within_three_hours()
    {
        Run(TimeSpan.FromHours(40), Shifts);
        Run(TimeSpan.FromHours(3), at => 2 * Shifts(at));
        foreach (double hours in (double[])[2, 7, 15, 20])
        {
            Check(hours, at => 2 * Shifts(at));
        }
    }

    [Fact]
    public void A_lone_burst_does_not_stand_for_a_day()
    {
        Run(TimeSpan.FromHours(40), Steady);
        Run(TimeSpan.FromHours(1), at => 100 * Steady(at));
        Assert.InRange(_profile.TimeFor((long)(BytesPerHour * 1_000))!.Value.TotalHours, 40, 1_000);
    }

    [Fact]
    public void What_came_unobserved_is_spread_over_its_time()
    {
        _profile.Observe(0);
        _time.Advance(TimeSpan.FromMinutes(90));
        _profile.Observe(90 * 60_000);
        Assert.Equal(1_000, _profile.BytesPerSecond!.Value, 1e-6);
        _time.Advance(TimeSpan.FromDays(3));
        _profile.Observe((90 * 60_000) + (3 * 86_400 * 1_000L));
        Assert.Equal(1_000, _profile.BytesPerSecond!.Value, 1e-6);
        Assert.Equal(10, _profile.TimeFor(36_000_000)!.Value.TotalHours, 1e-6);
    }

    /// <summary>Bytes an hour: scatters by a third from one ten seconds to the next.</summary>
    private static double Steady(TimeSpan at) => BytesPerHour * (1 + (0.33 * Math.Sin(at.TotalSeconds * 1_234.5)));

    /// <summary>Two shifts and a night in which a third of the mine works; scatters as well.</summary>
    private static double Shifts(TimeSpan at)
    {
        double hour = at.TotalHours % 24;
        double level = hour < 6.5 ? 0.3 : hour < 14 ? 1.2 : hour < 14.5 ? 0.5 : hour < 22 ? 1 : 0.3;
        return level * Steady(at);
    }

    private void Run(TimeSpan span, Func<TimeSpan, double> bytesPerHour)
    {
        TimeSpan end = Now + span;
        while (Now < end)
        {
            _offset += bytesPerHour(Now) / 360;
            _time.Advance(TimeSpan.FromSeconds(10));
            _profile.Observe((long)_offset);
        }
    }

    /// <summary>A forecast for as many bytes as really come in some hours is those hours.</summary>
    private void Check(double hours, Func<TimeSpan, double> bytesPerHour)
    {
        double bytes = 0;
        for (TimeSpan at = Now; at < Now + TimeSpan.FromHours(hours); at += TimeSpan.FromSeconds(10))
        {
            bytes += bytesPerHour(at) / 360;
        }

        Assert.InRange(_profile.TimeFor((long)bytes)!.Value.TotalHours, hours * 0.9, hours * 1.1);
    }

    private TimeSpan Now => TimeSpan.FromTicks(_time.GetTimestamp());
}
