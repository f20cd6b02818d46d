namespace Telemetry.Service;

/// <summary>Rows for people at a terminal: columns as wide as their widest cell.</summary>
internal static class TextTable
{
    public static void Print(IReadOnlyList<string> header, IEnumerable<string[]> rows)
    {
        string[][] all = [[.. header], .. rows];
        int[] widths = [.. Enumerable.Range(0, header.Count).Select(i => all.Max(row => row[i].Length))];
        foreach (string[] row in all)
        {
            Console.WriteLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }
}
