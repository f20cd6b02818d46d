using System.Globalization;
using Xunit.Abstractions;

namespace Telemetry.Tidy.Tests;

/// <summary>Every normative statement of both MQTT standards stands in its page with a proof that exists.</summary>
public sealed class StatementTests(ITestOutputHelper output)
{
    private const string IdsPath = "tests/vectors/mqtt/statements.txt";

    private static readonly StatementProofs Proofs = new(SourceTree.Files(".cs"), SourceTree.Read);

    [Theory]
    [InlineData("3.1.1", 141)] // appendix B of each standard
    [InlineData("5.0", 251)]
    public void Every_statement_has_its_row_and_its_proof(string level, int expectedCount)
    {
        string[] ids = IdsOf(level);
        StatementRow[] rows = StatementRow.ReadAll(SourceTree.Read(PageOf(level)));

        Assert.Equal(expectedCount, ids.Distinct().Count());
        Report(level, rows);
        SourceTree.AssertNone(Complaints(level, ids, rows));
    }

    [Theory]
    [InlineData("| MQTT-9.9.9-1 | x | server | n/a: y |", "no row for MQTT-1.1.1-1")]
    [InlineData("| MQTT-9.9.9-1 | x | server | n/a: y |", "MQTT-9.9.9-1 is no statement")]
    [InlineData("| MQTT-1.1.1-1 | | server | n/a: y |", "says nothing")]
    [InlineData("| MQTT-1.1.1-1 | x | broker | n/a: y |", "'broker' is no role")]
    [InlineData("| MQTT-1.1.1-1 | x | server | |", "no proof")]
    [InlineData("| MQTT-1.1.1-1 | x | server | n/a: |", "no proof")]
    [InlineData("| MQTT-1.1.1-1 | x | server | soon |", "'soon' is no proof")]
    [InlineData("| MQTT-1.1.1-1 | x | server | open: y |", "'open: y' is no proof")]
    [InlineData("| MQTT-1.1.1-1 | x | server | `Tidy:StatementTests.None` |", "no test 'Tidy:StatementTests.None'")]
    [InlineData("| MQTT-1.1.1-1 | x | server | `Tidy:Statement.Report` |", "no test 'Tidy:Statement.Report'")]
    [InlineData("| MQTT-1.1.1-1 | x | server | `vectors/mqtt/framing.txt#§0` |", "no vector")]
    [InlineData("| MQTT-1.1.1-1 | x | server | `vectors/mqtt/none.txt#§0` |", "no vector")]
    [InlineData("| MQTT-1.1.1-1 | x | server | `vectors/mqtt/ending.txt#§3.14.1 of 3.1.1` |", "no vector")]
    [InlineData("| MQTT-1.1.1-1 | x | both | n/a: y |\n| MQTT-1.1.1-1 | x | both | n/a: y |", "stands twice")]
    public void A_row_that_proves_nothing_is_noticed(string page, string complaint)
    {
        StatementRow[] rows = StatementRow.ReadAll(page);

        string[] complaints = [.. Complaints("5.0", ["MQTT-1.1.1-1"], rows)];

        Assert.Contains(complaints, text => text.Contains(complaint, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("n/a: y")]
    [InlineData("`Tidy:StatementTests.A_row_that_proves_something_is_not`")]
    [InlineData("`vectors/mqtt/framing.txt#MQTT-3.8.1-1`, `vectors/mqtt/ending.txt#§3.14.2.2.5`")]
    public void A_row_that_proves_something_is_not(string proof)
    {
        StatementRow[] rows = StatementRow.ReadAll($"| MQTT-1.1.1-1 | x | server | {proof} |");

        SourceTree.AssertNone(Complaints("5.0", ["MQTT-1.1.1-1"], rows));
    }

    private static string PageOf(string level) => $"docs/protocol/statements-{level}.md";

    private static string[] IdsOf(string level) =>
        [.. SourceTree.Read(IdsPath)
            .Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(columns => columns[0] == level)
            .Select(columns => columns[1])];

    private static IEnumerable<string> Complaints(string level, string[] ids, StatementRow[] rows)
    {
        string page = PageOf(level);
        foreach (string id in ids.Except(rows.Select(row => row.Id)))
        {
            yield return $"{page}: error: no row for {id}, add it with its proof";
        }

        foreach (string id in rows.GroupBy(row => row.Id).Where(same => same.Count() > 1).Select(same => same.Key))
        {
            yield return $"{page}: error: {id} stands twice, use one row";
        }

        foreach (StatementRow row in rows)
        {
            string? complaint = ids.Contains(row.Id)
                ? row.Complaint() ?? Proofs.ComplaintOf(row, level)
                : $"{row.Id} is no statement of {level}";
            if (complaint is not null)
            {
                yield return $"{page}:{row.Line}: error: {complaint}";
            }
        }
    }

    private void Report(string level, StatementRow[] rows)
    {
        int Count(Func<StatementRow, bool> isMeant) => rows.Count(isMeant);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"MQTT {level}: {rows.Length} statements, {Count(r => r.IsProved)} proved, "
            + $"{Count(r => r.IsNotApplicable)} do not apply"));
    }
}
