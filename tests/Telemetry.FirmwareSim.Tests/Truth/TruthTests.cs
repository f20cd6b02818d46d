using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests.Truth;

/// <summary>The labels are the truth: beside them nothing is changed, and within them something is.</summary>
public sealed class TruthTests
{
    private const double PeriodSeconds = 300;
    private const double Days = 8;

    private static readonly EpisodePlan Plan = EpisodePlan.Draw(
        Runs.Site, new() { Seed = 6, Start = Runs.Winter, Days = Days, QuietDays = 0.2, PerClassAndScale = 3 });

    private static readonly Dictionary<(int Signal, long Time), double> Sick = Play(Plan);
    private static readonly Dictionary<(int Signal, long Time), double> Healthy = Play(EpisodePlan.Empty);

    [Fact]
    public void Beside_its_episodes_a_mine_is_a_healthy_one()
    {
        var episodes = Plan.Episodes
            .SelectMany(episode => episode.Signals, (episode, signal) => (signal.Id, episode))
            .ToLookup(pair => pair.Id, pair => pair.episode);
        int compared = 0;
        foreach (((int signal, long time), double value) in Healthy)
        {
            string id = Runs.Site.Signals[signal].Id;
            if (!episodes[id].Any(episode => time >= episode.Start && time < episode.End))
            {
                compared++;
                Assert.Equal(value, Sick[(signal, time)]);
            }
        }

        Assert.True(compared > 100_000);
    }

    [Fact]
    public void Within_an_episode_its_signals_are_not_those_of_a_healthy_mine()
    {
        Dictionary<string, int> places = Runs.Site.Signals.Index()
            .ToDictionary(pair => pair.Item.Id, pair => pair.Index);
        int seen = 0;
        foreach (Episode episode in Plan.Episodes.Where(episode => !episode.Mode.Effects.Any(e => e.IsOfClock)))
        {
            HashSet<int> signals = [.. episode.Signals.Select(signal => places[signal.Id])];
            var full = Healthy
                .Where(pair => signals.Contains(pair.Key.Signal)
                    && pair.Key.Time >= episode.Full && pair.Key.Time < episode.Repaired)
                .ToList();
            int changed = full.Count(pair =>
                !Sick.TryGetValue(pair.Key, out double value) || value != pair.Value);
            int spikes = episode.Mode.Effects.Any(effect => effect.Kind == EffectKind.Spikes) ? 20 : 1;
            Assert.True(changed * spikes * 8 >= full.Count, $"{episode.Id}: {changed} of {full.Count}");
            seen += full.Count >= 5 ? 1 : 0;
        }

        Assert.True(seen >= 20, $"{seen} of {Plan.Episodes.Count}");
    }

    private static Dictionary<(int Signal, long Time), double> Play(EpisodePlan plan)
    {
        var samples = new Samples();
        var run = new MineRun(
            Runs.Site, new() { Seed = 6, Start = Runs.Winter, PeriodSecondsMin = PeriodSeconds, Plan = plan });
        run.PlayUntil(Timestamp.From(Runs.Winter.AddDays(Days)), samples);
        return samples.Values;
    }

    private sealed class Samples : IMineListener
    {
        public Dictionary<(int Signal, long Time), double> Values { get; } = [];

        public void OnSample(in MineSample sample) => Values.Add((sample.Signal, sample.Time), sample.Value);
    }
}
