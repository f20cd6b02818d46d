using System.Buffers;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class IntakeProfileTests
{
    private const double BytesPerHour = 700_000_000;
    private readonly HurriedTime _time = new();
    private IntakeProfile _profile;
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

    [Theory]
    [InlineData(0.3)]
    [InlineData(20)]
    [InlineData(26.9)]
    [InlineData(70)]
    public void A_restart_in_the_middle_gives_the_forecast_of_none(double knownHours)
    {
        Run(TimeSpan.FromHours(knownHours), Shifts);
        IntakeProfile other = Restored(Saved(out long offset), offset);
        for (int i = 0; i < 5 * 360; i++)
        {
            Run(TimeSpan.FromSeconds(10), Shifts);
            other.Observe((long)_offset);
        }

        Assert.Equal(_profile.BytesPerSecond!.Value, other.BytesPerSecond!.Value, 1e-3);
        foreach (double hours in (double[])[1, 10, 100])
        {
            long bytes = (long)(hours * BytesPerHour);
            Assert.Equal(_profile.TimeFor(bytes)!.Value.TotalHours, other.TimeFor(bytes)!.Value.TotalHours, 1e-6);
        }
    }

    [Fact]
    public void What_came_after_the_last_save_before_a_kill_counts()
    {
        Run(TimeSpan.FromHours(1), _ => 3_600_000);
        byte[] state = Saved(out long offset);
        Run(TimeSpan.FromMinutes(2), _ => 36_000_000);
        Assert.Equal((58 * 1_000 + 2 * 10_000) / 60.0, _profile.BytesPerSecond!.Value, 1);
        Assert.Equal(_profile.BytesPerSecond.Value, Restored(state, offset).BytesPerSecond!.Value, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(23)]
    public void Hours_in_which_the_service_was_away_are_taken_to_be_like_those_of_the_day_before(double hours)
    {
        Run(TimeSpan.FromHours(40), Shifts);
        byte[] state = Saved(out long offset);
        _time.Advance(TimeSpan.FromHours(hours));
        _profile = Restored(state, offset);
        foreach (double next in (double[])[2, 7, 15, 40])
        {
            Check(next, Shifts);
        }

        Run(TimeSpan.FromHours(5), Shifts);
        Check(15, Shifts);
    }

    [Fact]
    public void In_the_first_day_they_are_taken_to_be_like_the_last_hour()
    {
        Run(TimeSpan.FromHours(2), _ => BytesPerHour);
        byte[] state = Saved(out long offset);
        _time.Advance(TimeSpan.FromMinutes(45));
        Assert.Equal(BytesPerHour / 3_600, Restored(state, offset).BytesPerSecond!.Value, 1);
    }

    [Fact]
    public void After_more_than_a_day_away_nothing_is_known_and_a_clock_that_went_back_takes_nothing_away()
    {
        Run(TimeSpan.FromHours(40), Shifts);
        byte[] state = Saved(out long offset);
        _time.Advance(TimeSpan.FromHours(-5));
        Assert.Equal(_profile.TimeFor(1_000_000_000), Restored(state, offset).TimeFor(1_000_000_000));
        _time.Advance(TimeSpan.FromHours(5 + 24.1));
        Assert.Null(Restored(state, offset).BytesPerSecond);
    }

    [Fact]
    public void A_state_that_is_none_is_refused_and_nothing_is_known()
    {
        Run(TimeSpan.FromHours(40), Shifts);
        byte[] state = Saved(out long offset);
        byte[] negative = [.. state];
        negative[^1] |= 0x80;
        foreach (byte[] bad in (byte[][])[[], state[..23], state[..^1], [.. state, .. new byte[8]], negative])
        {
            var profile = new IntakeProfile(_time);
            Assert.False(profile.TryRestore(bad, offset, offset));
            profile.Observe(offset);
            Assert.Null(profile.BytesPerSecond);
        }
    }

    private byte[] Saved(out long offset)
    {
        var state = new ArrayBufferWriter<byte>();
        offset = _profile.Save(state);
        return state.WrittenSpan.ToArray();
    }

    /// <summary>The profile of a service that starts now.</summary>
    private IntakeProfile Restored(byte[] state, long offset)
    {
        var profile = new IntakeProfile(_time);
        Assert.True(profile.TryRestore(state, offset, (long)_offset));
        profile.Observe((long)_offset);
        return profile;
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
