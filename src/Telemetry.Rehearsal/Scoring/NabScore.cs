namespace Telemetry.Rehearsal;

/// <summary>A score of the Numenta Anomaly Benchmark: 100 for a perfect detector, 0 for one that never tells.</summary>
/// <param name="Score">The score.</param>
/// <param name="Threshold">From which score on rows count as told: the best one for the whole corpus.</param>
/// <param name="Hits">Windows found.</param>
/// <param name="Windows">Windows there are.</param>
/// <param name="FalseRows">Rows told outside all windows.</param>
public sealed record NabScore(double Score, double Threshold, int Hits, int Windows, int FalseRows)
{
    /// <summary>Scores files together, with the one threshold that suits this profile best.</summary>
    /// <param name="files">Weights of each file with a detector's scores of its rows.</param>
    /// <param name="profile">What errors weigh.</param>
    public static NabScore Of(IReadOnlyList<(NabWeights Weights, double[] Scores)> files, NabProfile profile)
    {
        (double Score, double Weight, int File, int Window)[] rows = [.. files.SelectMany((file, index) => Enumerable
            .Range(file.Weights.Probation, file.Scores.Length - file.Weights.Probation)
            .Select(row => (file.Scores[row], file.Weights.Weights[row], index, file.Weights.Windows[row])))];
        Array.Sort(rows, (one, other) => other.Score.CompareTo(one.Score));

        int windowCount = files.Sum(file => file.Weights.WindowCount);
        double nothing = -profile.Miss * files.Sum(file => file.Weights.ScoredWindowCount);
        double perfect = profile.Hit * windowCount;
        double total = nothing;
        var bestByWindow = new Dictionary<(int File, int Window), double>();
        int falseRows = 0;
        (double Total, double Threshold, int Hits, int FalseRows) best = (nothing, double.PositiveInfinity, 0, 0);
        for (int i = 0; i < rows.Length; i++)
        {
            (double score, double weight, int file, int window) = rows[i];
            if (window < 0)
            {
                total += profile.FalseAlarm * weight;
                falseRows++;
            }
            else
            {
                double before = bestByWindow.GetValueOrDefault((file, window), -profile.Miss);
                double after = Math.Max(before, profile.Hit * weight);
                bestByWindow[(file, window)] = after;
                total += after - before;
            }

            bool isLastOfItsScore = i + 1 == rows.Length || rows[i + 1].Score < score;
            if (isLastOfItsScore && total > best.Total)
            {
                best = (total, score, bestByWindow.Count, falseRows);
            }
        }

        double normalised = 100 * (best.Total - nothing) / (perfect - nothing);
        return new NabScore(normalised, best.Threshold, best.Hits, windowCount, best.FalseRows);
    }
}
