using System.Globalization;

namespace Telemetry.Store.InfluxQl.Tests;

/// <summary>
/// Whole numbers are read from summaries, which hold floats, where these are exact, and from samples elsewhere.
/// </summary>
public sealed class WholeNumberTests
{
    private const string All =
        "count(v), sum(v), mean(v), min(v), max(v), spread(v), first(v), last(v), time_in_state(v > 9007199254740992)";

    [Theory]
    [InlineData("i", 0)]
    [InlineData("u", 0)]
    [InlineData("i", -500)]
    [InlineData("i", 1_000_000_000_000)]
    public void Small_ones_are_taken_as_summaries(string suffix, long offset)
    {
        (NaiveSampleSource with, NaiveSampleSource without) = Sources(suffix, n => (Int128)offset + n);
        Assert.Equal(RowOf(without, All), RowOf(with, All));
        Assert.Equal((2 * 10, 0), (with.SummaryCount, with.SampleCount)); // time in state reads once more
    }

    [Theory]
    [InlineData("i", "9007199254740993")] // 2^53 + 1 is no float
    [InlineData("i", "-9007199254740993")]
    [InlineData("i", "1000000000000000")] // ten of them are beyond 2^53
    [InlineData("i", "9223372036854775707")] // sums wrap around, as in influxd
    [InlineData("u", "18446744073709551515")]
    [InlineData("u", "9007199254740993")]
    public void Great_ones_are_read_one_by_one(string suffix, string offset)
    {
        Int128 first = Int128.Parse(offset, CultureInfo.InvariantCulture);
        (NaiveSampleSource with, NaiveSampleSource without) = Sources(suffix, n => first + (n % 2 * n));
        Assert.Equal(RowOf(without, All), RowOf(with, All));
        Assert.Equal((0, 2 * 100), (with.SummaryCount, with.SampleCount));
    }

    [Fact]
    public void Where_some_are_great_the_others_are_still_taken_as_summaries()
    {
        (NaiveSampleSource with, NaiveSampleSource without) = Sources("i", n => n == 55 ? long.MaxValue : n);
        Assert.Equal(RowOf(without, "sum(v), max(v)"), RowOf(with, "sum(v), max(v)"));
        Assert.Equal((9, 10), (with.SummaryCount, with.SampleCount));
    }

    [Fact]
    public void Counts_take_summaries_of_all()
    {
        (NaiveSampleSource with, _) = Sources("i", n => long.MaxValue - n);
        Assert.Equal([0L, 100L], RowOf(with, "count(v)"));
        Assert.Equal(10, with.SummaryCount);
    }

    private static (NaiveSampleSource With, NaiveSampleSource Without) Sources(string suffix, Func<int, Int128> valueOf)
    {
        string[] lines = [.. Enumerable.Range(0, 100).Select(n => $"m v={valueOf(n)}{suffix} {n}")];
        return (new NaiveSampleSource(chunkCount: 10).Add(lines),
            new NaiveSampleSource { OffersSummaries = false }.Add(lines));
    }

    private static object?[] RowOf(ISampleSource source, string calls)
    {
        QueryAnswer answer = InfluxQlEngineTests.Ask(source, $"SELECT {calls} FROM m WHERE time < 100");
        Assert.Null(answer.Results[0].Error);
        return answer.Results[0].Series[0].Rows[0];
    }
}
