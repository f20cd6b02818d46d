using Telemetry.FirmwareSim;
using Xunit.Abstractions;

namespace Telemetry.Ingestion.Tests;

/// <summary>Seven simulated days and more per scenario, five seeds each; docs/time.md has the table.</summary>
public sealed class ClockProofTests(ITestOutputHelper output)
{
    private const int Seeds = 5;
    private const double CoveredMin = 0.99;

    private static readonly (double, double)[] Outages = [(20, 2), (40, 6), (70, 0.1), (100, 12), (140, 3)];

    private static readonly ClockScenario[] All =
    [
        new("kept by a time server", SimulatedLink.Lte) { IsKept = true },
        new("kept by a time server", SimulatedLink.Weak) { IsKept = true },
        new("kept by a time server", SimulatedLink.Satellite) { IsKept = true, Outages = Outages },
        new("−40 °C", SimulatedLink.Lte),
        new("−40 °C", SimulatedLink.Weak) { PeriodSeconds = 60, Days = 14 },
        new("−40 °C", SimulatedLink.Satellite) { InitialSkewSeconds = 40 },
        new("−40 to −10 °C by day", SimulatedLink.Lte) { Celsius = -25, CelsiusSwing = 15, PeriodSeconds = 60 },
        new("−40 °C, outages, oldest first", SimulatedLink.Lte) { Outages = Outages, Days = 10 },
        new("−40 °C, outages, newest first", SimulatedLink.Weak)
        {
            Outages = Outages, IsNewestFirst = true, PeriodSeconds = 30, Days = 10,
        },
        new("−40 °C, outages, set right after each", SimulatedLink.Lte)
        {
            Outages = Outages,
            Days = 10,
            Events = [.. Outages.Select(o => new ClockEvent(o.Item1 + o.Item2, (clock, now) => clock.Set(now)))],
        },
        new("RTC lost to 1970 for 8 h, twice", SimulatedLink.Lte)
        {
            Outages = [(30, 0.5), (90, 1)],
            Events =
            [
                new(30.5, (clock, _) => clock.Set(0)), new(38.5, (clock, now) => clock.Set(now)),
                new(91, (clock, _) => clock.Set(12 * ClockScenario.Second)), new(99, (clock, now) => clock.Set(now)),
            ],
        },
        new("RTC lost to 2000 for 2 days, outage", SimulatedLink.Weak)
        {
            Outages = [(30, 0.5), (50, 4)],
            Events =
            [
                new(30.5, (clock, _) => clock.Set(946_684_800 * ClockScenario.Second)),
                new(78, (clock, now) => clock.Set(now)),
            ],
        },
        new("RTC lost to the firmware's build, 8 h", SimulatedLink.Lte)
        {
            Outages = [(30, 0.5)],
            Events =
            [
                new(30.5, (clock, _) => clock.Set(1_709_251_200 * ClockScenario.Second)),
                new(38.5, (clock, now) => clock.Set(now)),
            ],
        },
        new("set by hand: 90 s back, 20 min ahead, right", SimulatedLink.Weak)
        {
            Events =
            [
                new(20, (clock, now) => clock.Set(now - (90 * ClockScenario.Second))),
                new(60, (clock, now) => clock.Set(now + (1_200 * ClockScenario.Second))),
                new(110, (clock, now) => clock.Set(now)),
            ],
        },
    ];

    public static TheoryData<int> Scenarios => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void What_is_left_of_a_clocks_error_is_within_the_bound_that_is_told(int index)
    {
        ClockScenario scenario = All[index];
        var run = new ClockRun();
        for (int seed = 1; seed <= Seeds; seed++)
        {
            var one = new ClockRun();
            one.Add(scenario, seed);
            run.Add(one);
            Assert.True(one.CoveredShare >= CoveredMin, $"seed {seed}: {one.Row(scenario.ToString())}");
        }

        output.WriteLine(run.Row(scenario.ToString()));
        if (scenario.IsKept)
        {
            Assert.Equal(0, run.CorrectedCount);
        }
    }

    [Theory]
    [InlineData(-40, -12.4)]
    [InlineData(-20, -5.9)]
    [InlineData(25, 0)]
    public void A_simulated_crystal_loses_what_a_real_one_does(double celsius, double secondsPerDay)
    {
        Assert.Equal(secondsPerDay, SimulatedClock.GainPerDay(celsius), tolerance: 0.1);
    }
}
