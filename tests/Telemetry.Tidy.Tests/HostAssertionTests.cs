namespace Telemetry.Tidy.Tests;

/// <summary>Every assertion of Sparkplug for host applications stands in its page with a proof that exists.</summary>
public sealed class HostAssertionTests
{
    private const string Page = "docs/protocol/sparkplug-host.md";
    private const string Ids = "sparkplug/host-assertions.txt";
    private const int Count = 92;

    private static readonly StatementProofs Proofs = new(SourceTree.Files(".cs"), SourceTree.Read);

    [Fact]
    public void Every_assertion_has_its_row_and_its_proof()
    {
        string[] lines = SourceTree.Read($"tests/vectors/{Ids}").Split('\n');
        string[] ids = [.. lines.Where(line => line.Length > 0 && line[0] != '#')];
        StatementRow[] rows = StatementRow.ReadAll(SourceTree.Read(Page), "| tck-id-");

        Assert.Equal(Count, ids.Distinct().Count());
        Assert.Equal(ids.Order(StringComparer.Ordinal), rows.Select(row => row.Id).Order(StringComparer.Ordinal));
        SourceTree.AssertNone(rows
            .Select(row => (row.Line, Text: row.Complaint() ?? Proofs.ComplaintOf(row, "")))
            .Where(complaint => complaint.Text is not null)
            .Select(complaint => $"{Page}:{complaint.Line}: error: {complaint.Text}"));
    }
}
