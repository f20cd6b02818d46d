namespace Telemetry.Ingestion.Tests;

/// <summary>One message of <c>tests/vectors/gateways</c> with what it must become.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Routes">The site file's section <c>routes</c>.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Expected">Its points, and what was refused.</param>
public sealed record GatewayCase(string Place, string Routes, string Topic, byte[] Payload, string[] Expected)
{
    private const int KeyCharacters = 7;

    public override string ToString() => $"{Place}: {Topic}";

    public static IReadOnlyList<GatewayCase> ReadAll() =>
        [.. Directory.EnumerateFiles(Folder(), "*.txt").Order(StringComparer.Ordinal).SelectMany(Read)];

    private static List<GatewayCase> Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        int end = Array.IndexOf(lines, "---");
        string routes = string.Join('\n', lines[..end]);
        var cases = new List<GatewayCase>();
        string topic = "";
        for (int i = end + 1; i < lines.Length; i++)
        {
            string rest = lines[i].Length > KeyCharacters ? lines[i][KeyCharacters..] : "";
            switch (lines[i].Split(' ')[0])
            {
                case "topic":
                    topic = rest;
                    break;
                case "in":
                    string place = $"{Path.GetFileName(file)}:{i + 1}";
                    byte[] text = SmallMine.Bytes(rest.Replace('␊', '\n'));
                    cases.Add(new GatewayCase(place, routes, topic, text, []));
                    break;
                case "hex":
                    byte[] bytes = Convert.FromHexString(rest.Replace(" ", "", StringComparison.Ordinal));
                    cases.Add(new GatewayCase($"{Path.GetFileName(file)}:{i + 1}", routes, topic, bytes, []));
                    break;
                case "out" or "fault":
                    string[] expected = [.. cases[^1].Expected, lines[i].Replace('␊', '\n')];
                    cases[^1] = cases[^1] with { Expected = expected };
                    break;
            }
        }

        return cases;
    }

    private static string Folder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Telemetry.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder!, "tests", "vectors", "gateways");
    }
}
