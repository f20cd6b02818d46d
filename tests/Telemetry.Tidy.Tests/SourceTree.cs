using System.Runtime.CompilerServices;

namespace Telemetry.Tidy.Tests;

/// <summary>The repository's files as the tidy tests see them.</summary>
internal static class SourceTree
{
    private static readonly string[] Skipped = ["artifacts", "node_modules", ".git", "BenchmarkDotNet.Artifacts"];

    /// <summary>The folder that holds Telemetry.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All files with one of the endings, as paths relative to the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files(params string[] endings) =>
        [.. Walk(new DirectoryInfo(Root))
            .Where(file => endings.Any(ending => file.Name.EndsWith(ending, StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Fails with every complaint, one per line, or passes when there is none.</summary>
    public static void AssertNone(IEnumerable<string> complaints)
    {
        string[] all = [.. complaints];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles())
        {
            yield return file;
        }

        foreach (DirectoryInfo child in folder.EnumerateDirectories().Where(child => !Skipped.Contains(child.Name)))
        {
            foreach (FileInfo file in Walk(child))
            {
                yield return file;
            }
        }
    }

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        for (DirectoryInfo? folder = new FileInfo(thisFile).Directory; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Telemetry.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Telemetry.sln above {thisFile}");
    }
}
