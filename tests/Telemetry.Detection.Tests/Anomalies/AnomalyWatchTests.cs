using Telemetry.Model;

namespace Telemetry.Detection.Tests;

public sealed class AnomalyWatchTests
{
    private const string Signal = "CR-1.s0";
    private const int WarmUpMinutes = AnomalyWatch.WarmUpCount + 10;

    [Theory]
    [InlineData(1, false)]
    [InlineData(6, true)]
    public void A_level_that_moves_is_noticed_and_calls_a_person_when_a_value_is_away(double moved, bool isAlarm)
    {
        Plant plant = new Plant(Scene.Nothing with { Anomalies = true }).Play(WarmUpMinutes).Play(60, (name, minute) =>
            Plant.Usual(name, WarmUpMinutes + minute) + (name == Signal ? moved : 0));
        Assert.Contains(plant.Told, told => told is { Signal: Signal, IsNotice: true });
        Assert.Equal(isAlarm, plant.Told.Exists(told => !told.IsNotice && told.Finding.Edge == FindingEdge.Began));
    }

    [Fact]
    public void A_noise_that_is_another_calls_a_person_though_no_value_is_away()
    {
        Plant plant = new Plant(Scene.Nothing with { Anomalies = true }).Play(WarmUpMinutes).Play(120, (name, minute) =>
            name == Signal ? Plant.Normal + 0.2 + (minute % 2 * 0.001) : Plant.Usual(name, WarmUpMinutes + minute));
        Assert.Contains(plant.Told, told => told is { Signal: Signal, IsNotice: false });
    }
}
