using System.Text.RegularExpressions;

namespace Telemetry.Tidy.Tests;

/// <summary>Finds the tests and vectors that a page of statements names.</summary>
internal sealed class StatementProofs(IReadOnlyList<string> sources, Func<string, string> read)
{
    private const string VectorStart = "vectors/";
    private const int ColumnCount = 4; // level, bytes, expectation, clause and meaning

    /// <summary>What is wrong with the proof of a row; null when all that it names exists.</summary>
    public string? ComplaintOf(StatementRow row, string level) => row.IsProved
        ? row.Spans.Select(span => ComplaintOf(span, level)).FirstOrDefault(text => text is not null)
        : null;

    private string? ComplaintOf(string span, string level)
    {
        if (span.StartsWith(VectorStart, StringComparison.Ordinal))
        {
            return HasVector(span, level) ? null : $"no vector '{span}' for {level}, use one that exists";
        }

        Match test = Regex.Match(span, @"^([A-Za-z.]+):([A-Za-z0-9]+)\.(\w+)$");
        return !test.Success ? $"'{span}' is no proof, use a test, a vector, 'n/a: reason' or 'open: what is missing'"
            : HasTest(test.Groups[1].Value, test.Groups[2].Value, test.Groups[3].Value) ? null
            : $"no test '{span}', use one that exists";
    }

    private bool HasTest(string project, string type, string method)
    {
        string folder = $"tests/Telemetry.{project}.Tests/";
        string declaration = $@"\bpublic (?:async Task|void) {method}\("; // the analyzer wants those to be tests
        return sources
            .Where(path => path.StartsWith(folder, StringComparison.Ordinal))
            .Where(path => path.EndsWith($"/{type}.cs", StringComparison.Ordinal))
            .Any(path => Regex.IsMatch(read(path), declaration));
    }

    /// <summary>The name of a vector is its clause: what its last column says before the colon.</summary>
    private bool HasVector(string span, string level)
    {
        string[] parts = span.Split('#');
        string path = $"tests/{parts[0]}";
        return parts.Length == 2
            && File.Exists(Path.Combine(SourceTree.Root, path))
            && read(path).Split('\n').Any(line => IsVector(line, parts[1], level));
    }

    private static bool IsVector(string line, string name, string level)
    {
        string[] columns = line.Split('|', ColumnCount, StringSplitOptions.TrimEntries);
        return columns.Length == ColumnCount
            && (columns[0] == level || columns[0] == "both")
            && columns[3].Split(':')[0].Replace("[", "", StringComparison.Ordinal)
                .Replace("]", "", StringComparison.Ordinal) == name;
    }
}
