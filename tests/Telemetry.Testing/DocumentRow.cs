using System.Runtime.CompilerServices;

namespace Telemetry.Testing;

/// <summary>A row of a table in one of the repository's documents.</summary>
/// <param name="Document">Its path from the root.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Section">The heading above the table, without its number signs.</param>
/// <param name="Columns">What stands between the bars.</param>
public sealed record DocumentRow(string Document, int Line, string Section, IReadOnlyList<string> Columns)
{
    /// <summary>Where it stands, as the beginning of a complaint.</summary>
    public string Place => $"{Document}:{Line}";

    /// <summary>All rows of all tables of a document, without the heads.</summary>
    public static IReadOnlyList<DocumentRow> ReadAll(string document) =>
        [.. Rows(document, File.ReadAllLines(Path.Combine(Root(), document)))];

    /// <summary>The code spans in a column: what stands between backticks.</summary>
    public IReadOnlyList<string> Spans(int column) =>
        [.. Columns[column].Split('`').Where((_, i) => i % 2 == 1)];

    private static IEnumerable<DocumentRow> Rows(string document, string[] lines)
    {
        string section = "";
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (line.StartsWith('#'))
            {
                section = line.TrimStart('#').Trim();
            }
            else if (line.StartsWith('|') && !IsRule(line) && !(i + 1 < lines.Length && IsRule(lines[i + 1])))
            {
                string[] cells = line.Replace(@"\|", "\u2223", StringComparison.Ordinal).Split('|');
                yield return new DocumentRow(
                    document, i + 1, section, [.. cells[1..^1].Select(cell => cell.Trim())]);
            }
        }
    }

    private static bool IsRule(string line) => line.StartsWith("|-", StringComparison.Ordinal);

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
