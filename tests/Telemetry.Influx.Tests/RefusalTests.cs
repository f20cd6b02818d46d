using Telemetry.Model;

namespace Telemetry.Influx.Tests;

/// <summary>
/// Answers of InfluxDB 1.6.7 as a real one gave them; those of 2.x and 3.x as documented, for there is none to try.
/// </summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("""{"error":"field type conflict"}""")]
    [InlineData("""{"error":"partial write: unable to parse 'm v=1u 5': invalid number dropped=0"}""")]
    [InlineData("""{"error":"partial write: invalid tag key: input tag \"time\" is invalid dropped=1"}""")]
    [InlineData("""{"error":"partial write: max-series-per-database limit exceeded: (100) dropped=3"}""")]
    [InlineData("""{"code":"invalid","message":"unable to parse 'bad': missing fields"}""")]
    [InlineData("""{"code":"unprocessable entity","message":"failure writing points to database: partial write"}""")]
    [InlineData("""{"error":"partial write of line protocol occurred","data":[]}""")]
    [InlineData("""{"error":"parsing failed for write_lp endpoint","data":{}}""")]
    public void Words_of_points_are_known(string body) => Assert.True(Refusal.IsOfPoints(body));

    [Theory]
    [InlineData("")]
    [InlineData("<html><h1>400 The plain HTTP request was sent to HTTPS port</h1></html>")]
    [InlineData("""{"error":"database is required"}""")]
    [InlineData("""{"code":"invalid","message":"failed to decode request body: gzip: invalid header"}""")]
    public void Other_words_are_not_about_points(string body) => Assert.False(Refusal.IsOfPoints(body));

    [Theory]
    [InlineData(
        """{"error":"partial write: field type conflict: input field \"v\" on measurement \"odd\" is type """
            + """float, already exists as type string dropped=1"}""",
        "odd", "v", FieldType.String)]
    [InlineData(
        """{"code":"unprocessable entity","message":"failure writing points to database: partial write: """
            + """field type conflict: input field \"a b\" on measurement \"m,x\" is type integer, """
            + """already exists as type float dropped=2"}""",
        "m,x", "a b", FieldType.Float)]
    [InlineData(
        "field type conflict: input field \"v\" on measurement \"m\" is type float, "
            + "already exists as type unsigned",
        "m", "v", FieldType.Unsigned)]
    [InlineData(
        "invalid column type for column 'temp', expected iox::column_type::field::integer, "
            + "got iox::column_type::field::float",
        "", "temp", FieldType.Integer)]
    public void The_field_that_conflicts_is_read(string body, string measurement, string field, FieldType type) =>
        Assert.Equal(new TypeConflict(measurement, field, type), Refusal.ConflictIn(body));

    [Theory]
    [InlineData("""{"error":"field type conflict"}""")]
    [InlineData("""{"error":5}""")]
    [InlineData("""["error"]""")]
    [InlineData("input field \"v\" on measurement \"m\" is type float, already exists as type colour")]
    public void Where_no_field_is_named_none_is_read(string body) => Assert.Null(Refusal.ConflictIn(body));

    [Fact]
    public void The_lines_that_are_named_are_read_with_their_words()
    {
        const string many = """
            {"error":"partial write of line protocol occurred","data":[
              {"original_line":"m v=1","line_number":2,"error_message":"one"},
              {"original_line":"m v=2","line_number":7,"error_message":"two"},
              {"original_line":"m v=3","line_number":0,"error_message":"no such line"},
              {"line_number":"3"}, 5]}
            """;
        const string one = """
            {"error":"parsing failed for write_lp endpoint","data":{"line_number":3,"error_message":"bad"}}
            """;
        Assert.Equal([new RefusedLine(2, "one"), new RefusedLine(7, "two")], Refusal.LinesIn(many));
        Assert.Equal([new RefusedLine(3, "bad")], Refusal.LinesIn(one));
        Assert.Empty(Refusal.LinesIn("""{"error":"x","data":"y"}"""));
        Assert.Empty(Refusal.LinesIn("no JSON"));
    }
}
