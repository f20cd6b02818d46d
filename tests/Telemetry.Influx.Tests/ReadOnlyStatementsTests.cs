namespace Telemetry.Influx.Tests;

public sealed class ReadOnlyStatementsTests
{
    [Theory]
    [InlineData("SELECT v FROM m")]
    [InlineData("  select mean(v) from \"drop\" where t = 'into; DELETE' group by time(1h)")]
    [InlineData("SHOW DATABASES; SELECT v FROM m;")]
    [InlineData("SELECT v FROM m WHERE t =~ /a.b/ AND u = 'it\\'s'")]
    [InlineData("SELECT a / b FROM m")]
    [InlineData("SELECT settings, dropped FROM inlet")]
    public void What_only_reads_is_passed_on(string statements) => Assert.Null(ReadOnlyStatements.FaultOf(statements));

    [Theory]
    [InlineData("DROP MEASUREMENT m", "DROP")]
    [InlineData("SELECT v INTO b FROM m", "INTO")]
    [InlineData("SELECT v FROM m; DELETE FROM m", "DELETE")]
    [InlineData("select v\ninto\nb from m", "INTO")]
    [InlineData("SELECT v FROM m WHERE t = 'x' ; ALTER RETENTION POLICY a ON b DURATION 1h", "ALTER")]
    [InlineData("SELECT v FROM m WHERE t =~ /'/; DROP MEASUREMENT m WHERE u = '", "DROP")]
    [InlineData("SELECT v FROM m WHERE t =~ /\"/; KILL QUERY 5 --\"", "KILL")]
    [InlineData("SELECT v FROM m -- ' \n; DROP MEASUREMENT m --'", "comment")]
    [InlineData("SELECT v /* ' */ INTO b FROM m /* ' */", "comment")]
    [InlineData("EXPLAIN SELECT v FROM m", "'EXPLAIN'")]
    [InlineData("SELECT v FROM m; 'x'", "''")]
    [InlineData("SET PASSWORD FOR a = 'b'", "SET")]
    [InlineData("CREATE DATABASE d", "CREATE")]
    public void What_changes_something_or_may_is_not(string statements, string word) =>
        Assert.Contains(word, ReadOnlyStatements.FaultOf(statements), StringComparison.Ordinal);
}
