using System.Text.RegularExpressions;

namespace Telemetry.Tidy.Tests;

/// <summary>Documents point at what exists.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Links_between_documents_resolve()
    {
        var complaints = new List<string>();
        int links = 0;
        foreach (string path in SourceTree.Files(".md"))
        {
            string folder = Path.GetDirectoryName(Path.Combine(SourceTree.Root, path))!;
            foreach (Match match in LinkPattern().Matches(SourceTree.Read(path)))
            {
                string target = match.Groups[1].Value;
                if (target.Contains("://", StringComparison.Ordinal))
                {
                    continue;
                }

                links++;
                string[] parts = target.Split('#');
                string own = Path.GetFileName(path);
                string file = Path.Combine(folder, parts[0].Length == 0 ? own : parts[0]);
                if (!Path.Exists(file) || (parts.Length > 1 && !AnchorsOf(File.ReadAllText(file)).Contains(parts[1])))
                {
                    complaints.Add($"{path}: error: link to '{target}' leads nowhere, use one that exists");
                }
            }
        }

        SourceTree.AssertNone(complaints);
        Assert.True(links > 0, "no document links to another: the pattern has stopped matching");
    }

    [Fact]
    public void Headings_are_anchors_in_small_letters_without_marks()
    {
        Assert.Equal(
            ["limits", "constants-at-limits", "mqttbrokers"],
            AnchorsOf("# Limits\n\ntext # no\n## Constants at /limits\n### `Mqtt:Brokers`\n"));
    }

    /// <summary>What a forge makes of headings, so that a link can lead to them.</summary>
    private static string[] AnchorsOf(string page) =>
        [.. page.Split('\n')
            .Where(line => line.StartsWith('#'))
            .Select(line => MarkPattern().Replace(line.TrimStart('#').Trim(), ""))
            .Select(heading => heading.Replace(' ', '-').ToLowerInvariant())];

    [GeneratedRegex(@"[^\w\s-]")]
    private static partial Regex MarkPattern();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();
}
