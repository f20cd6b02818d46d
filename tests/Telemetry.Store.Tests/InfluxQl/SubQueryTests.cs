using Telemetry.Model;

namespace Telemetry.Store.InfluxQl.Tests;

public sealed class SubQueryTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData("SELECT sum(v) FROM (SELECT v FROM m)", 100, 1 << 20, "query row limit")]
    [InlineData("SELECT sum(v) FROM (SELECT v FROM m)", 1_000_000, 20_000, "query memory limit")]
    [InlineData("SELECT sum(x) FROM (SELECT sum(v) AS x FROM (SELECT v FROM m))", 100, 1 << 20, "query row limit")]
    public void Ceilings_hold_inside(string statement, int rows, long bytes, string limit)
    {
        NaiveSampleSource source = InfluxQlEngineTests.Ramp(1_000);

        Assert.Contains(limit, ErrorOf(source, statement, new QueryLimits { RowCountMax = rows, BytesMax = bytes }));
        Assert.Null(ErrorOf(source, statement, new QueryLimits()));
    }

    [Fact]
    public void The_time_limit_holds_inside() => Assert.Contains(
        "query time limit",
        ErrorOf(
            InfluxQlEngineTests.Ramp(3),
            "SELECT sum(v) FROM (SELECT v FROM m)",
            new QueryLimits { Duration = TimeSpan.FromTicks(-1) }));

    [Fact]
    public void The_rows_of_one_group_are_free_for_the_next()
    {
        NaiveSampleSource source = new NaiveSampleSource().Add(
            Enumerable.Range(0, 50).SelectMany(k => Enumerable.Range(0, 100).Select(n => $"m,k={k} v={n} {n}")));
        var limits = new QueryLimits { BytesMax = 600_000 }; // 5,000 rows of two cells are more than that

        Assert.Null(ErrorOf(source, "SELECT sum(v) FROM (SELECT v FROM m GROUP BY k)", limits));
    }

    [Fact]
    public void A_nest_of_sub_queries_is_refused_before_the_stack_ends()
    {
        string nest = string.Concat(Enumerable.Repeat("SELECT v FROM (", 5_000)) + "SELECT v FROM m";

        Assert.Contains(
            "sub-queries nest deeper than 20 levels",
            InfluxQlEngineTests.Ask(InfluxQlEngineTests.Ramp(1), nest).Error);
    }

    [Fact]
    public void Where_values_come_from_is_asked_inside()
    {
        NaiveSampleSource source = InfluxQlEngineTests.Ramp(4).With(2 * Second, new Mark(Quality.Bad));

        Assert.Equal(
            4.0,
            ValueOf(source, "SELECT sum(v) FROM (SELECT v, quality(v) AS q FROM m) WHERE q >= 192"));
        Assert.Equal(64L + 128, ValueOf(source, "SELECT max(quality) FROM (SELECT quality(v) FROM m)"));
        Assert.StartsWith(
            "quality(v) asks where a stored value comes from",
            ErrorOf(source, "SELECT quality(v) FROM (SELECT v FROM m)", new QueryLimits()));
    }

    [Fact]
    public void Rows_of_one_time_stay_apart()
    {
        NaiveSampleSource source = new NaiveSampleSource().Add("m,k=a v=1,w=10 5", "m,k=b v=2,w=20 5", "m,k=c v=3 5");

        QueryAnswer answer = InfluxQlEngineTests.Ask(source, "SELECT v, w FROM (SELECT v, w FROM m) WHERE v > 1");

        Assert.Equal(
            [[5L, 2.0, 20.0], [5L, 3.0, null]],
            answer.Results[0].Series[0].Rows);
    }

    [Fact]
    public void A_measurement_beside_a_sub_query_is_refused_by_name() => Assert.StartsWith(
        "a measurement beside a sub-query is not supported",
        ErrorOf(InfluxQlEngineTests.Ramp(1), "SELECT v FROM m, (SELECT v FROM m)", new QueryLimits()));

    [Theory]
    [InlineData("""{"k":"a"}""", "SELECT v FROM m WHERE k = $k", 1.0)]
    [InlineData("""{"k":"a' OR k = 'b"}""", "SELECT v FROM m WHERE k = $k", null)]
    [InlineData("""{"k":{"regex":"^b$"}}""", "SELECT v FROM m WHERE k =~ $k", 2.0)]
    [InlineData("""{"f":{"identifier":"v"}}""", "SELECT max($f) FROM m", 2.0)]
    [InlineData("""{"n":1.5}""", "SELECT v FROM m WHERE v > $\"n\"", 2.0)]
    [InlineData("""{"t":{"duration":"1h"}}""", "SELECT max(v) FROM m WHERE time >= 0 AND time < $t", 2.0)]
    public void Parameters_stand_for_values_and_for_nothing_else(string parameters, string statement, object? expected)
    {
        QueryAnswer answer = AskWith(parameters, statement);

        Assert.Null(answer.Error);
        Assert.Equal(expected, answer.Results[0].Series is [var series] ? series.Rows[0][1] : null);
    }

    [Theory]
    [InlineData("oops", "error parsing query parameters: ")]
    [InlineData("[1]", "error parsing query parameters: expected an object")]
    [InlineData("""{"k":[1]}""", "error parsing query parameters: unable to bind parameter k")]
    [InlineData("""{"k":{"a":1,"b":2}}""", "error parsing query parameters: bound object parameter value")]
    [InlineData("""{"k":{"integer":1.5}}""", "error parsing query parameters: unable to bind parameter k")]
    [InlineData("""{"other":1}""", "error parsing query: missing parameter: k")]
    [InlineData("", "error parsing query: missing parameter: k")]
    public void Wrong_parameters_are_refused(string parameters, string beginning) =>
        Assert.StartsWith(beginning, AskWith(parameters, "SELECT v FROM m WHERE k = $k").Error);

    private static QueryAnswer AskWith(string parameters, string statement)
    {
        NaiveSampleSource source = new NaiveSampleSource().Add("m,k=a v=1 5", "m,k=b v=2 6");
        var engine = new InfluxQlEngine(source, new QueryLimits(), new DatabaseNames("telemetry"));
        return engine.Execute(statement, new QueryRequest("telemetry", "", 1_000, parameters), default);
    }

    private static string? ErrorOf(ISampleSource source, string statement, QueryLimits limits) =>
        InfluxQlEngineTests.Ask(source, statement, limits).Results[0].Error;

    private static object? ValueOf(ISampleSource source, string statement) =>
        InfluxQlEngineTests.Ask(source, statement).Results[0].Series[0].Rows[0][1];
}
