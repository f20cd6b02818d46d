using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.FirmwareSim.Tests.Firmware;

public sealed class GatewayFirmwareTests
{
    private const long Second = Timestamp.NanosecondsPerSecond;

    [Fact]
    public void A_clock_drifts_by_what_the_truth_says_until_it_is_set()
    {
        FirmwareRun run = FirmwareRuns.Play(new() { ClockDrift = 3_600, TimeSyncHours = 2 }, hours: 7);

        FirmwareEvent drift = Assert.Single(run.Events);
        Assert.InRange(Math.Abs(drift.Size), 1, 3_600);
        double perSecond = drift.Size / 86_400;
        long[] skews = [.. run.Messages.Select(message => message.Origin.TimeTold - message.Origin.Time)];
        Assert.All(skews, skew => Assert.InRange(Math.Abs(skew), 0, (Math.Abs(perSecond) * 7_200 * Second) + 1e6));
        Assert.InRange(skews.Zip(skews.Skip(1)).Count(pair => Math.Abs(pair.Second) < Math.Abs(pair.First)), 3, 4);
        long until = run.Messages[0].Origin.Time + (600 * Second);
        MessageOrigin late = run.Messages.Last(message => message.Origin.Time < until).Origin;
        Assert.Equal(perSecond * (late.Time - drift.Start), late.TimeTold - late.Time, tolerance: 2e6);
    }

    [Fact]
    public void Each_gateway_has_a_drift_of_its_own()
    {
        var options = new SimulatorOptions { Firmware = new() { ClockDrift = 20 }, Start = Runs.Winter };
        double[] sizes = [.. new SimulatedMine(Runs.Site, options).FirmwareEvents.Select(drift => drift.Size)];

        Assert.Equal(9, sizes.Distinct().Count());
        Assert.All(sizes, size => Assert.InRange(size, -20, 20));
        Assert.Contains(sizes, size => size < 0);
        Assert.Contains(sizes, size => size > 0);
    }

    [Fact]
    public void A_lost_clock_counts_from_2000_until_it_is_set()
    {
        FirmwareRun run = FirmwareRuns.Play(
            new() { Resets = 20, ClockLost = 1, TimeSyncHours = 0.5 }, hours: 4);

        FirmwareEvent[] lost = [.. run.Of(FirmwareEventKind.ClockLost)];
        Assert.Equal(run.Of(FirmwareEventKind.Reset).Select(reset => reset.End), lost.Select(clock => clock.Start));
        long begins = Timestamp.From(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Contains(run.Messages, message => message.Origin.TimeTold != message.Origin.Time);
        foreach (MessageOrigin origin in run.Messages.Select(message => message.Origin))
        {
            FirmwareEvent? clock = lost.LastOrDefault(one => one.IsAt(origin.Time));
            Assert.Equal(clock is null ? origin.Time : begins + (origin.Time - clock.Start), origin.TimeTold);
        }
    }

    [Fact]
    public void A_clock_that_is_never_set_stays_lost()
    {
        FirmwareRun run = FirmwareRuns.Play(new() { Resets = 50, ClockLost = 1, TimeSyncHours = 0 }, hours: 3);

        long first = run.Of(FirmwareEventKind.ClockLost).First().Start;
        Assert.All(
            run.Messages.Where(message => message.Origin.Time >= first),
            message => Assert.True(message.Origin.TimeTold < message.Origin.Time - (86_400 * Second)));
    }

    [Fact]
    public void A_reset_leaves_a_gap_and_begins_the_uptime_anew()
    {
        FirmwareRun run = FirmwareRuns.Play(new() { Resets = 40 }, hours: 3);

        FirmwareEvent[] resets = [.. run.Of(FirmwareEventKind.Reset).Where(one => one.End < EndOf(hours: 3))];
        Assert.InRange(resets.Length, 2, 12);
        Assert.All(resets, reset => Assert.InRange(reset.End - reset.Start, 5 * Second, 40 * Second));
        Assert.DoesNotContain(run.Messages, message => resets.Any(reset => reset.IsAt(message.Origin.Time)));
        Assert.All(run.Messages, message =>
            Assert.Equal(resets.Count(reset => reset.Start <= message.Origin.Time), message.Origin.ResetCount));
        ReadSample[] uptimes = [.. SamplesOf(run, $"{FirmwareRuns.Gateway}.uptime")];
        foreach (ReadSample uptime in uptimes.Where(uptime => uptime.Time > resets[^1].End))
        {
            Assert.Equal(Math.Floor((uptime.Time - resets[^1].End) / 1e9), uptime.Value);
        }

        Assert.Contains(uptimes, uptime => uptime.Time > resets[^1].End);
    }

    [Fact]
    public void In_a_brown_out_readings_are_missing_or_stuck_and_a_reset_ends_it()
    {
        FirmwareRun run = FirmwareRuns.Play(new() { BrownOuts = 24 }, hours: 6);
        FirmwareRun sound = FirmwareRuns.Play(firmware: null, hours: 6);

        FirmwareEvent[] sags = [.. run.Of(FirmwareEventKind.BrownOut)];
        Assert.Equal(sags.Select(sag => sag.End), run.Of(FirmwareEventKind.Reset).Select(reset => reset.Start));
        int expected = SamplesIn(sound, sags);
        int found = SamplesIn(run, sags);
        Assert.InRange((double)found / expected, 0.4, 0.6);
        Assert.InRange(run.Counts.MissingCount, expected - found - 60, expected - found); // the last are told by none
        Assert.InRange(run.Counts.StuckCount, found / 2, found);
        Assert.Equal(run.Counts.StuckCount, run.Messages.Sum(message => (long)message.Origin.StuckCount));
        double[] volts = [.. SamplesOf(run, $"{FirmwareRuns.Gateway}.supply_voltage")
            .Where(sample => sags.Any(sag => sag.IsAt(sample.Time))).Select(sample => sample.Value)];
        Assert.NotEmpty(volts);
        Assert.All(volts, value => Assert.InRange(value, 16, 18));
    }

    [Fact]
    public void Beside_a_brown_out_every_value_is_that_of_the_run_without_it()
    {
        FirmwareRun run = FirmwareRuns.Play(new() { BrownOuts = 24 }, hours: 3);
        var sound = FirmwareRuns.Play(firmware: null, hours: 3).Messages.SelectMany(SamplesOf).ToHashSet();
        FirmwareEvent[] sags = [.. run.Of(FirmwareEventKind.BrownOut)];

        ReadSample[] strange =
        [
            .. run.Messages.SelectMany(SamplesOf)
                .Where(sample => !sample.Signal.EndsWith(".uptime", StringComparison.Ordinal))
                .Where(sample => !sound.Contains(sample))
                .Where(sample => !sags.Any(sag => sag.IsAt(sample.Time))),
        ];

        Assert.Empty(strange);
    }

    [Fact]
    public void An_update_spells_one_signal_in_another_way_from_then_on()
    {
        FirmwareRun run = FirmwareRuns.Play(
            new() { Update = FirmwareUpdate.Rename, UpdateAfterHours = 0.5 }, hours: 2);

        FirmwareEvent update = Assert.Single(run.Of(FirmwareEventKind.Update));
        Assert.Equal("2.0.0", update.Version);
        Assert.InRange(update.Start - Timestamp.From(Runs.Winter), 1_800 * Second, 5_400 * Second);
        string asset = update.Signal[..update.Signal.IndexOf('.')];
        Assert.NotEqual(update.Signal, $"{asset}.{update.Name}");
        Assert.All(SamplesOf(run, update.Signal), sample => Assert.True(sample.Time < update.Start));
        ReadSample[] renamed = [.. SamplesOf(run, $"{asset}.{update.Name}")];
        Assert.NotEmpty(renamed);
        Assert.All(renamed, sample => Assert.True(sample.Time >= update.Start));
        Assert.Equal(update.Start, Assert.Single(run.Of(FirmwareEventKind.Reset)).Start);
    }

    [Fact]
    public void An_update_tells_one_signal_in_another_unit_from_then_on()
    {
        FirmwareRun run = FirmwareRuns.Play(
            new() { Update = FirmwareUpdate.Unit, UpdateAfterHours = 0.5 }, hours: 2);
        FirmwareEvent update = Assert.Single(run.Of(FirmwareEventKind.Update));
        var sound = SamplesOf(FirmwareRuns.Play(firmware: null, hours: 2), update.Signal)
            .ToDictionary(sample => sample.Time, sample => sample.Value);

        ReadSample[] told = [.. SamplesOf(run, update.Signal)];
        Assert.Contains(told, sample => sample.Time >= update.Start);
        Assert.NotEqual((1.0, 0.0), (update.Scale, update.Offset));
        Assert.All(told, sample => Assert.Equal(
            sample.Time < update.Start ? sound[sample.Time] : (sound[sample.Time] * update.Scale) + update.Offset,
            sample.Value,
            precision: 6));
    }

    [Theory]
    [InlineData("bearing_de_temp", "bearingDeTemp")]
    [InlineData("css", "CSS")]
    public void Another_spelling_is_camel_case(string key, string expected) =>
        Assert.Equal(expected, SignalUpdate.NameOf(key));

    private static long EndOf(double hours) => Timestamp.From(Runs.Winter.AddHours(hours));

    private static IEnumerable<ReadSample> SamplesOf(LeftMessage message) => Runs.Parse(message.Topic, message.Body);

    private static IEnumerable<ReadSample> SamplesOf(FirmwareRun run, string signal) =>
        run.Messages.SelectMany(SamplesOf).Where(sample => sample.Signal == signal);

    private static int SamplesIn(FirmwareRun run, FirmwareEvent[] spans) => run.Messages
        .Where(message => spans.Any(span => span.IsAt(message.Origin.Time)))
        .Sum(message => message.Origin.SampleCount);
}
