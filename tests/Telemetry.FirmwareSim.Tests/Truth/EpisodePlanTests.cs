using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests.Truth;

public sealed class EpisodePlanTests
{
    private static readonly DateTimeOffset Autumn = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Three_months_of_five_seeds_have_thirty_episodes_of_each_class_and_time_scale()
    {
        var counts = Enumerable.Range(1, 5)
            .SelectMany(seed => Draw((ulong)seed).Episodes)
            .GroupBy(episode => (episode.Mode.Class, episode.Mode.Scale))
            .ToDictionary(group => group.Key, group => group.Count());

        var wanted = FailureModes.All.Where(mode => mode.IsVisible).Select(mode => (mode.Class, mode.Scale)).Distinct();
        Assert.All(wanted, stratum => Assert.InRange(counts.GetValueOrDefault(stratum), 30, 40));
    }

    [Fact]
    public void Winter_and_summer_together_have_every_mode_that_the_site_can_show()
    {
        var drawn = new[] { Autumn, Runs.Summer.AddDays(-60) }
            .SelectMany(start => Enumerable.Range(1, 6).SelectMany(seed => EpisodePlan.Draw(
                Runs.Site, new() { Seed = (ulong)seed, Start = start, PerClassAndScale = 10 }).Episodes))
            .Select(episode => episode.Mode.Id)
            .ToHashSet();

        string[] missing = [.. FailureModes.All
            .Where(mode => mode.IsVisible && !drawn.Contains(mode.Id))
            .Select(mode => mode.Id)];
        Assert.Equal(["VF-1", "VF-2"], missing); // the fan is underground, where there is no mine yet
    }

    [Fact]
    public void Episodes_of_an_asset_are_apart_and_leave_the_time_to_learn_alone()
    {
        EpisodePlan plan = Draw(3);
        long learnt = Timestamp.From(Autumn.AddDays(14));
        Assert.All(plan.Episodes, episode =>
        {
            Assert.True(learnt <= episode.Start && episode.Start <= episode.Full);
            Assert.True(episode.Full < episode.Repaired && episode.Repaired <= episode.End);
            Assert.True(episode.End <= Timestamp.From(Autumn.AddDays(90)));
            Assert.InRange(episode.Severity, 0.5, 1);
            Assert.NotEmpty(episode.Signals);
        });
        foreach (var asset in plan.Episodes
            .SelectMany(episode => episode.Signals.Select(signal => signal.Asset.Id).Distinct(), (e, id) => (id, e))
            .GroupBy(pair => pair.id, pair => pair.e))
        {
            Episode[] episodes = [.. asset];
            Assert.All(episodes.Zip(episodes.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
        }
    }

    [Fact]
    public void The_weather_is_the_one_that_a_mode_needs()
    {
        var weather = new Weather(4);
        Episode[] cold = [.. Draw(4).Episodes.Where(episode => !episode.Mode.Weather.IsAny)];
        Assert.NotEmpty(cold);
        Assert.All(cold, episode => Assert.True(episode.Mode.Weather.Holds(weather.At(episode.Start / 1e9).AirTemp)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_plan_and_another_one_another()
    {
        Assert.Equal(Lines(Draw(1)), Lines(Draw(1)));
        Assert.NotEqual(Lines(Draw(1)), Lines(Draw(2)));
    }

    [Fact]
    public void A_plan_out_of_bounds_is_refused_by_name()
    {
        var options = new EpisodePlanOptions { Start = Autumn, PerClassAndScale = 1_001 };
        string said = Assert.Throws<ArgumentException>(() => EpisodePlan.Draw(Runs.Site, options)).Message;
        Assert.Contains("PerClassAndScale", said, StringComparison.Ordinal);
        Assert.Empty(EpisodePlan.Draw(Runs.Site, options with { PerClassAndScale = 8, Days = 3 }).Episodes);
    }

    private static EpisodePlan Draw(ulong seed) =>
        EpisodePlan.Draw(Runs.Site, new() { Seed = seed, Start = Autumn, Days = 90 });

    private static string[] Lines(EpisodePlan plan) =>
        [.. plan.Episodes.Select(e => $"{e.Id} {e.Target} {e.Start} {e.End} {e.Severity} {e.Signals[0].Id}")];
}
