using System.Globalization;

namespace Telemetry.Rehearsal;

/// <summary>Labelled data sets that are public, as far as a folder has them; the detectors run as they ship.</summary>
public static class DevelopmentSets
{
    /// <summary>Scores whatever there is.</summary>
    /// <param name="directory">A folder with the data sets in folders of their own.</param>
    /// <exception cref="RehearsalException">There is none, or a file cannot be read.</exception>
    public static IReadOnlyList<ScoreLine> Score(string directory)
    {
        var lines = new List<ScoreLine>();
        if (Find(directory, "nab") is { } nab)
        {
            lines.AddRange(NabProfile.All.Zip(NabCorpus.Score(nab), LineOf));
        }

        if (Find(directory, "skab") is { } skab)
        {
            lines.AddRange(LinesOf("SKAB", SkabCorpus.Score(skab), "all rows predicted: F1 0.69"));
            if (SkabCorpus.FalseAlarmRateOfNormalRuns(skab) is { } rate)
            {
                lines.Add(new ScoreLine("SKAB", "FAR of normal runs, %", Text(rate), "commissioned on 3,000 rows"));
            }
        }

        if (Find(directory, "batadal") is { } batadal)
        {
            OutlierCounts counts = BatadalCorpus.Score(batadal, out int attacks, out int found);
            lines.AddRange(LinesOf("BATADAL", counts, $"{found} of {attacks} attacks"));
        }

        return lines.Count > 0 ? lines : throw new RehearsalException(
            $"cannot score: {Path.GetFullPath(directory)} has none of the folders nab, skab, batadal");
    }

    private static string? Find(string directory, string name)
    {
        string path = Path.Combine(directory, name);
        return Directory.Exists(path) ? path : null;
    }

    private static IEnumerable<ScoreLine> LinesOf(string set, OutlierCounts counts, string remark) =>
    [
        new(set, "F1", counts.F1.ToString("0.000", CultureInfo.InvariantCulture), remark),
        new(set, "FAR, %", Text(counts.FalseAlarmRate), ""),
        new(set, "MAR, %", Text(counts.MissedAlarmRate), ""),
    ];

    private static ScoreLine LineOf(NabProfile profile, NabScore score) => new(
        "NAB",
        profile.Name,
        Text(score.Score),
        $"{score.Hits} of {score.Windows} windows, {score.FalseRows} false rows, threshold {Text(score.Threshold)}");

    private static string Text(double figure) => figure.ToString("0.00", CultureInfo.InvariantCulture);
}
