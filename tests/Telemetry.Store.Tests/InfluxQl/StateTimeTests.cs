using System.Globalization;

namespace Telemetry.Store.InfluxQl.Tests;

/// <summary>Time in state and share of good samples, which InfluxDB has not.</summary>
public sealed class StateTimeTests
{
    private const long Second = 1_000_000_000;

    /// <summary>A valve that reports changes: open at 10, shut at 40, open at 100 s; it is asked at 1000 s.</summary>
    private static readonly string[] Valve =
        ["m,a=1 open=true,pos=90 10", "m,a=1 open=false,pos=0 40", "m,a=1 open=true,pos=95 100"];

    private static readonly string[] Words =
        ["m,a=1 s=\"RUN\",n=3i,u=3u 0", "m,a=1 s=\"IDLE\",n=2i,u=2u 10", "m,a=1 s=\"RUN SLOW\",n=3i,u=3u 25"];

    [Theory]
    [InlineData("open = true", "", "0:930")] // 10 to 40, and 100 to the moment it is asked
    [InlineData("open != true", "", "0:60")]
    [InlineData("open = true", "WHERE time < 120s", "0:50")]
    [InlineData("open = true", "WHERE time >= 0s AND time < 150s GROUP BY time(50s)", "0:30 50:0 100:50")]
    [InlineData("open = false", "WHERE time >= 0s AND time < 150s GROUP BY time(50s)", "0:10 50:50 100:0")]
    [InlineData("open = true", "WHERE time >= 20s AND time < 120s", "20:40")] // 10 to 40 began before
    [InlineData("open = true", "WHERE time >= 50s AND time < 90s", "50:0")] // nothing came in it, and it was shut
    [InlineData("open = true", "WHERE time >= 500s AND time < 600s GROUP BY time(50s)", "500:50 550:50")]
    [InlineData("open = true", "WHERE time >= 900s GROUP BY time(60s)", "900:60 960:40")] // not into the future
    [InlineData("open = true", "WHERE time >= 0s AND time < 5s", "")] // before all that is known
    [InlineData("open = true", "WHERE time >= 0s AND time < 100s GROUP BY time(5s) LIMIT 3", "0:- 5:- 10:5")]
    [InlineData("open = true", "WHERE time >= 0s AND time < 150s GROUP BY time(50s) ORDER BY time DESC",
        "100:50 50:0 0:30")]
    public void A_value_lasts_until_the_next_one(string state, string rest, string expected) =>
        Assert.Equal(expected, RowsOf(Valve, $"SELECT time_in_state({state}) FROM m {rest}"));

    [Theory]
    [InlineData("20s", "WHERE time < 200s", "0:40")] // 10 to 30, 100 to 120
    [InlineData("1h", "WHERE time < 200s", "0:130")]
    [InlineData("20s", "WHERE time >= 25s AND time < 35s", "25:5")]
    [InlineData("20s", "WHERE time >= 30s AND time < 35s", "")]
    [InlineData("20s", "WHERE time >= 0s AND time < 150s GROUP BY time(10s) LIMIT 4 OFFSET 9",
        "90:- 100:10 110:10 120:-")]
    public void With_a_span_a_value_lasts_no_longer_and_a_gap_is_no_state(
        string longest, string rest, string expected) =>
        Assert.Equal(expected, RowsOf(Valve, $"SELECT time_in_state(open = true, {longest}) FROM m {rest}"));

    [Theory]
    [InlineData("s = 'RUN'", "0:10")]
    [InlineData("s =~ /^RUN/", "0:15")]
    [InlineData("s !~ /^RUN/", "0:15")]
    [InlineData("n = 3", "0:15")]
    [InlineData("n = 2.5", "0:0")]
    [InlineData("n < 2.5", "0:15")]
    [InlineData("u >= 3", "0:15")]
    [InlineData("n > -1", "0:30")]
    [InlineData("n::float > 2.5", "0:15")]
    [InlineData("a = '1'", "")] // a tag is no field
    [InlineData("none > 5", "")]
    public void States_are_values_of_any_type(string state, string expected) =>
        Assert.Equal(expected, RowsOf(Words, $"SELECT time_in_state({state}) FROM m WHERE time < 30s"));

    [Fact]
    public void Series_of_a_group_add_up_and_groups_do_not()
    {
        string[] lines = [.. Valve, "m,a=2 open=true 0", "m,a=2 open=false 90"];
        const string Statement = "SELECT time_in_state(open = true) FROM m WHERE time < 100s";
        Assert.Equal("0:120", RowsOf(lines, Statement));
        Assert.Equal("0:30 0:90", RowsOf(lines, $"{Statement} GROUP BY a"));
    }

    [Theory]
    [InlineData("SELECT time_in_state(pos > 50) FROM m WHERE time < 100s", "0:30")]
    [InlineData("SELECT time_in_state(pos > 50) / 60 AS minutes FROM m WHERE time < 100s", "0:0.5")]
    [InlineData("SELECT time_in_state(pos > 50) / time_in_state(pos >= 0) FROM m WHERE time < 110s", "0:0.4")]
    [InlineData("SELECT time_in_state(pos > 50) FROM m WHERE pos > 0 AND time < 100s", "0:90")] // 0 is not looked at
    [InlineData("SELECT time_in_state(pos > 50) FROM m WHERE pos > 0 AND time >= 50s AND time < 60s", "50:10")]
    [InlineData("SELECT time_in_state(pos > 50) FROM m WHERE pos > 99 AND time < 60s", "")]
    [InlineData("SELECT cumulative_sum(time_in_state(pos > 50)) FROM m WHERE time >= 0s AND time < 150s "
        + "GROUP BY time(50s)", "0:30 50:30 100:80")]
    [InlineData("SELECT max(t) FROM (SELECT time_in_state(pos > 50) AS t FROM m WHERE time < 150s GROUP BY time(50s))",
        "100:50")]
    [InlineData("SELECT time_in_state(max > 50) FROM (SELECT max(pos) FROM m WHERE time >= 0s AND time < 150s "
        + "GROUP BY time(50s)) WHERE time < 150s", "0:150")]
    public void It_stands_where_functions_stand(string statement, string expected) =>
        Assert.Equal(expected, RowsOf(Valve, statement));

    [Theory]
    [InlineData("time_in_state(open)", "time_in_state() expects a field compared with a constant")]
    [InlineData("time_in_state(pos > 1 AND pos < 5)", "time_in_state() expects a field compared with a constant")]
    [InlineData("time_in_state(pos > open)", "time_in_state() expects a field compared with a constant")]
    [InlineData("time_in_state(quality(pos) > 1)", "time_in_state() expects a field compared with a constant")]
    [InlineData("time_in_state(/o/ > 1)", "time_in_state() expects a field compared with a constant")]
    [InlineData("time_in_state(pos > 1, 5)", "second argument must be a duration")]
    [InlineData("time_in_state(pos > 1, -5s)", "duration argument must be positive")]
    [InlineData("time_in_state(pos > 1, 5s, 5s)", "invalid number of arguments for time_in_state")]
    [InlineData("time_in_state(open = 1)",
        "time_in_state() cannot compare open = 1: it is of type boolean; expected = or != and true or false")]
    [InlineData("time_in_state(open > true)", "time_in_state() cannot compare open > True")]
    [InlineData("time_in_state(pos = 'high')", "time_in_state() cannot compare pos = 'high'")]
    [InlineData("good_share(pos, 1)", "invalid number of arguments for good_share, expected 1, got 2")]
    public void What_has_no_answer_is_refused_in_words(string call, string beginning) =>
        Assert.StartsWith(beginning, AnswerTo(Valve, $"SELECT {call} FROM m").Error);

    [Fact]
    public void The_share_of_good_samples_is_given_by_window_and_of_every_type()
    {
        NaiveSampleSource source = new NaiveSampleSource()
            .Add("m t=1,s=\"a\",b=true,n=1i 0", $"m t=2,s=\"b\",b=true,n=2i {Second}")
            .Add($"m t=3,s=\"c\",b=true,n=3i {2 * Second}", $"m t=4,s=\"d\",b=true,n=4i {3 * Second}")
            .With(Second, new Mark(Model.Quality.Bad))
            .With(2 * Second, new Mark(Model.Quality.Uncertain));
        const string Windows = "FROM m WHERE time >= 0s AND time < 6s GROUP BY time(2s)";
        Assert.Equal("0:0.5 2:0.5 4:-", RowsOf(AnswerTo(source, $"SELECT good_share(t) {Windows}")));
        Assert.Equal("0:1 2:-", RowsOf(AnswerTo(
            source, "SELECT good_share(t) FROM m WHERE quality(t) >= 192 AND time >= 0s AND time < 4s AND t < 2 "
                + "GROUP BY time(2s)")));
        StatementResult all = AnswerTo(source, "SELECT good_share(*) FROM m");
        Assert.Equal(["time", "good_share_b", "good_share_n", "good_share_s", "good_share_t"], all.Series[0].Columns);
        Assert.Equal([0L, 0.5, 0.5, 0.5, 0.5], all.Series[0].Rows[0]);
    }

    [Theory]
    [InlineData("good_share(mean)")]
    [InlineData("derivative(good_share(mean), 1s)")]
    [InlineData("abs(good_share(mean))")]
    public void The_values_of_a_sub_query_have_no_share_of_good_samples(string call)
    {
        string statement = $"SELECT {call} FROM (SELECT mean(pos) FROM m) WHERE time >= 0s AND time < 9s "
            + "GROUP BY time(1s)";
        Assert.Contains("ask in the sub-query", AnswerTo(Valve, statement).Error);
    }

    [Fact]
    public void Windows_that_a_value_lasts_through_count_for_the_ceiling()
    {
        var limits = new QueryLimits { BytesMax = 100_000 };
        const string Statement = "SELECT time_in_state(open = true) FROM m WHERE time >= 0s GROUP BY time(1s)";
        Assert.Contains("query memory limit", AnswerTo(Valve, Statement, limits).Error);
    }

    private static StatementResult AnswerTo(string[] lines, string statement, QueryLimits? limits = null)
    {
        var source = new NaiveSampleSource();
        source.Add(lines.Select(line => line + "000000000")); // written in seconds
        return AnswerTo(source, statement, limits);
    }

    private static StatementResult AnswerTo(ISampleSource source, string statement, QueryLimits? limits = null)
    {
        var engine = new InfluxQlEngine(source, limits ?? new QueryLimits(), new DatabaseNames("telemetry"));
        QueryAnswer answer = engine.Execute(statement, new QueryRequest("telemetry", "", 1_000 * Second), default);
        Assert.Null(answer.Error);
        return answer.Results[0];
    }

    private static string RowsOf(string[] lines, string statement) => RowsOf(AnswerTo(lines, statement));

    /// <summary>Rows as <c>seconds:value</c>.</summary>
    private static string RowsOf(StatementResult result)
    {
        Assert.Null(result.Error);
        IEnumerable<object?[]> rows = result.Series.SelectMany(series => series.Rows);
        return string.Join(' ', rows.Select(row => string.Create(
            CultureInfo.InvariantCulture, $"{(long)row[0]! / Second}:{row[1] ?? "-"}")));
    }
}
