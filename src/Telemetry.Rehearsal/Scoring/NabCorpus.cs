using System.Text.Json;

namespace Telemetry.Rehearsal;

/// <summary>
/// Files in the layout of the Numenta Anomaly Benchmark: <c>CATEGORY/NAME.csv</c> with <c>timestamp,value</c>, and
/// <c>labels/combined_windows.json</c>.
/// </summary>
public static class NabCorpus
{
    /// <summary>
    /// Runs the service's detector over all files, with the benchmark's probation as warm-up, and scores it.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <returns>For each of <see cref="NabProfile.All"/> its score.</returns>
    /// <exception cref="RehearsalException">A file is missing or cannot be read.</exception>
    public static IReadOnlyList<NabScore> Score(string directory)
    {
        string labels = Path.Combine(directory, "labels", "combined_windows.json");
        using JsonDocument windows = JsonDocument.Parse(File.ReadAllText(labels));
        (NabWeights Weights, double[] Scores)[] files =
            [.. windows.RootElement.EnumerateObject().Select(file => Run(directory, file))];
        return [.. NabProfile.All.Select(profile => NabScore.Of(files, profile))];
    }

    private static (NabWeights Weights, double[] Scores) Run(string directory, JsonProperty labelled)
    {
        string path = Path.Combine(directory, labelled.Name);
        string[] times = [.. File.ReadLines(path).Skip(1).Where(line => line.Length > 0).Select(TimeOf)];
        (int First, int Last)[] windows = [.. labelled.Value.EnumerateArray().Select(window =>
            (RowOf(times, window[0].GetString()!, path), RowOf(times, window[1].GetString()!, path)))];
        var weights = new NabWeights(times.Length, windows);
        var options = new CsvRunOptions
        {
            Time = "timestamp",
            Values = ["value"],
            WarmUpRows = Math.Max(1, weights.Probation),
        };
        return (weights, ScoredFile.Run(path, options));
    }

    private static int RowOf(string[] times, string time, string path)
    {
        int row = Array.IndexOf(times, TimeOf(time));
        return row >= 0 ? row : throw new RehearsalException($"cannot score {path}: no row at the label {time}");
    }

    /// <summary>The labels have fractions of seconds that the files have not.</summary>
    private static string TimeOf(string line) => line.Split(',', '.')[0];
}
