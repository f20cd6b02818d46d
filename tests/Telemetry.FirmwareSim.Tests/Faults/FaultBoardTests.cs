using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests.Faults;

public sealed class FaultBoardTests
{
    private static readonly FaultScenario Bearing = FaultScenario.Find("bearing")!;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void A_hot_bearing_passes_high_and_high_high_within_ninety_seconds_of_real_time(double speedFactor)
    {
        var faults = new FaultBoard(speedFactor);
        faults.Begin(Bearing, At(0));

        Assert.Equal(["CR-201.bearing_de_temp/High", "CR-201.bearing_de_temp/HighHigh"],
            Alarms("GW-CRUSH", faults, seconds: 90 * speedFactor));
    }

    [Fact]
    public void A_lost_gland_water_passes_low_and_low_low()
    {
        var faults = new FaultBoard(speedFactor: 1);
        faults.Begin(FaultScenario.Find("gland-water")!, At(0));

        Assert.Equal(["PU-301.gland_water_flow/Low", "PU-301.gland_water_flow/LowLow"], Alarms("GW-MILL", faults, 90));
    }

    [Fact]
    public void A_stuck_sensor_repeats_its_last_value_until_the_fault_ends()
    {
        var faults = new FaultBoard(speedFactor: 1);
        faults.Begin(FaultScenario.Find("stuck")!, At(10));
        faults.End("stuck", At(100));

        var values = Runs.Read("GW-MILL", Runs.Winter, 140, faults: faults)
            .Where(sample => sample.Signal == "ML-301.motor_power")
            .ToLookup(sample => sample.Time >= At(10) && sample.Time < At(100), sample => sample.Value);

        Assert.Single(values[true].Distinct());
        Assert.True(values[false].Distinct().Count() > 10);
        Assert.Equal(["ML-301.motor_power/Flatline"], Alarms("GW-MILL", faults, 140));
    }

    [Theory]
    [InlineData("clock-drift", 86_410, -12.4)]
    [InlineData("clock-jump", 11, -600)]
    [InlineData("rtc-loss", 11, -1_700_000_010)]
    public void A_wrong_clock_shows_in_what_a_gateway_sends_until_it_is_set(string name, double second, double skew)
    {
        var faults = new FaultBoard(speedFactor: 1);
        long start = 1_700_000_010L * Timestamp.NanosecondsPerSecond;
        faults.Begin(FaultScenario.Find(name)!, start);
        long time = start + (long)((second - 10) * 1e9);
        Assert.Equal(skew, (faults.ClockOf("GW-GRAV", time) - time) / 1e9, tolerance: 0.01);
        Assert.Equal(time, faults.ClockOf("GW-MILL", time));
        Assert.Equal(start - 1, faults.ClockOf("GW-GRAV", start - 1));
        faults.End(name, time);
        Assert.Equal(time, faults.ClockOf("GW-GRAV", time));
    }

    [Fact]
    public void A_gateway_that_lost_its_time_sends_times_of_1970()
    {
        var faults = new FaultBoard(speedFactor: 1);
        faults.Begin(FaultScenario.Find("rtc-loss")!, At(10));
        long[] times = [.. Runs.Read("GW-GRAV", Runs.Winter, 60, faults: faults).Select(sample => sample.Time)];
        Assert.Contains(times, time => time >= At(0) && time < At(10));
        Assert.Contains(times, time => time >= 0 && time < 60 * Timestamp.NanosecondsPerSecond);
        Assert.DoesNotContain(times, time => time >= At(10));
    }

    [Fact]
    public void A_silent_gateway_sends_nothing_until_the_fault_ends()
    {
        var faults = new FaultBoard(speedFactor: 1);
        faults.Begin(FaultScenario.Find("silence")!, At(60));
        faults.End("silence", At(120));

        long[] times = [.. Runs.Read("GW-TAIL", Runs.Winter, 180, faults: faults).Select(sample => sample.Time)];

        Assert.DoesNotContain(times, time => time >= At(60) && time < At(120));
        Assert.Contains(times, time => time < At(60));
        Assert.Contains(times, time => time >= At(120));
    }

    [Fact]
    public void A_fault_that_ended_goes_back_as_it_came()
    {
        var faults = new FaultBoard(speedFactor: 1);
        Assert.True(Runs.Site.TryGetSignal("CR-201", "bearing_de_temp", out SignalInstance? signal));
        faults.Begin(Bearing, At(0));

        Assert.Equal(0, faults.ChangeOf(signal!, At(-1), out _));
        Assert.Equal(19, faults.ChangeOf(signal!, At(30), out _), precision: 9);
        Assert.Equal(38, faults.ChangeOf(signal!, At(600), out _), precision: 9);
        Assert.Equal(1, faults.End("bearing", At(600)));
        Assert.Equal(0, faults.End("bearing", At(700)));
        Assert.Equal(19, faults.ChangeOf(signal!, At(630), out _), precision: 9);
        Assert.Equal(0, faults.ChangeOf(signal!, At(700), out _));
    }

    [Fact]
    public void Labels_say_what_was_wrong_and_when()
    {
        var faults = new FaultBoard(speedFactor: 1);
        faults.Begin(Bearing, At(0));
        faults.End("bearing", At(5));
        faults.Begin(Bearing, At(9));

        Assert.Equal(["bearing-1", "bearing-2"], faults.Labels.Select(label => label.Id));
        Assert.Equal((At(0), At(5)), (faults.Labels[0].Start, faults.Labels[0].End));
        Assert.Null(faults.Labels[1].End);
        Assert.Equal(("CR-201", "bearing_de_temp"), (Bearing.Asset, Bearing.Signal));
    }

    [Fact]
    public void Every_scenario_touches_something_of_the_default_site()
    {
        foreach (FaultScenario scenario in FaultScenario.All)
        {
            bool isThere = scenario.Signal.Length == 0
                ? Runs.Site.Gateways.Any(gateway => gateway.Id == scenario.Asset)
                : Runs.Site.TryGetSignal(scenario.Asset, scenario.Signal, out _);
            Assert.True(isThere, scenario.Name);
        }
    }

    private static long At(double seconds) => Timestamp.From(Runs.Winter.AddSeconds(seconds));

    private static IEnumerable<string> Alarms(string gateway, FaultBoard faults, double seconds)
    {
        var watch = new AlarmWatch();
        foreach (ReadSample sample in Runs.Read(gateway, Runs.Winter, seconds, faults: faults))
        {
            watch.Observe(sample);
        }

        return watch.Alarms.Order();
    }
}
