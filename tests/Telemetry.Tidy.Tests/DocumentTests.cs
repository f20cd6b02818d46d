using System.Text.RegularExpressions;
using Telemetry.Testing;

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

    [Fact]
    public void Projects_and_tests_in_commands_exist()
    {
        var complaints = new List<string>();
        string[] tests = [.. SourceTree.Files("Tests.cs").Select(path => Path.GetFileNameWithoutExtension(path))];
        int commands = 0;
        foreach (string path in SourceTree.Files(".md"))
        {
            foreach (Match match in CommandPattern().Matches(SourceTree.Read(path)))
            {
                commands++;
                string project = match.Groups[1].Value;
                string test = match.Groups[2].Value.Split('.')[^1];
                if (project.Length > 0 && !Directory.Exists(Path.Combine(SourceTree.Root, project)))
                {
                    complaints.Add($"{path}: error: no project '{project}', use one that exists");
                }
                else if (test.Length > 0 && !tests.Contains(test))
                {
                    complaints.Add($"{path}: error: no class of tests '{test}', use one that exists");
                }
            }
        }

        SourceTree.AssertNone(complaints);
        Assert.True(commands > 10, "hardly any command was found: the pattern has stopped matching");
    }

    [Fact]
    public void Suites_that_have_their_seconds_exist()
    {
        string[] suites = [.. DocumentRow.ReadAll("CONTRIBUTING.md")
            .Where(row => row.Section == "Build and test")
            .SelectMany(row => row.Columns[0].Split(", "))
            .Where(suite => suite is not "build of everything" and not "all others")];

        Assert.NotEmpty(suites);
        Assert.All(suites, suite => Assert.True(
            Directory.Exists(Path.Combine(SourceTree.Root, "tests", $"Telemetry.{suite}.Tests")), suite));
    }

    /// <summary>What a forge makes of headings, so that a link can lead to them.</summary>
    private static string[] AnchorsOf(string page) =>
        [.. page.Split('\n')
            .Where(line => line.StartsWith('#'))
            .Select(line => MarkPattern().Replace(line.TrimStart('#').Trim(), ""))
            .Select(heading => heading.Replace(' ', '-').ToLowerInvariant())];

    /// <summary>A project after <c>dotnet</c>'s command, or the class in a filter.</summary>
    [GeneratedRegex(
        @"dotnet (?:test|build|publish|run)[^\n`|]*?\s((?:tests|src|benchmarks)/[\w.]+)|FullyQualifiedName~([\w.]+)")]
    private static partial Regex CommandPattern();

    [GeneratedRegex(@"[^\w\s-]")]
    private static partial Regex MarkPattern();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();
}
