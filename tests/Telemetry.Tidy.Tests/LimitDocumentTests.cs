using System.Globalization;
using System.Text.RegularExpressions;
using Telemetry.Testing;

namespace Telemetry.Tidy.Tests;

/// <summary>
/// Ceilings and docs/operations/limits.md say the same. A row that names <c>Type.Member</c> has its value; each
/// constant of a type called …Limits has a row. What <c>/limits</c> shows is held against it by the tests of Service.
/// </summary>
public sealed partial class LimitDocumentTests
{
    private const string Document = "docs/operations/limits.md";

    private static readonly Constants Code = new(SourceTree.Files(".cs")
        .Where(path => path.StartsWith("src/", StringComparison.Ordinal))
        .Select(SourceTree.Read));

    [Fact]
    public void Each_value_is_that_of_the_code()
    {
        IReadOnlyList<DocumentRow> rows = DocumentRow.ReadAll(Document);

        SourceTree.AssertNone(rows.Select(ComplaintOf).OfType<string>());
        Assert.True(rows.Sum(row => NamesIn(row).Count()) > 40, "the rows name hardly any constant");
    }

    [Fact]
    public void Each_constant_of_a_Limits_type_has_its_row()
    {
        string[] documented = [.. DocumentRow.ReadAll(Document).SelectMany(NamesIn)];
        string[] constants = [.. Code.NamesIn("Limits").Where(name => !IsOfSettings(name))];

        SourceTree.AssertNone(constants.Except(documented).Select(name =>
            $"{Document}: error: no row names '{name}', add it with its value and what happens beyond it"));
        Assert.True(constants.Length > 20, "hardly any constant was found");
    }

    [Theory]
    [InlineData("`x` (`AccessLimits.IdentitiesMax`)", "20,001 identities", "expected 20000, found 20001")]
    [InlineData("`x` (`AccessLimits.IdentitiesMost`)", "20,000 identities", "no number 'AccessLimits.IdentitiesMost'")]
    [InlineData("`x` (`AccessLimits.AuditBytesMax`)", "16 KiB", "expected 16777216, found 16384")]
    [InlineData("`x` (`AccessLimits.AuditBytesMax`)", "16 MiB, 4", "expected 1 numbers, found 2")]
    public void A_row_that_is_not_true_is_noticed(string what, string value, string complaint)
    {
        var row = new DocumentRow(Document, 1, "", [what, value, ""]);

        Assert.Contains(complaint, ComplaintOf(row), StringComparison.Ordinal);
    }

    /// <summary>What one query may take comes from the settings, but for its memory.</summary>
    private static bool IsOfSettings(string name) => name is "QueryLimits.RowCountMax" or "QueryLimits.Duration";

    private static string? ComplaintOf(DocumentRow row)
    {
        string[] names = [.. NamesIn(row)];
        double[] found = [.. NumberPattern().Matches(row.Columns[1]).Select(NumberOf)];
        if (names.Length > 0 && names.Length != found.Length)
        {
            return $"{row.Place}: error: expected {names.Length} numbers, found {found.Length}, "
                + "use as many as constants";
        }

        for (int i = 0; i < names.Length; i++)
        {
            double? expected = Code.ValueOf(names[i]);
            if (expected is null)
            {
                return $"{row.Place}: error: no number '{names[i]}' in the code, use one that exists";
            }

            if (expected != found[i])
            {
                return FormattableString.Invariant(
                    $"{row.Place}: error: '{names[i]}': expected {expected}, found {found[i]}, use what the code has");
            }
        }

        return null;
    }

    private static IEnumerable<string> NamesIn(DocumentRow row) =>
        Enumerable.Range(0, row.Columns.Count)
            .SelectMany(row.Spans)
            .Where(span => MemberPattern().IsMatch(span));

    private static double NumberOf(Match match)
    {
        double unit = match.Groups[2].Value switch
        {
            "KiB" => 1024,
            "MiB" => 1024 * 1024,
            "GiB" => 1024 * 1024 * 1024,
            "min" => 60,
            "days" => 86_400,
            _ => 1,
        };
        return unit * double.Parse(match.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^[A-Z]\w+\.[A-Z]\w+$")]
    private static partial Regex MemberPattern();

    [GeneratedRegex(@"(\d[\d,]*)(?: (KiB|MiB|GiB|min|days)\b)?")]
    private static partial Regex NumberPattern();
}
