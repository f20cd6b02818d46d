using System.Text.Json;

namespace Telemetry.Rehearsal;

/// <summary>
/// Files in the layout of the Battle of the Attack Detection Algorithms: <c>dataset03_normal.csv</c> commissions the
/// detector, <c>dataset04.csv</c> has attacks, whose times stand in <c>labels.json</c>.
/// </summary>
public static class BatadalCorpus
{
    private const string NormalFile = "dataset03_normal.csv";
    private const string AttackedFile = "dataset04.csv";
    private const string TimeColumn = "DATETIME";
    private const string FlagColumn = "ATT_FLAG";

    /// <summary>Runs the asset detector over the normal year and the attacked months in turn.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="attackCount">How many attacks there are.</param>
    /// <param name="foundCount">How many of them were predicted in at least one row.</param>
    /// <exception cref="RehearsalException">A file cannot be read.</exception>
    public static OutlierCounts Score(string directory, out int attackCount, out int foundCount)
    {
        string[] normal = LinesOf(directory, NormalFile);
        string[] attacked = LinesOf(directory, AttackedFile);
        string[] columns = [.. normal[0].Split(',').Select(name => name.Trim())];
        var options = new CsvRunOptions
        {
            Time = TimeColumn,
            Values = [.. columns.Where(name => name is not (TimeColumn or FlagColumn))],
            WarmUpRows = normal.Length - 1,
            Tier = 2,
        };
        string joined = string.Join('\n', [string.Join(',', columns), .. normal[1..], .. attacked[1..]]);
        double[] predictions = ScoredFile.Run(new StringReader(joined), options)[(normal.Length - 1)..];
        (string From, string To)[] attacks = AttacksOf(directory);
        string[] times = [.. attacked[1..].Select(line => line.Split(',')[0])];
        var counts = default(OutlierCounts);
        var found = new HashSet<string>();
        for (int row = 0; row < times.Length; row++)
        {
            string? attack = attacks.FirstOrDefault(one => IsIn(one, times[row])).From;
            counts = counts.With(attack is not null, predictions[row] > 0);
            if (attack is not null && predictions[row] > 0)
            {
                found.Add(attack);
            }
        }

        (attackCount, foundCount) = (attacks.Length, found.Count);
        return counts;
    }

    private static bool IsIn((string From, string To) attack, string time) =>
        string.CompareOrdinal(time, attack.From) >= 0 && string.CompareOrdinal(time, attack.To) <= 0;

    private static string[] LinesOf(string directory, string file) =>
        [.. File.ReadLines(Path.Combine(directory, file)).Where(line => line.Length > 0)];

    private static (string From, string To)[] AttacksOf(string directory)
    {
        using JsonDocument labels = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "labels.json")));
        JsonElement windows = labels.RootElement.GetProperty("files").GetProperty(AttackedFile);
        return [.. windows.EnumerateArray().Select(window => (window[0].GetString()!, window[1].GetString()!))];
    }
}
