using System.Globalization;
using Telemetry.FirmwareSim;
using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>Trials on simulated mines that differ in their seed, and their figures together.</summary>
public static class MineScore
{
    private const string Set = "mine";
    private const double PeriodSeconds = 60; // as detectors see it: they take means of minutes
    private const int QuietDays = 14;
    private const int LearningDays = 10; // what is found before does not count
    private const int PerClassAndScale = 6; // with five seeds thirty of each

    /// <summary>A start in winter: the cold is when fixed limits are wrong.</summary>
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Runs the trials and says how the detectors fared.</summary>
    /// <param name="site">The mine.</param>
    /// <param name="days">Days of each, more than the first ones in which detectors learn.</param>
    /// <param name="seeds">How many mines.</param>
    /// <exception cref="RehearsalException">There are too few days.</exception>
    public static IReadOnlyList<ScoreLine> Of(SiteCatalogue site, int days, int seeds)
    {
        if (days <= QuietDays)
        {
            throw new RehearsalException(
                $"cannot score: nothing fails in the first {QuietDays} of {days} days; give more with --days");
        }

        return LinesOf([.. Enumerable.Range(1, seeds).Select(seed => Run(site, days, (ulong)seed))]);
    }

    /// <summary>One trial.</summary>
    public static MineTrialReport Run(SiteCatalogue site, int days, ulong seed)
    {
        var plan = EpisodePlan.Draw(site, new EpisodePlanOptions
        {
            Seed = seed,
            Start = Start,
            Days = days,
            QuietDays = QuietDays,
            PerClassAndScale = PerClassAndScale,
        });
        var options = new MineRunOptions { Seed = seed, Start = Start, PeriodSecondsMin = PeriodSeconds, Plan = plan };
        return new MineTrial(site, options).Run(
            Timestamp.From(Start.AddDays(LearningDays)), Timestamp.From(Start.AddDays(days)));
    }

    private static IReadOnlyList<ScoreLine> LinesOf(IReadOnlyList<MineTrialReport> reports)
    {
        EpisodeResult[] all = [.. reports.SelectMany(report => report.Episodes)];
        double seriesDays = reports.Sum(report => report.SeriesDays);
        FalseFinding[] wrong = [.. reports.SelectMany(report => report.False)];
        return
        [
            .. all.GroupBy(result => (result.Episode.Mode.Class, result.Episode.Mode.Scale))
                .OrderBy(group => group.Key)
                .Select(group => LineOf($"{group.Key.Class}, {group.Key.Scale}".ToLowerInvariant(), [.. group])),
            LineOf("all", all),
            PerSeriesDay("false alarms", wrong.Count(one => !one.IsNotice), seriesDays),
            PerSeriesDay("false notices", wrong.Count(one => one.IsNotice), seriesDays),
        ];
    }

    private static ScoreLine LineOf(string measure, EpisodeResult[] results)
    {
        EpisodeResult[] found = [.. results.Where(result => result.First is not null)];
        (double low, double high) = Wilson(found.Length, results.Length);
        double[] delays = [.. found.Select(DelayOf).Order()];
        int right = found.Count(result => result.First!.Value.Class == result.Episode.Mode.Class);
        return new ScoreLine(
            Set,
            measure,
            $"{found.Length} of {results.Length} found ({Text(low)} to {Text(high)})",
            $"{results.Count(result => result.Told is not null)} by an alarm; median delay "
            + $"{(delays.Length > 0 ? Text(delays[delays.Length / 2]) : "none")} of the onset; class right {right}");
    }

    private static double DelayOf(EpisodeResult result) => (result.First!.Value.Time - result.Episode.Start)
        / (double)Math.Max(Timestamp.NanosecondsPerSecond * 60, result.Episode.Full - result.Episode.Start);

    private static ScoreLine PerSeriesDay(string measure, int count, double seriesDays) => new(
        Set,
        measure,
        (count / seriesDays).ToString("0.0e+0", CultureInfo.InvariantCulture),
        $"per series and day: {count} in {seriesDays.ToString("0", CultureInfo.InvariantCulture)}");

    /// <summary>The 95 % interval of a share (Wilson 1927).</summary>
    private static (double Low, double High) Wilson(int found, int count)
    {
        const double Z = 1.96;
        double share = (double)found / Math.Max(1, count);
        double spread = Z * Math.Sqrt((share * (1 - share) / count) + (Z * Z / (4.0 * count * count)));
        double middle = share + (Z * Z / (2.0 * count));
        double scale = 1 + (Z * Z / count);
        return ((middle - spread) / scale, (middle + spread) / scale);
    }

    private static string Text(double figure) => figure.ToString("0.00", CultureInfo.InvariantCulture);
}
