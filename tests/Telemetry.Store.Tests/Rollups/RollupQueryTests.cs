using Telemetry.Model;
using Telemetry.Store.InfluxQl;
using Telemetry.Store.InfluxQl.Tests;

namespace Telemetry.Store.Tests;

/// <summary>
/// What queries say of days that have roll-ups is what they say of the samples, whatever came late; and where windows
/// fit, no sample is read.
/// </summary>
public sealed class RollupQueryTests
{
    private const long Second = Timestamp.NanosecondsPerSecond;
    private const long Hour = 3_600 * Second;
    private const long Day = 24 * Hour;
    private const long Step = 15 * Second;
    private const long Mid = 1L << 46; // of a hundred the sum is exact, of more than that it may not be

    private static readonly string[] Calls =
    [
        "good_share(t), good_share(n), good_share(mid)",
        "time_in_state(t > 0), time_in_state(t <= 0, 10s), time_in_state(t <= 0, 20s)",
        "time_in_state(t != 20, 25m), time_in_state(t = 20)",
        "time_in_state(n = 3), time_in_state(n >= 5, 5s), time_in_state(mid > 0)",
        "count(n), sum(n), mean(n), min(n), max(n), first(n), last(n), spread(n)",
        "count(mid), sum(mid), mean(mid), min(mid), max(mid), first(mid), last(mid), spread(mid)",
        "max(n)",
        "min(mid), good_share(mid)",
        "max(t)",
    ];

    private static readonly string[] Spans =
    [
        "WHERE time >= 0 AND time < 1d GROUP BY time(1h)",
        "WHERE time >= 0 AND time < 1d GROUP BY time(10m)",
        "WHERE time >= 0 AND time < 2d GROUP BY time(1d)",
        "WHERE time >= 3723s AND time < 100001s GROUP BY time(6h, 17m)",
        "WHERE time >= 3723s AND time < 100001s",
        "WHERE time < 2d",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Answers_are_the_same_with_roll_ups_and_without(int seed)
    {
        var random = new Random(seed);
        using var bench = new StoreBench(chunkSamples: 64);
        var samples = new NaiveSampleSource { OffersSummaries = false };
        for (long time = 0; time < 2 * Day; time += 960 * Step)
        {
            Append(bench, samples, Enumerable.Range(0, 960).Select(i => time + (i * Step)));
        }

        Compare(bench, samples);
        bench.RollUp();
        Assert.True(bench.Store.File.ReadInt64("SELECT count(DISTINCT field) FROM rollups") == 3, "a field has none");
        Compare(bench, samples);
        for (int round = 0; round < 2; round++)
        {
            Append(bench, samples, Enumerable.Range(0, 50).Select(_ => random.NextInt64(2 * Day) / Second * Second));
            Compare(bench, samples);
            bench.Checkpoint(1);
            Compare(bench, samples);
        }

        bench.RollUp();
        Compare(bench, samples);
    }

    [Theory]
    [InlineData("good_share(t), good_share(n)", "GROUP BY time(1h)")]
    [InlineData("sum(n), max(n), mean(n)", "GROUP BY time(1h)")]
    [InlineData("sum(mid), max(mid)", "GROUP BY time(1h)")] // from six windows of ten minutes
    [InlineData("time_in_state(n >= 0), time_in_state(t < -60)", "GROUP BY time(1h)")]
    [InlineData("time_in_state(n >= 0)", "GROUP BY time(7m)")] // a window in one state is cut anywhere
    [InlineData("time_in_state(n >= 0, 10m)", "")]
    public void Where_windows_fit_no_sample_is_read(string calls, string windows)
    {
        using var bench = new StoreBench();
        var samples = new NaiveSampleSource { OffersSummaries = false };
        Append(bench, samples, Enumerable.Range(0, (int)(2 * Day / Step)).Select(i => i * Step));
        bench.RollUp();
        bench.Store.File.Execute("UPDATE chunks SET chunk = x'00', first = NULL, sum = NULL");
        string statement = $"SELECT {calls} FROM m WHERE time >= 0 AND time < 1d {windows}";
        Assert.Equal(RowsOf(samples, statement), RowsOf(bench.Store, statement));
        Assert.Equal(0, bench.Store.Metrics.ChunksCorrupt);
    }

    [Fact]
    public void A_window_with_a_change_in_it_is_read_from_samples_and_the_others_are_not()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("run");
        for (long time = 0; time < 2 * Day; time += Step)
        {
            bench.Append(field, time, time < (5 * Hour) + (33 * Second) ? 1 : 0);
        }

        bench.RollUp();
        bench.Store.File.Execute(
            $"UPDATE chunks SET chunk = x'00', sum = NULL WHERE last_time < {5 * Hour} OR first_time > {6 * Hour}");
        object?[] row = Assert.Single(RowsOf(
            bench.Store, "SELECT time_in_state(run = 1) FROM m WHERE time >= 0 AND time < 1d"));
        Assert.Equal([0L, (5 * 3_600) + 45.0], row);
        Assert.Equal(0, bench.Store.Metrics.ChunksCorrupt);
    }

    private static void Append(StoreBench bench, NaiveSampleSource samples, IEnumerable<long> times)
    {
        foreach (long time in times)
        {
            byte quality = time / Second % 7 == 0 ? Quality.Uncertain : Quality.Good;
            double t = Math.Round(Math.Sin(time / 2e12) * 40 / 20) * 20;
            long n = time / (10 * Hour) * 3 % 7;
            long mid = (time / Step % 2 == 0 ? 1 : -1) * (Mid + (time / Second));
            bench.Append(bench.Field("t"), StoreBench.Of(time, t, quality));
            bench.Append(bench.Field("n", FieldType.Integer), new Sample(time, n, quality));
            bench.Append(bench.Field("mid", FieldType.Integer), new Sample(time, mid, quality));
            samples.Add(FormattableString.Invariant($"m,asset=A t={t:0.0},n={n}i,mid={mid}i {time}"))
                .With(time, new Mark(quality));
        }
    }

    private static void Compare(StoreBench bench, NaiveSampleSource samples)
    {
        foreach (string span in Spans)
        {
            foreach (string calls in Calls)
            {
                string statement = $"SELECT {calls} FROM m {span}";
                List<object?[]> expected = RowsOf(samples, statement);
                Assert.NotEmpty(expected);
                Assert.Equal(expected, RowsOf(bench.Store, statement));
            }
        }
    }

    private static List<object?[]> RowsOf(ISampleSource source, string statement)
    {
        var engine = new InfluxQlEngine(source, new QueryLimits(), new DatabaseNames("telemetry"));
        QueryAnswer answer = engine.Execute(statement, new QueryRequest("telemetry", "", 3 * Day), default);
        Assert.Null(answer.Results[0].Error);
        return [.. answer.Results[0].Series.SelectMany(series => series.Rows)];
    }
}
