using System.Buffers;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl.Tests;

/// <summary>The engine beside a real InfluxDB: the same points, the same statements, the same bytes.</summary>
public sealed class InfluxDbAnswersTests
{
    private const long Now = 1_795_478_400_000_000_000; // after every point

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(7)]
    public void Answers_are_those_of_influxd_whatever_the_chunks(int chunkCount)
    {
        var engine = new InfluxQlEngine(
            new NaiveSampleSource(chunkCount).Add(Lines("InfluxDbPoints.txt")),
            new QueryLimits(),
            new DatabaseNames("telemetry"));
        string[] lines = Lines("InfluxDbAnswers.txt");
        Assert.True(lines.Length > 600);
        for (int i = 0; i < lines.Length; i += 2)
        {
            Assert.Equal((lines[i], lines[i + 1]), (lines[i], AnswerOf(engine, lines[i])));
        }
    }

    private static string AnswerOf(InfluxQlEngine engine, string statement)
    {
        var output = new ArrayBufferWriter<byte>();
        QueryAnswer answer = engine.Execute(statement, new QueryRequest("telemetry", "", Now), default);
        JsonResultWriter.Write(output, answer, new ResultOptions { Epoch = TimePrecision.Nanoseconds });
        return Encoding.UTF8.GetString(output.WrittenSpan).TrimEnd('\n');
    }

    private static string[] Lines(string name)
    {
        using Stream vectors = typeof(InfluxDbAnswersTests).Assembly.GetManifestResourceStream(name)!;
        return [.. new StreamReader(vectors).ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
    }
}
