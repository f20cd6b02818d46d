using Telemetry.FirmwareSim;
using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.Rehearsal.Tests;

public sealed class MineTrialTests
{
    private const int DaysOfCi = 24;
    private const int DaysNightly = 90;

    private static bool IsNightly => Environment.GetEnvironmentVariable("TELEMETRY_NIGHTLY") == "1";

    /// <summary>The floors are below what was measured (docs/detection/anomalies.md): they catch what breaks.</summary>
    [Fact]
    public void Most_of_what_fails_on_the_simulated_mine_is_found_and_little_else()
    {
        SiteCatalogue site = DefaultSite.Load();
        ulong seeds = IsNightly ? 5UL : 1;
        MineTrialReport[] reports = [.. Enumerable.Range(1, (int)seeds).Select(seed =>
            MineScore.Run(site, IsNightly ? DaysNightly : DaysOfCi, (ulong)seed))];

        EpisodeResult[] episodes = [.. reports.SelectMany(report => report.Episodes)];
        double found = episodes.Count(episode => episode.First is not null) / (double)episodes.Length;
        double seriesDays = reports.Sum(report => report.SeriesDays);
        int alarms = reports.Sum(report => report.False.Count(one => !one.IsNotice));
        int notices = reports.Sum(report => report.False.Count(one => one.IsNotice));
        Assert.InRange(episodes.Length, 40, 1_000);
        Assert.InRange(found, 0.7, 1);
        Assert.InRange(alarms / seriesDays, 0, 1e-3);
        Assert.InRange(notices / seriesDays, 0, 1e-2);
    }

    [Fact]
    public void The_same_seed_gives_the_same_findings()
    {
        MineTrialReport one = RunOfCrusher();
        MineTrialReport other = RunOfCrusher();
        Assert.Contains(one.Episodes, episode => episode.Told is not null);
        Assert.Equal(one.Episodes.Select(episode => episode.Told), other.Episodes.Select(episode => episode.Told));
        Assert.Equal(one.False.Select(wrong => wrong.Finding), other.False.Select(wrong => wrong.Finding));
    }

    private static MineTrialReport RunOfCrusher()
    {
        const ulong Seed = 7;
        var start = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
        SiteCatalogue site = DefaultSite.Load();
        var options = new MineRunOptions
        {
            Seed = Seed,
            Start = start,
            PeriodSecondsMin = 60,
            Plan = EpisodePlan.Draw(site, new EpisodePlanOptions { Seed = Seed, Start = start, Days = 30 }),
            Assets = ["CR-201", "CR-202", "ML-301", "WX-601"],
        };
        return new MineTrial(site, options).Run(Timestamp.From(start), Timestamp.From(start.AddDays(30)));
    }
}
