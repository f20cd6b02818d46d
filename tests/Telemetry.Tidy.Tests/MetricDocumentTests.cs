using System.Text.RegularExpressions;
using Telemetry.Testing;

namespace Telemetry.Tidy.Tests;

/// <summary>Metrics and docs/operations/metrics.md name the same.</summary>
public sealed partial class MetricDocumentTests
{
    private const string Document = "docs/operations/metrics.md";

    [Fact]
    public void Each_metric_is_documented_and_each_documented_one_exists()
    {
        string[] named = [.. Sources().SelectMany(path => NamesIn(SourceTree.Read(path)))];
        string[] documented = [.. DocumentRow.ReadAll(Document).SelectMany(row => row.Spans(0))];

        SourceTree.AssertNone(Complaints(named, documented));
        Assert.True(documented.Length > 40, "hardly any metric was found");
    }

    [Fact]
    public void A_difference_is_noticed()
    {
        string[] named = [.. NamesIn("new(\"telemetry_a_total\", 1); new(\"telemetry_b\", 2); $\"telemetry_c_{x}\"")];

        string[] complaints = [.. Complaints(named, ["telemetry_b", "telemetry_b", "telemetry_d"])];

        Assert.Collection(
            complaints,
            text => Assert.Contains("'telemetry_c_{x}' is put together", text, StringComparison.Ordinal),
            text => Assert.Contains("no row for 'telemetry_a_total'", text, StringComparison.Ordinal),
            text => Assert.Contains("no metric 'telemetry_d'", text, StringComparison.Ordinal),
            text => Assert.Contains("'telemetry_b' stands twice", text, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Sources() =>
        SourceTree.Files(".cs").Where(path => path.StartsWith("src/", StringComparison.Ordinal));

    private static IEnumerable<string> NamesIn(string source) =>
        LiteralPattern().Matches(source).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Complaints(string[] named, string[] documented)
    {
        string[] whole = [.. named.Where(name => NamePattern().IsMatch(name)).Distinct()];
        foreach (string name in named.Except(whole))
        {
            yield return $"error: metric '{name}' is put together, use whole names: people search for them";
        }

        foreach (string name in whole.Except(documented))
        {
            yield return $"{Document}: error: no row for '{name}', add it with its meaning";
        }

        foreach (string name in documented.Except(whole))
        {
            yield return $"{Document}: error: no metric '{name}', use one that exists";
        }

        foreach (string name in documented.GroupBy(name => name).Where(same => same.Count() > 1).Select(s => s.Key))
        {
            yield return $"{Document}: error: '{name}' stands twice, use one row";
        }
    }

    [GeneratedRegex("\"(telemetry_[^\"]*)\"")]
    private static partial Regex LiteralPattern();

    [GeneratedRegex("^telemetry(_[a-z0-9]+)+$")]
    private static partial Regex NamePattern();
}
