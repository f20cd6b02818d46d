namespace Telemetry.Tidy.Tests;

/// <summary>
/// One row of a page of statements: <c>| id | what | role | proof |</c>. A proof is code spans, each a test or a
/// vector; or the reason why there is none, behind <c>n/a:</c>.
/// </summary>
internal sealed record StatementRow(int Line, string Id, string What, string Role, string Proof)
{
    private const string MqttStart = "| MQTT-";
    private const string NotApplicable = "n/a:";
    private const int WordsMax = 14; // what a statement says in our words, not a copy of it

    private static readonly string[] Roles = ["server", "client", "both", "host"];

    public bool IsNotApplicable => Proof.StartsWith(NotApplicable, StringComparison.Ordinal);

    public bool IsProved => !IsNotApplicable;

    /// <summary>The tests and vectors that it names.</summary>
    public string[] Spans =>
        [.. Proof.Split(',', StringSplitOptions.TrimEntries).Select(span => span.Trim('`'))];

    public static StatementRow[] ReadAll(string page, string rowStart = MqttStart)
    {
        string[] lines = page.Split('\n');
        return
        [
            .. Enumerable.Range(0, lines.Length)
                .Where(i => lines[i].StartsWith(rowStart, StringComparison.Ordinal))
                .Select(i => Read(lines[i], i + 1)),
        ];
    }

    /// <summary>What is wrong with the row by itself; null when nothing is.</summary>
    public string? Complaint()
    {
        int words = What.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        bool isWithoutReason = Proof is "" or NotApplicable;
        return words == 0 ? $"{Id} says nothing, say in a few words what it asks for"
            : words > WordsMax ? $"{Id} says it in {words} words, use at most {WordsMax}"
            : !Roles.Contains(Role) ? $"'{Role}' is no role, use {string.Join(", ", Roles)}"
            : isWithoutReason ? $"{Id} has no proof, name a test or a vector, or why it does not apply"
            : null;
    }

    private static StatementRow Read(string line, int number)
    {
        string[] columns = line.Split('|', StringSplitOptions.TrimEntries);
        return columns.Length == 6
            ? new StatementRow(number, columns[1], columns[2], columns[3], columns[4])
            : throw new FormatException($"line {number}: expected four columns, found {columns.Length - 2}: {line}");
    }
}
