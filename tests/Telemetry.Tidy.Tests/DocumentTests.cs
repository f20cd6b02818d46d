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
                string target = match.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal))
                {
                    continue;
                }

                links++;
                if (!Path.Exists(Path.Combine(folder, target)))
                {
                    complaints.Add($"{path}: error: link to '{target}' leads nowhere, use a path that exists");
                }
            }
        }

        SourceTree.AssertNone(complaints);
        Assert.True(links > 0, "no document links to another: the pattern has stopped matching");
    }

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();
}
