using System.Globalization;
using System.Text.RegularExpressions;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// docs/research.md as its reader goes through it: every block of commands is run, in one shell and in order, and what
/// stands below one is what it prints.
/// </summary>
public sealed class ResearchTests : ServiceTests
{
    private const string Fence = "=== block ";
    private const int SignificantDigits = 10; // sums are built in another order where roll-ups exist

    private static readonly Regex Blocks = new(
        @"^```sh\n(?<commands>.*?)^```\n(\n```text\n(?<output>.*?)^```\n)?",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant);

    private protected override string[] Arguments =>
        ["--site", Path.Combine(RunningService.Repository, "src", "Telemetry.Site", "default-site.yaml")];

    private string Walk => Path.Combine(Directory.Path, "walk");

    [Fact]
    public async Task The_walk_through_prints_what_it_says()
    {
        string document = await File.ReadAllTextAsync(
            Path.Combine(RunningService.Repository, "docs", "research.md"));
        MatchCollection blocks = Blocks.Matches(document);
        Assert.InRange(blocks.Count, 20, 100);
        Assert.Equal(Regex.Count(document, "^ *```sh", RegexOptions.Multiline), blocks.Count);

        System.IO.Directory.CreateDirectory(Walk);
        string script = Path.Combine(Walk, "walk.sh");
        await File.WriteAllTextAsync(script, ScriptOf(blocks.Select(block => block.Groups["commands"].Value)));
        string printed = await ToolRun.RunAsync("bash", script);

        string[] outputs = [.. printed.Split(Fence).Skip(1).Select(output => output[(output.IndexOf('\n') + 1)..])];
        Assert.Equal(blocks.Count, outputs.Length);
        foreach ((Match block, string output) in blocks.Zip(outputs))
        {
            string commands = block.Groups["commands"].Value;
            Assert.DoesNotContain("error", output, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(
                $"{commands}{Comparable(block.Groups["output"].Value)}", $"{commands}{Comparable(output)}");
        }
    }

    /// <summary>The commands as they stand there, but for ports, and for the place of the executable.</summary>
    private string ScriptOf(IEnumerable<string> blocks)
    {
        string head =
            $$"""
            exec 2>&1
            set -e -o pipefail
            cd '{{Walk}}'
            telemetry() { '{{RunningService.Executable}}' "$@" --url http://127.0.0.1:{{Service.HttpPort}}; }
            mosquitto_pub() { command mosquitto_pub -p {{Service.MqttPort}} "$@"; }

            """;
        IEnumerable<string> numbered = blocks.Select((commands, index) => $"echo '{Fence}{index}'\n{commands}");
        return head + string.Concat(numbered)
            .Replace("127.0.0.1:8080", $"127.0.0.1:{Service.HttpPort}", StringComparison.Ordinal)
            .Replace("out/telemetry", "telemetry", StringComparison.Ordinal);
    }

    private static string Comparable(string output) => Regex.Replace(
        output.TrimEnd(),
        @"-?\d+\.\d+",
        number => double.Parse(number.Value, CultureInfo.InvariantCulture)
            .ToString($"G{SignificantDigits}", CultureInfo.InvariantCulture));
}
