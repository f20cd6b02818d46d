using System.Diagnostics;

namespace Telemetry.Tidy.Tests;

/// <summary>What lies in the repository: nothing large, and no vectors that nobody reads.</summary>
public sealed class FileTests
{
    private const int BytesMax = 200 * 1024; // what is larger is a build's output, or belongs to a registry
    private const string VectorFolder = "tests/vectors/";

    [Fact]
    public void No_file_in_git_is_large()
    {
        string[] tracked = TrackedFiles();

        Assert.NotEmpty(tracked);
        SourceTree.AssertNone(tracked
            .Select(path => new FileInfo(Path.Combine(SourceTree.Root, path)))
            .Where(file => file.Exists && file.Length > BytesMax)
            .Select(file => $"{file.FullName}: error: {file.Length} bytes, use at most {BytesMax}"));
    }

    [Fact]
    public void Every_file_of_vectors_is_read_by_a_test()
    {
        string[] tests = [.. SourceTree.Files(".cs")
            .Where(path => path.StartsWith("tests/", StringComparison.Ordinal))
            .Select(SourceTree.Read)];
        string[] vectors = [.. SourceTree.Files(".txt")
            .Where(path => path.StartsWith(VectorFolder, StringComparison.Ordinal))
            .Select(path => path[VectorFolder.Length..])];

        Assert.NotEmpty(vectors);
        SourceTree.AssertNone(vectors
            .Where(vector => !tests.Any(test => Reads(test, vector)))
            .Select(vector => $"{VectorFolder}{vector}: error: no test reads it, use it or remove it"));
    }

    [Theory]
    [InlineData("VectorFile.Read(\"json/samples.txt\")", true)]
    [InlineData("Path.Combine(AppContext.BaseDirectory, \"vectors\", \"json\")", true)]
    [InlineData("VectorFile.Read(\"json/other.txt\")", false)]
    [InlineData("Path.Combine(AppContext.BaseDirectory, \"vectors\", \"mqtt\")", false)]
    public void A_test_reads_a_file_by_its_name_or_with_its_whole_folder(string test, bool expected)
    {
        Assert.Equal(expected, Reads(test, "json/samples.txt"));
    }

    private static bool Reads(string test, string vector)
    {
        string folder = vector.Split('/')[0];
        return test.Contains($"\"{vector}\"", StringComparison.Ordinal)
            || test.Contains($"\"vectors\", \"{folder}\"", StringComparison.Ordinal);
    }

    private static string[] TrackedFiles()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "-z"])
        {
            WorkingDirectory = SourceTree.Root,
            RedirectStandardOutput = true,
        };
        using Process git = Process.Start(start)!;
        return git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }
}
