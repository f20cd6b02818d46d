namespace Telemetry.Mqtt.Tests.Wire;

/// <summary>The vector files of <c>tests/vectors/mqtt</c>; their form stands in the README there.</summary>
internal static class Vectors
{
    private const int ColumnCount = 4;

    public static IReadOnlyList<Vector> All { get; } = [.. Load()];

    private static IEnumerable<Vector> Load()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "vectors", "mqtt");
        foreach (string file in Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal))
        {
            string[] lines = File.ReadAllLines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].Length == 0 || lines[i][0] == '#')
                {
                    continue;
                }

                foreach (Vector vector in Parse($"{Path.GetFileName(file)}:{i + 1}", lines[i]))
                {
                    yield return vector;
                }
            }
        }
    }

    private static IEnumerable<Vector> Parse(string place, string line)
    {
        string[] columns = line.Split('|', ColumnCount, StringSplitOptions.TrimEntries);
        byte[] bytes = Convert.FromHexString(columns[1].Replace(" ", "", StringComparison.Ordinal));
        bool isCanonical = !columns[2].StartsWith('~');
        string expected = columns[2].TrimStart('~');
        ProtocolLevel[] levels = columns[0] switch
        {
            "3.1.1" => [ProtocolLevel.V311],
            "5.0" => [ProtocolLevel.V50],
            "both" => [ProtocolLevel.V311, ProtocolLevel.V50],
            _ => throw new FormatException($"{place}: expected 3.1.1, 5.0 or both, found {columns[0]}"),
        };
        return levels.Select(level => new Vector(place, level, bytes, expected, isCanonical));
    }
}
