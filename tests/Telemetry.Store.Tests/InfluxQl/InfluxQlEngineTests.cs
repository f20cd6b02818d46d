namespace Telemetry.Store.InfluxQl.Tests;

public sealed class InfluxQlEngineTests
{
    private const long Second = 1_000_000_000;
    private static readonly DatabaseNames Names = new("telemetry", "telegraf");

    [Theory]
    [InlineData("CREATE DATABASE telemetry", null)]
    [InlineData("CREATE DATABASE telegraf WITH DURATION 30d", null)]
    [InlineData("CREATE DATABASE mine", "database not found: mine (databases here: telemetry, telegraf)")]
    [InlineData("SELECT v FROM mine..m", "database not found: mine (databases here: telemetry, telegraf)")]
    [InlineData("SHOW TAG KEYS ON mine", "database not found: mine (databases here: telemetry, telegraf)")]
    [InlineData("SELECT v FROM telegraf.autogen.m", null)]
    [InlineData("SELECT v FROM forever.m", "retention policy not found: forever")]
    public void Names_of_the_database_are_known_or_refused(string statement, string? error) =>
        Assert.Equal(error, ResultOf(Ramp(3), statement).Error);

    [Theory]
    [InlineData("DROP MEASUREMENT m", "DROP MEASUREMENT is not supported: ")]
    [InlineData("DELETE FROM m", "DELETE is not supported: ")]
    [InlineData("GRANT ALL TO me", "GRANT is not supported: ")]
    [InlineData("CREATE USER me WITH PASSWORD 'x'", "CREATE USER is not supported: ")]
    [InlineData("SELECT v INTO n FROM m", "SELECT … INTO is not supported: ")]
    [InlineData("SELECT holt_winters(mean(v), 3, 2) FROM m", "holt_winters() is not supported: ")]
    [InlineData("SELECT sample(v, 2) FROM m", "sample() is not supported: ")]
    [InlineData("SHOW DIAGNOSTICS", "SHOW DIAGNOSTICS is not supported: ")]
    [InlineData("SHOW STATS FOR 'x'", "SHOW STATS is not supported: ")]
    public void What_is_not_done_here_is_refused_by_name(string statement, string beginning) =>
        Assert.StartsWith(beginning, ResultOf(Ramp(3), statement).Error);

    [Fact]
    public void A_refused_statement_stops_those_after_it_and_not_those_before()
    {
        QueryAnswer answer = Ask(Ramp(3), "SHOW DATABASES; DROP SERIES FROM m; SELECT v FROM m");

        Assert.Null(answer.Error);
        Assert.Equal(2, answer.Results[0].Series[0].Rows.Count);
        Assert.StartsWith("DROP SERIES is not supported", answer.Results[1].Error);
        Assert.Equal("not executed", answer.Results[2].Error);
    }

    [Fact]
    public void A_query_without_a_database_is_refused() => Assert.Equal(
        "database name required",
        Engine(Ramp(1)).Execute("SELECT v FROM m", new QueryRequest("", "", 0), default).Results[0].Error);

    [Fact]
    public void Chunks_inside_one_window_are_taken_as_their_summaries()
    {
        NaiveSampleSource source = Ramp(1000, chunkCount: 10);
        const string Statement =
            "SELECT count(v), mean(v), min(v), max(v), sum(v), first(v), last(v), spread(v) FROM m";

        object?[] row = ResultOf(source, Statement).Series[0].Rows[0];

        Assert.Equal([0L, 1000L, 499.5, 0.0, 999.0, 499500.0, 0.0, 999.0, 999.0], row);
        Assert.Equal((100, 0), (source.SummaryCount, source.SampleCount));
    }

    [Theory]
    [InlineData("SELECT max(v) FROM m")] // its own time is asked for
    [InlineData("SELECT mean(v) FROM m WHERE v > 5")]
    [InlineData("SELECT median(v) FROM m")]
    [InlineData("SELECT mean(v) FROM m WHERE time < 7s GROUP BY time(3s)")]
    public void Samples_are_read_where_a_summary_would_not_do(string statement)
    {
        NaiveSampleSource source = Ramp(10, chunkCount: 10);

        Assert.Null(ResultOf(source, statement).Error);

        Assert.Equal(0, source.SummaryCount);
        Assert.NotEqual(0, source.SampleCount);
    }

    [Fact]
    public void Limit_stops_the_reading()
    {
        NaiveSampleSource source = Ramp(1000, chunkCount: 10);

        Assert.Equal(3, ResultOf(source, "SELECT v FROM m LIMIT 3").Series[0].Rows.Count);

        Assert.Equal(10, source.SampleCount);
    }

    [Fact]
    public void The_last_rows_are_found_from_the_end()
    {
        StatementResult result =
            ResultOf(Ramp(20_000, chunkCount: 100), "SELECT v FROM m ORDER BY time DESC LIMIT 2 OFFSET 1");

        Assert.Equal([19_998.0, 19_997.0], result.Series[0].Rows.Select(row => (double)row[1]!));
    }

    [Fact]
    public void Unsigned_fields_keep_their_type()
    {
        NaiveSampleSource source = new NaiveSampleSource().Add("m v=18446744073709551615u 0", "m v=5u 1");

        object?[] row = ResultOf(source, "SELECT max(v), min(v) FROM m").Series[0].Rows[0];

        Assert.Equal([0L, ulong.MaxValue, 5UL], row);
    }

    [Fact]
    public void Now_is_what_the_request_says()
    {
        var request = new QueryRequest("telemetry", "", 10 * Second);
        QueryAnswer answer = Engine(Ramp(100)).Execute(
            "SELECT count(v) FROM m WHERE time > now() - 4s GROUP BY time(2s)", request, default);

        Assert.Equal([6, 8, 10], answer.Results[0].Series[0].Rows.Select(row => (long)row[0]! / Second));
        Assert.Equal([1L, 2L, 1L], answer.Results[0].Series[0].Rows.Select(row => row[1]));
    }

    [Theory]
    [InlineData("y > 4", new[] { 0.0, 3.0 })]
    [InlineData("y != 5", new[] { 2.0, 3.0 })] // where y has no sample nothing is true of it
    [InlineData("y > 4 OR x = 1", new[] { 0.0, 1.0, 3.0 })]
    [InlineData("y > 4 AND a = '1'", new[] { 0.0 })]
    public void A_condition_on_another_field_sees_its_sample_of_the_same_time_and_series(
        string condition, double[] found)
    {
        NaiveSampleSource source = new NaiveSampleSource().Add(
            "m,a=1 x=0,y=5 0", "m,a=1 x=1 1", "m,a=1 y=9 2", "m,a=1 x=2,y=1 3", "m,a=2 x=3,y=9 3", "m,a=2 x=4 0");

        StatementResult result = ResultOf(source, $"SELECT x FROM m WHERE {condition}");

        Assert.Equal(found, result.Series[0].Rows.Select(row => (double)row[1]!));
    }

    [Theory]
    [InlineData("time(1d, 16h)")]
    [InlineData("time(1d, -8h)")]
    public void A_day_of_UTC_plus_8_begins_at_16_hours_of_the_day_before(string window)
    {
        NaiveSampleSource source = new NaiveSampleSource().Add("m v=1 57599000000000", "m v=2 57600000000000");

        StatementResult result = ResultOf(
            source,
            $"SELECT count(v) FROM m WHERE time >= 0 AND time < '1970-01-03T00:00:00+08:00' GROUP BY {window}");

        Assert.Equal([-8, 16], result.Series[0].Rows.Select(row => (long)row[0]! / Second / 3600));
        Assert.Equal([1L, 1L], result.Series[0].Rows.Select(row => row[1]));
    }

    [Fact]
    public void A_series_that_comes_later_is_found()
    {
        NaiveSampleSource source = Ramp(1);
        InfluxQlEngine engine = Engine(source);
        engine.Execute("SHOW SERIES", new QueryRequest("telemetry", "", 0), default);

        source.Add("m,new=1 w=1i 5");

        QueryAnswer answer = engine.Execute("SELECT w FROM m", new QueryRequest("telemetry", "", 0), default);
        Assert.Equal([5L, 1L], answer.Results[0].Series[0].Rows[0]);
    }

    [Theory]
    [InlineData(10, 1 << 20, "query row limit")]
    [InlineData(1000, 1000, "query memory limit")]
    public void A_query_beyond_a_ceiling_is_told_which(int rows, long bytes, string limit)
    {
        var limits = new QueryLimits { RowCountMax = rows, BytesMax = bytes };

        Assert.Contains(limit, ResultOf(Ramp(100), "SELECT v FROM m", limits).Error);
    }

    [Fact]
    public void Memory_of_one_group_is_free_for_the_next()
    {
        NaiveSampleSource source = new NaiveSampleSource().Add(
            Enumerable.Range(0, 50).SelectMany(k => Enumerable.Range(0, 100).Select(n => $"m,k={k} v={n} {n}")));
        var limits = new QueryLimits { BytesMax = 40_000 };

        StatementResult result = ResultOf(source, "SELECT median(v) FROM m GROUP BY k", limits);

        Assert.Equal(50, result.Series.Count);
    }

    [Fact]
    public void Windows_without_end_do_not_exhaust_the_memory() => Assert.Contains(
        "query memory limit",
        ResultOf(Ramp(3), "SELECT mean(v) FROM m WHERE time > 0 AND time < 3000w GROUP BY time(1u)").Error);

    [Theory]
    [InlineData("", "1.5 1.5 0 1.5 1.5 1.5")]
    [InlineData("OFFSET 1", "1.5 0 1.5 1.5 1.5 1.5")]
    public void A_limit_bounds_what_is_filled(string offset, string values)
    {
        // Forty years of windows of 90 s are 14 million: more than a query may hold, and six are wanted.
        NaiveSampleSource source = new NaiveSampleSource().Add("m v=0 180000000000");
        string ascending = $"SELECT mean(v) FROM m WHERE time >= 0 AND time < 1262304000s "
            + $"GROUP BY time(90s) fill(1.5) LIMIT 6 {offset}";
        Assert.Equal(values, ValuesOf(ResultOf(source, ascending)));
        Assert.Contains("memory limit", ResultOf(source, ascending.Replace($"LIMIT 6 {offset}", "")).Error);

        StatementResult last = ResultOf(source, ascending.Replace("LIMIT", "ORDER BY time DESC LIMIT"));
        Assert.Equal("1.5 1.5 1.5 1.5 1.5 1.5", ValuesOf(last));
        long skipped = offset.Length == 0 ? 1 : 2;
        Assert.Equal((1_262_304_000L - (90 * skipped)) * 1_000_000_000, last.Series[0].Rows[0][0]);
    }

    [Theory]
    [InlineData("SHOW SERIES")]
    [InlineData("SHOW TAG VALUES WITH KEY = k")]
    public void Names_are_shown_within_the_ceilings_of_any_query(string statement)
    {
        NaiveSampleSource source = new NaiveSampleSource().Add(Enumerable.Range(0, 50).Select(k => $"m,k={k} v=1 {k}"));
        Assert.Contains("query row limit", ResultOf(source, statement, new QueryLimits { RowCountMax = 49 }).Error);
        Assert.Contains("query memory limit", ResultOf(source, statement, new QueryLimits { BytesMax = 100 }).Error);
        var noTime = new QueryLimits { Duration = TimeSpan.FromTicks(-1) };
        Assert.Contains("query time limit", ResultOf(source, statement, noTime).Error);
        Assert.Null(ResultOf(source, statement, new QueryLimits { RowCountMax = 50 }).Error);
    }

    [Fact]
    public void A_query_beyond_its_time_is_told_so()
    {
        var limits = new QueryLimits { Duration = TimeSpan.FromTicks(-1) };

        Assert.Contains("query time limit", ResultOf(Ramp(3), "SELECT v FROM m", limits).Error);
    }

    [Fact]
    public void A_caller_who_gives_up_ends_the_query() => Assert.Throws<OperationCanceledException>(() =>
        Engine(Ramp(3)).Execute(
            "SELECT v FROM m", new QueryRequest("telemetry", "", 0), new CancellationToken(canceled: true)));

    [Fact]
    public void A_nest_of_parentheses_is_refused_before_the_stack_ends()
    {
        string nest = new string('(', 5_000) + "v" + new string(')', 5_000);

        Assert.Contains("nests deeper", Ask(Ramp(1), $"SELECT {nest} FROM m").Error);
    }

    [Fact]
    public void Every_cut_of_a_query_is_answered_with_an_error_or_a_result()
    {
        const string Query = "SELECT mean(v) AS x, max(\"v\") FROM telemetry.autogen.m, /m/ WHERE (time > '2020-01-01' "
            + "OR a =~ /b\\/c/) AND v <= -1.5e GROUP BY time(1m, 5s), *, /x/ fill(-1) ORDER BY time DESC LIMIT 5; SHOW "
            + "TAG VALUES FROM m WITH KEY IN (a, b) WHERE c != 'd'";
        NaiveSampleSource source = Ramp(3);
        for (int end = 0; end <= Query.Length; end++)
        {
            QueryAnswer answer = Ask(source, Query[..end]);
            Assert.True(answer.Error is null || answer.Error.StartsWith("error parsing query: "), Query[..end]);
        }
    }

    internal static NaiveSampleSource Ramp(int count, int chunkCount = int.MaxValue) =>
        new NaiveSampleSource(chunkCount).Add(Enumerable.Range(0, count).Select(n => $"m v={n} {n * Second}"));

    internal static QueryAnswer Ask(ISampleSource source, string query, QueryLimits? limits = null) =>
        Engine(source, limits).Execute(query, new QueryRequest("telemetry", "", 1_000_000 * Second), default);

    private static StatementResult ResultOf(ISampleSource source, string statement, QueryLimits? limits = null)
    {
        QueryAnswer answer = Ask(source, statement, limits);
        Assert.Null(answer.Error);
        return Assert.Single(answer.Results);
    }

    private static string ValuesOf(StatementResult result)
    {
        Assert.Null(result.Error);
        return string.Join(' ', Assert.Single(result.Series).Rows.Select(row => row[1]));
    }

    private static InfluxQlEngine Engine(ISampleSource source, QueryLimits? limits = null) =>
        new(source, limits ?? new QueryLimits(), Names);
}
