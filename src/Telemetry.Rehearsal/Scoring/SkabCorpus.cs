using System.Globalization;

namespace Telemetry.Rehearsal;

/// <summary>
/// Files in the layout of the Skoltech Anomaly Benchmark: folders of CSV files split at semicolons, whose last
/// columns are <c>anomaly</c> and <c>changepoint</c>. The first 400 rows of each commission the detector and are not
/// scored.
/// </summary>
public static class SkabCorpus
{
    private const int TrainRows = 400;
    private const int CommissioningRows = 3_000;
    private const char Delimiter = ';';
    private const string TimeColumn = "datetime";
    private const string LabelColumn = "anomaly";

    private static readonly string[] Labels = [LabelColumn, "changepoint"];
    private static readonly string[] Groups = ["other", "valve1", "valve2"];

    /// <summary>Runs the asset detector over all labelled files.</summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="RehearsalException">A file cannot be read.</exception>
    public static OutlierCounts Score(string directory)
    {
        var counts = default(OutlierCounts);
        foreach (string path in Groups.SelectMany(group => Files(Path.Combine(directory, group))))
        {
            double[] predictions = ScoredFile.Run(path, OptionsOf(path, TrainRows));
            bool[] anomalous = AnomalousRows(path);
            for (int row = TrainRows; row < predictions.Length; row++)
            {
                counts = counts.With(anomalous[row], predictions[row] > 0);
            }
        }

        return counts;
    }

    /// <summary>
    /// The share of rows of the runs without an anomaly that are predicted to be one, after commissioning, %.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <returns>Null when there is no such run.</returns>
    /// <exception cref="RehearsalException">A file cannot be read.</exception>
    public static double? FalseAlarmRateOfNormalRuns(string directory)
    {
        double[] predictions = [.. Files(Path.Combine(directory, "anomaly-free")).SelectMany(path =>
            ScoredFile.Run(path, OptionsOf(path, CommissioningRows)).Skip(CommissioningRows))];
        return predictions.Length > 0 ? 100 * predictions.Average() : null;
    }

    private static string[] Files(string directory) =>
        Directory.Exists(directory) ? Directory.GetFiles(directory, "*.csv") : [];

    private static CsvRunOptions OptionsOf(string path, int warmUpRows) => new()
    {
        Delimiter = Delimiter,
        Time = TimeColumn,
        Values = [.. HeaderOf(path).Except(Labels).Except([TimeColumn])],
        WarmUpRows = warmUpRows,
        Tier = 2,
    };

    private static string[] HeaderOf(string path) => File.ReadLines(path).First().Split(Delimiter);

    private static bool[] AnomalousRows(string path)
    {
        int column = Array.IndexOf(HeaderOf(path), LabelColumn);
        return [.. File.ReadLines(path).Skip(1).Where(line => line.Length > 0).Select(line =>
            double.Parse(line.Split(Delimiter)[column], CultureInfo.InvariantCulture) > 0)];
    }
}
