using System.Buffers;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl.Tests;

/// <summary>Shapes of answers, as influxd 1.6.7 was seen to give them.</summary>
public sealed class ResultWriterTests
{
    private static readonly NaiveSampleSource Source = new NaiveSampleSource().Add(
        "one value=0 1767225600000000000",
        "one value=1 1767225660000000000",
        "one value=4 1767225720500000000",
        "two,host=a\\ b v=1e21,w=1e-7,s=\"q\\\"x, <ü>\" 0",
        "two v=-1.5e300,w=0.000001,n=9007199254740993i,b=true 1");

    [Theory]
    [InlineData("", "\"2026-01-01T00:02:00.5Z\"")]
    [InlineData("ns", "1767225720500000000")]
    [InlineData("u", "1767225720500000")]
    [InlineData("ms", "1767225720500")]
    [InlineData("s", "1767225720")]
    [InlineData("m", "29453762")]
    [InlineData("h", "490896")]
    [InlineData("fortnight", "1767225720500000000")]
    public void Times_come_in_the_unit_asked_for(string epoch, string time) => Assert.Equal(
        "{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"one\",\"columns\":[\"time\",\"value\"],\"values\":"
        + $"[[{time},4]]}}]}}]}}\n",
        Json("SELECT value FROM one WHERE value = 4", new ResultOptions { Epoch = ResultOptions.EpochOf(epoch) }));

    [Fact]
    public void Numbers_have_the_digits_of_influxdb() => Assert.Contains(
        "[[0,null,null,1e+21,1e-7],[1,true,9007199254740993,-1.5e+300,0.000001]]",
        Json("SELECT b, n, v, w FROM two", new ResultOptions { Epoch = TimePrecision.Nanoseconds }));

    [Fact]
    public void A_query_that_is_none_is_an_error_alone() =>
        Assert.Equal(
            "{\"error\":\"error parsing query: found EOF, expected FROM at line 1, char 10\"}\n",
            Json("SELECT f", new ResultOptions()));

    [Fact]
    public void Chunks_are_one_object_a_line()
    {
        string[] lines = Json("SELECT value FROM one; SELECT v FROM two LIMIT 2", new ResultOptions
        {
            ChunkRows = 2,
            Epoch = TimePrecision.Seconds,
        }).TrimEnd('\n').Split('\n');

        Assert.Equal(
            [
                """{"results":[{"statement_id":0,"series":[{"name":"one","columns":["time","value"],"""
                + "\"values\":[[1767225600,0],[1767225660,1]],\"partial\":true}],\"partial\":true}]}",
                """{"results":[{"statement_id":0,"series":[{"name":"one","columns":["time","value"],"""
                + "\"values\":[[1767225720,4]]}]}]}",
                """{"results":[{"statement_id":1,"series":[{"name":"two","columns":["time","v"],"""
                + "\"values\":[[0,1e+21],[0,-1.5e+300]]}]}]}",
            ],
            lines);
    }

    [Fact]
    public void Pretty_answers_are_indented_by_four() => Assert.Equal(
        """
        {
            "results": [
                {
                    "statement_id": 0,
                    "series": [
                        {
                            "name": "one",
                            "columns": [
                                "time",
                                "value"
                            ],
                            "values": [
                                [
                                    0,
                                    5
                                ]
                            ]
                        }
                    ]
                }
            ]
        }

        """,
        Json("SELECT sum(value) AS value FROM one", new ResultOptions { Pretty = true, Epoch = TimePrecision.Hours }));

    [Fact]
    public void Csv_has_a_header_per_set_of_columns_and_plain_numbers() => Assert.Equal(
        """
        name,tags,time,s,v
        two,,1,,{V}
        two,host=a\ b,0,"q""x, <ü>",1000000000000000000000

        name,tags,name
        measurements,,one

        error
        undefined function nosuch()

        """.Replace("{V}", "-15" + new string('0', 299)),
        Csv("SELECT s, v FROM two GROUP BY host; SHOW MEASUREMENTS LIMIT 1; SELECT nosuch(v) FROM one"));

    private static string Json(string query, ResultOptions options) =>
        Written(output => JsonResultWriter.Write(output, InfluxQlEngineTests.Ask(Source, query), options));

    private static string Csv(string query) => Written(
        output => CsvResultWriter.Write(output, InfluxQlEngineTests.Ask(Source, query), new ResultOptions()));

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
