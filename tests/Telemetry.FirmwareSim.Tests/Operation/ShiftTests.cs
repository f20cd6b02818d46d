using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests.Operation;

public sealed class ShiftTests
{
    private static readonly Surroundings Shifts = new() { Shifts = true };

    [Fact]
    public void A_stopped_machine_reads_nothing_and_cools_to_the_air()
    {
        var (atRest, atWork, air) = Means("CR-201", days: 12);

        Assert.InRange(atWork["motor_current"], 80, 105);
        Assert.InRange(atRest["motor_current"], 0, 3);
        Assert.InRange(atRest["frame_vib"], 0, 0.5);
        Assert.InRange(atWork["bearing_de_temp"], 30, 70);
        Assert.InRange(atRest["bearing_de_temp"], air - 5, air + 25); // nights are colder than the mean
        Assert.InRange(atRest["css"], 54, 56);
    }

    [Fact]
    public void Heated_oil_stays_warm_in_the_cold()
    {
        var (atRest, _, air) = Means("CR-202", days: 12);

        Assert.InRange(air, -40, -15);
        Assert.InRange(atRest["lube_tank_temp"], 17, 35);
    }

    [Fact]
    public void A_listener_is_told_of_every_state_when_it_begins()
    {
        var listener = new StateListener();
        var run = new MineRun(
            Runs.Site, new() { Start = Runs.Winter, Surroundings = Shifts, PeriodSecondsMin = 3_600 });
        run.PlayUntil(Timestamp.From(Runs.Winter.AddDays(2)), listener);

        int stopping = Runs.Site.Assets.Count(asset => asset.Enabled && listener.Told.ContainsKey(asset.Id));
        Assert.InRange(stopping, 20, 35);
        Assert.All(listener.Told.Values, told => Assert.Equal(Timestamp.From(Runs.Winter), told[0].Time));
        MachineState[] crusher = [.. listener.Told["CR-201"].Select(told => told.State)];
        Assert.Contains(MachineState.Starting, crusher);
        Assert.All(crusher.Zip(crusher.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void Failures_are_drawn_where_the_machine_runs()
    {
        EpisodePlan plan = EpisodePlan.Draw(
            Runs.Site, new() { Seed = 5, Start = Runs.Winter, Surroundings = Shifts });
        var conditions = new PlantConditions(5, Shifts);
        Episode[] crushing = [.. plan.Episodes.Where(episode => episode.Target is "CR-201" or "CR-202")];

        Assert.NotEmpty(crushing);
        Assert.All(crushing, episode => Assert.Equal(
            MachineState.Running, conditions.MachineOf(episode.Signals[0].Asset)!.StateAt(episode.Start / 1e9)));
    }

    private static (Dictionary<string, double> AtRest, Dictionary<string, double> AtWork, double Air) Means(
        string asset, int days)
    {
        var conditions = new PlantConditions(1, Shifts);
        SignalInstance[] signals = [.. Runs.Site.Signals.Where(signal => signal.Asset.Id == asset)];
        SignalModel[] models = [.. signals.Select(signal => new SignalModel(1, signal))];
        Machine machine = conditions.MachineOf(signals[0].Asset)!;
        var rows = new List<(bool IsOn, string Signal, double Value)>();
        var air = new List<double>();
        for (int minute = 0; minute < days * 1_440; minute++)
        {
            conditions.MoveTo(Timestamp.From(Runs.Winter.AddMinutes(minute)));
            air.Add(conditions.Weather.AirTemp);
            bool isSteady = machine.WarmthAt(conditions.Seconds) is < 0.2 or > 0.9;
            foreach (SignalModel model in models)
            {
                double value = model.Read(conditions, minute);
                if (isSteady && machine.StateAt(conditions.Seconds) is MachineState.Stopped or MachineState.Running)
                {
                    rows.Add((machine.DutyAt(conditions.Seconds) > 0, model.Signal.Definition.Key, value));
                }
            }
        }

        return (MeansOf(rows, isOn: false), MeansOf(rows, isOn: true), air.Average());
    }

    private static Dictionary<string, double> MeansOf(
        List<(bool IsOn, string Signal, double Value)> rows, bool isOn) => rows
        .Where(row => row.IsOn == isOn)
        .GroupBy(row => row.Signal)
        .ToDictionary(group => group.Key, group => group.Average(row => row.Value));

    private sealed class StateListener : IMineListener
    {
        public Dictionary<string, List<(MachineState State, long Time)>> Told { get; } = [];

        public void OnSample(in MineSample sample) => Assert.True(double.IsFinite(sample.Value));

        public void OnStateChanged(Asset asset, MachineState state, long time)
        {
            Told.TryAdd(asset.Id, []);
            Told[asset.Id].Add((state, time));
        }
    }
}
