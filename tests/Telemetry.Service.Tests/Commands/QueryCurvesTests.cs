using System.Text.Json;

namespace Telemetry.Service.Tests.Commands;

public sealed class QueryCurvesTests
{
    private const string Site =
        """
        {"signals":[
          {"measurement":"WX","field":"air_temp","unit":"Cel"}, {"measurement":"WX","field":"dew","unit":"Cel"},
          {"measurement":"WX","field":"wind_speed","unit":"m/s"}, {"measurement":"CR1","field":"air_temp","unit":"K"}]}
        """;

    [Theory]
    [InlineData("SELECT air_temp, wind_speed FROM WX", "WX air_temp [Cel]|WX wind_speed [m/s]")]
    [InlineData(
        "SELECT mean(air_temp), max(\"wind_speed\") FROM WX", "WX mean(air_temp) [Cel]|WX max(\"wind_speed\") [m/s]")]
    [InlineData(
        "select air_temp - dew, percentile(dew, 95) from WX", "WX air_temp - dew [Cel]|WX percentile(dew, 95) [Cel]")]
    [InlineData("SELECT mean(air_temp) AS t, count(dew) FROM WX tz('Asia/Seoul')", "WX a [Cel]|WX count(dew) []")]
    [InlineData("SELECT air_temp * dew, derivative(dew, 1h) FROM WX", "WX air_temp * dew []|WX derivative(dew, 1h) []")]
    [InlineData("SELECT max(mean), dewpoint FROM (SELECT mean(dew) FROM WX)", "WX max(mean) []|WX dewpoint []")]
    [InlineData("SELECT * FROM WX", "WX a []|WX b []")]
    public void Columns_are_called_as_asked_for_with_the_unit_of_their_field(string statement, string expected)
    {
        const string Answer =
            """
            {"results":[{"series":[{"name":"WX","columns":["time","a","b"],"values":[["2026-01-31T00:00:00Z",1,2]]}]}]}
            """;
        Assert.Equal(expected, string.Join('|', Read(Answer, statement).Select(one => $"{one.Title} [{one.Unit}]")));
    }

    [Fact]
    public void Points_come_in_order_of_time_and_what_is_no_number_is_a_gap()
    {
        const string Answer =
            """
            {"results":[{"series":[{"name":"WX","tags":{"asset":"WX-1"},"columns":["time","a"],"values":[
              ["2026-01-31T08:00:00.5+08:00",true],["2026-01-30T00:00:00Z",null],["2026-01-29T00:00:00Z",-3.5]]}]}]}
            """;
        PlotCurve curve = Assert.Single(Read(Answer, "SELECT a FROM WX GROUP BY asset"));
        Assert.Equal("WX asset=WX-1 a", curve.Title);
        Assert.Equal([-3.5, null, 1], curve.Points.Select(point => point.Value));
        Assert.Equal(new DateTime(2026, 1, 31, 0, 0, 0, 500), curve.Points[2].Time.UtcDateTime);
    }

    [Theory]
    [InlineData("""{"results":[{"statement_id":0}]}""")]
    [InlineData("""{"results":[{"series":[{"columns":["name"],"values":[["a"]]}]}]}""")]
    public void What_has_no_times_gives_no_curve(string answer) => Assert.Empty(Read(answer, "SHOW MEASUREMENTS"));

    private static IReadOnlyList<PlotCurve> Read(string answer, string statement)
    {
        using JsonDocument site = JsonDocument.Parse(Site);
        using JsonDocument document = JsonDocument.Parse(answer);
        return QueryCurves.Read(document.RootElement, statement, site.RootElement);
    }
}
