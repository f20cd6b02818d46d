namespace Telemetry.Payloads.Tests;

/// <summary>The vectors under <c>tests/vectors</c>.</summary>
public static class VectorFile
{
    public static IReadOnlyList<VectorCase> Read(string relativePath)
    {
        var cases = new List<VectorCase>();
        string mapping = "";
        string[] lines = File.ReadAllLines(Path.Combine(Root(), "tests", "vectors", relativePath));
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#')
            {
                mapping = "";
                continue;
            }

            string rest = lines[i].Length > 7 ? lines[i][7..] : "";
            switch (lines[i][..3])
            {
                case "map":
                    mapping = rest;
                    break;
                case "hex":
                    cases.Add(new VectorCase(i + 1, mapping, rest, [], "") { IsHex = true });
                    break;
                case "in ":
                    cases.Add(new VectorCase(i + 1, mapping, rest, [], ""));
                    break;
                case "out":
                    cases[^1] = cases[^1] with { Points = [.. cases[^1].Points, VectorCase.WithControls(rest)] };
                    break;
                default:
                    cases[^1] = cases[^1] with { Fault = rest };
                    break;
            }
        }

        return cases;
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Telemetry.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("cannot find the repository above the test's folder");
    }
}
