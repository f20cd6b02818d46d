using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests.Operation;

public sealed class MachineTests
{
    private const double HourSeconds = 3_600;
    private static readonly double Start = Timestamp.From(Runs.Winter) / 1e9;

    [Theory]
    [InlineData("CR-201", 0.33, 0.45)] // ten hours of a day, less days off, breaks and stops
    [InlineData("HT-101", 0.33, 0.45)]
    [InlineData("ML-301", 0.95, 1)]
    [InlineData("GS-501", 0, 0.01)]
    public void A_machine_runs_its_hours(string asset, double partMin, double partMax)
    {
        Machine machine = Of(asset);
        double[] duties = [.. Moments(days: 60).Select(machine.DutyAt)];

        Assert.InRange(duties.Average(), partMin, partMax);
        Assert.All(duties, duty => Assert.InRange(duty, 0, 1));
    }

    [Fact]
    public void Instruments_the_boiler_and_the_grid_never_stop()
    {
        Assert.All((string[])["WX-601", "BO-501", "EL-501", "TD-401"], asset => Assert.False(Of(asset).StopsAtTimes));
    }

    [Fact]
    public void The_order_of_questions_changes_nothing()
    {
        double[] moments = [.. Moments(days: 9)];
        Machine forwards = Of("CR-202");
        Machine backwards = Of("CR-202");

        var there = moments.Select(moment => (forwards.StateAt(moment), forwards.WarmthAt(moment))).ToArray();
        var back = moments.Reverse().Select(moment => (backwards.StateAt(moment), backwards.WarmthAt(moment)));

        Assert.Equal(there, back.Reverse());
        Assert.Equal(4, there.Select(pair => pair.Item1).Distinct().Count());
    }

    [Fact]
    public void It_is_cold_in_the_morning_and_warm_in_the_evening()
    {
        Machine machine = Of("CR-201");
        double start = Moments(days: 20).First(moment => moment > Start + (48 * HourSeconds)
            && machine.StateAt(moment) == MachineState.Starting);

        Assert.InRange(machine.WarmthAt(start), 0, 0.2);
        Assert.InRange(machine.WarmthAt(start + (3 * HourSeconds)), 0.9, 1);
    }

    [Fact]
    public void A_supply_that_fails_stops_the_plant_and_starts_the_sets()
    {
        FailureMode cut = FailureModes.Find("EL-2")!;
        long from = Timestamp.From(Runs.Winter.AddHours(30));
        long to = Timestamp.From(Runs.Winter.AddHours(32));
        var plan = new EpisodePlan([new Episode("EL-2/1", cut, "EL-501", [], from, from, to, to, 1)]);
        double within = Start + (31 * HourSeconds);

        Assert.Equal(MachineState.Running, Of("GS-501", plan).StateAt(within));
        Assert.Equal(MachineState.Stopped, Of("GS-501", plan).StateAt(within - HourSeconds + 20));
        Assert.All((string[])["ML-301", "CR-201", "PU-301"], asset =>
            Assert.Equal(MachineState.Stopped, Of(asset, plan).StateAt(within)));
        Assert.Equal(Of("HT-101").StateAt(within), Of("HT-101", plan).StateAt(within));
        Assert.Equal(MachineState.Running, Of("ML-301", plan).StateAt(within - (2 * HourSeconds)));
    }

    private static Machine Of(string asset, EpisodePlan? plan = null) => new(
        2, Runs.Site.Assets.Single(known => known.Id == asset), plan ?? EpisodePlan.Empty);

    private static IEnumerable<double> Moments(int days) =>
        Enumerable.Range(0, days * 24 * 30).Select(i => Start + (i * 120.0));
}
