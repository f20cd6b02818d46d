using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class GatewayClockTests
{
    private const long Second = 1_000_000_000;
    private const long Hour = 3_600 * Second;
    private const long Start = ClockScenario.Start;
    private readonly GatewayClock _clock = new();
    private long _now = Start;

    [Fact]
    public void A_clock_is_unknown_until_five_records_of_a_minute_agree()
    {
        Run(records: 5, skewSeconds: -20);
        Assert.Equal((ClockState.Unknown, default), (_clock.State, Send(-20)));
        Assert.Equal(ClockState.Corrected, Sent(-20).State);
    }

    [Theory]
    [InlineData(0, 0, ClockState.Good)]
    [InlineData(-2.8, 0, ClockState.Good)] // less than a slow link can do
    [InlineData(2.9, 0, ClockState.Good)]
    [InlineData(-28_800, 28_800, ClockState.Corrected)]
    [InlineData(1_200, -1_200, ClockState.Corrected)] // ahead
    public void A_clock_that_is_right_to_a_few_seconds_is_left_alone(
        double skewSeconds, double correction, ClockState expected)
    {
        Run(records: 30, skewSeconds);
        Assert.Equal(expected, _clock.State);
        Assert.Equal(correction, Send(skewSeconds).Nanoseconds / 1e9, tolerance: 0.11);
        Assert.Equal(skewSeconds, _clock.Skew / 1e9, tolerance: 0.11);
    }

    [Fact]
    public void A_buffer_that_empties_moves_nothing_and_is_corrected_by_what_held_when_it_was_filled()
    {
        Run(records: 720, skewSeconds: -100);
        long outage = _now;
        _now += 2 * Hour;
        for (int i = 0; i < 720; i++)
        {
            _now += Second / 2;
            TimeCorrection correction = _clock.Observe(outage + (i * 10 * Second) - (100 * Second), _now);
            Assert.Equal(100, correction.Nanoseconds / 1e9, tolerance: 0.5);
        }

        Assert.Equal(-100, _clock.Skew / 1e9, tolerance: 2.1 * (2 * 3_600 / 5_760.0));
        Assert.NotEqual(ClockState.Jumped, _clock.State);
    }

    [Fact]
    public void A_first_contact_that_begins_with_a_buffer_proves_nothing()
    {
        for (int i = 0; i < 600; i++)
        {
            _now += Second / 2;
            Assert.Equal(default, _clock.Observe(Start - (2 * Hour) + (i * 10 * Second), _now));
        }

        Assert.Equal(ClockState.Unknown, _clock.State);
    }

    [Fact]
    public void A_simulation_that_runs_sixty_times_as_fast_is_no_wrong_clock()
    {
        for (int i = 1; i < 2_000; i++)
        {
            Assert.Equal(default, _clock.Observe(Start + (i * 60 * Second), Start + (i * Second)));
        }
    }

    [Fact]
    public void One_time_of_the_far_future_is_dated_at_its_arrival_and_changes_nothing()
    {
        Run(records: 30, skewSeconds: 0);
        TimeCorrection stray = _clock.Observe(_now + (3_650L * 24 * Hour), _now);
        Assert.Equal(-3_650L * 24 * Hour, stray.Nanoseconds);
        Assert.Equal(0, Send(0).Nanoseconds);
        Assert.Equal(ClockState.Good, _clock.State);
    }

    [Fact]
    public void A_minority_with_a_clock_of_its_own_that_is_ahead_moves_nothing()
    {
        Run(records: 30, skewSeconds: 0);
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(-3_600, Send(3_600).Nanoseconds / 1e9, tolerance: 0.11);
            Assert.Equal(0, Send(0).Nanoseconds);
        }
    }

    [Fact]
    public void A_clock_set_back_counts_by_arrival_until_it_is_sure_to_where()
    {
        Run(records: 30, skewSeconds: 0);
        Run(records: 5, skewSeconds: -900);
        Assert.Equal((ClockState.Jumped, true), (_clock.State, _clock.CountsByArrival));
        Assert.True(_clock.Uncertainty > 890 * Second, "the bound holds both readings");
        Run(records: 31, skewSeconds: -900);
        Assert.Equal((ClockState.Corrected, false), (_clock.State, _clock.CountsByArrival));
        Assert.Equal(900, Send(-900).Nanoseconds / 1e9, tolerance: 0.11);
    }

    [Fact]
    public void A_clock_set_ahead_is_corrected_at_once_and_proven_in_a_minute()
    {
        Run(records: 30, skewSeconds: 0);
        Assert.Equal(-900, Send(900).Nanoseconds / 1e9, tolerance: 0.11);
        Assert.Equal(ClockState.Jumped, _clock.State);
        Run(records: 7, skewSeconds: 900);
        Assert.Equal(ClockState.Corrected, _clock.State);
    }

    [Theory]
    [InlineData(0)] // Unix
    [InlineData(315_964_800)] // GPS
    [InlineData(946_684_800)] // many clock chips
    public void A_clock_that_counts_from_its_beginning_is_reset_and_dated_by_arrival_with_its_own_distances(
        long beginning)
    {
        Run(records: 30, skewSeconds: 0);
        long lost = _now;
        for (int i = 0; i < 100; i++)
        {
            _now += 10 * Second;
            TimeCorrection correction = _clock.Observe((beginning * Second) + (_now - lost) - (Second / 10), _now);
            long corrected = (beginning * Second) + (_now - lost) - (Second / 10) + correction.Nanoseconds;
            Assert.Equal(0, (_now - corrected) / 1e9, tolerance: 0.11);
            Assert.Equal((ClockState.Reset, i < 6), (_clock.State, _clock.CountsByArrival));
        }

        long measured = _now + (10 * Second);
        _now += Hour;
        long told = (beginning * Second) + (measured - lost);
        Assert.Equal(0, (told + _clock.Observe(told, _now).Nanoseconds - measured) / 1e9, tolerance: 1);
        Send(0);
        Assert.Equal(ClockState.Good, _clock.State);
    }

    [Theory]
    [InlineData(0, true)] // a clock that was never set
    [InlineData(1, false)] // a counter, or another unit
    [InlineData(999_999_999, false)]
    [InlineData(Second, true)]
    [InlineData(-8 * Hour, true)] // local time
    [InlineData(400 * 24 * Hour, false)]
    [InlineData(1_577_836_800 * Second, false)]
    public void Times_near_a_beginning_are_those_of_a_reset_clock(long time, bool expected)
    {
        TimeCorrection correction = _clock.Observe(time, Start);
        Assert.Equal(expected ? Start - time : 0, correction.Nanoseconds);
        Assert.Equal(expected, _clock.State == ClockState.Reset);
    }

    [Fact]
    public void A_service_whose_own_clock_is_not_set_learns_nothing()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(default, _clock.Observe(Start + (i * Second), i * 10 * Second));
        }

        Assert.Equal((0L, ClockState.Unknown), (_clock.LastArrival, _clock.State));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void No_time_is_too_far_to_be_taken(long time)
    {
        Run(records: 30, skewSeconds: 0);
        for (int i = 0; i < 100; i++)
        {
            _now += 10 * Second;
            TimeCorrection correction = _clock.Observe(time, _now);
            Assert.Equal(time == long.MaxValue ? _now - time : 0, correction.Nanoseconds);
            _clock.Judge(time, _now);
        }

        Run(records: 100, skewSeconds: 0);
        Assert.Equal(ClockState.Good, _clock.State);
    }

    [Fact]
    public void Drift_is_told_after_an_hour_in_seconds_per_day()
    {
        Run(records: 100, skewSeconds: 0);
        Assert.True(double.IsNaN(_clock.DriftSecondsPerDay));
        for (int i = 0; i < 1_000; i++)
        {
            Send(-12.0 * (_now - Start) / (24 * Hour));
        }

        Assert.InRange(_clock.DriftSecondsPerDay, -14, -10);
    }

    [Fact]
    public void A_record_allocates_nothing()
    {
        Run(records: 500, skewSeconds: -30);
        Assert.Equal(0, Allocation.Measure(() =>
        {
            Send(-30);
            Send(-30 - (7_200 * 1.0));
            Send(900);
        }));
    }

    private void Run(int records, double skewSeconds)
    {
        for (int i = 0; i < records; i++)
        {
            Send(skewSeconds);
        }
    }

    private GatewayClock Sent(double skewSeconds)
    {
        Send(skewSeconds);
        return _clock;
    }

    /// <summary>One record each ten seconds, with a tenth of a second of delay.</summary>
    private TimeCorrection Send(double skewSeconds)
    {
        _now += 10 * Second;
        return _clock.Observe(_now - (Second / 10) + (long)(skewSeconds * 1e9), _now);
    }
}
