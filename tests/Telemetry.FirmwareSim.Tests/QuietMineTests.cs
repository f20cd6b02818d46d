using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests;

/// <summary>A mine without a fault raises no alarm, in the coldest and in the warmest weeks of the year.</summary>
public sealed class QuietMineTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_week_without_fault_never_passes_a_limit(int seed)
    {
        CheckWeek((ulong)seed, Runs.Winter);
        CheckWeek((ulong)seed, Runs.Summer);
    }

    [Theory]
    [InlineData(1, "winter")]
    [InlineData(2, "summer")]
    [InlineData(3, "night")]
    public void Twenty_minutes_at_full_rate_raises_no_alarm_of_any_kind(int seed, string season)
    {
        DateTimeOffset start = season == "winter" ? Runs.Winter : Runs.Summer.AddHours(season == "night" ? 16 : 0);
        var watch = new AlarmWatch();
        foreach (Gateway gateway in Runs.Site.Gateways)
        {
            foreach (ReadSample sample in Runs.Read(
                gateway.Id, start, seconds: 1_200, new SimulatorOptions { Seed = (ulong)seed }))
            {
                watch.Observe(sample);
            }
        }

        watch.End(Timestamp.From(start.AddMinutes(20)));

        Assert.Empty(watch.Alarms);
        string[] unseen = [.. Runs.Site.Signals.Select(signal => signal.Id).Except(watch.SignalsSeen).Order()];
        Assert.Equal(["BL-101.airblast", "BL-101.ppv"], unseen); // there is one blast a day
    }

    /// <summary>Every signal every few minutes: without a fault not even one sample may be beyond a limit.</summary>
    private static void CheckWeek(ulong seed, DateTimeOffset start)
    {
        const int StepSeconds = 780;
        var conditions = new PlantConditions(seed);
        SignalModel[] models = [.. Runs.Site.Signals.Select(signal => new SignalModel(seed, signal))];
        for (int step = 0; step < 7 * 86_400 / StepSeconds; step++)
        {
            conditions.MoveTo(Timestamp.From(start.AddSeconds(step * StepSeconds)));
            foreach (SignalModel model in models)
            {
                double value = model.Read(conditions, step, fault: 0, isStuck: false);
                LimitSet limits = model.Signal.Definition.Alarm.Limits;
                bool isBeyond = value < limits.LowLow || value < limits.Low
                    || value > limits.High || value > limits.HighHigh;
                if (isBeyond)
                {
                    Assert.Fail($"{model.Signal.Id} reads {value} at {conditions.Seconds}, limits {limits}");
                }
            }
        }
    }
}
