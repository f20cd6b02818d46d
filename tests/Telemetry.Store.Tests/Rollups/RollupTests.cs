using Telemetry.Model;

namespace Telemetry.Store.Tests;

public sealed class RollupTests
{
    private const long Second = Timestamp.NanosecondsPerSecond;
    private const long Minute = 60 * Second;
    private const long Hour = 3_600 * Second;
    private const long Day = 24 * Hour;

    [Fact]
    public void A_day_behind_what_is_sealed_is_read_from_its_roll_ups()
    {
        using var bench = new StoreBench();
        Field field = AppendSeconds(bench, days: 2);
        bench.RollUp();
        Collector hours = Summarise(bench, field, Hour, 0, Day);
        Assert.Empty(hours.Samples);
        Assert.Equal(24, hours.Taken.Count);
        AssertSame(Expected(bench, field, Hour, 0, Day), hours);
        Collector minutes = Summarise(bench, field, Minute, 0, Day);
        Assert.Equal(1440, minutes.Taken.Count);
        AssertSame(Expected(bench, field, Minute, 0, Day), minutes);
    }

    [Fact]
    public void A_span_is_covered_by_the_widest_windows_inside_it_and_samples_at_its_ends()
    {
        using var bench = new StoreBench();
        Field field = AppendSeconds(bench, days: 2);
        bench.RollUp();
        Collector read = Summarise(bench, field, Hour, (58 * Minute) + (30 * Second), (2 * Hour) + (11 * Minute));
        Assert.Equal(30, read.Samples.Count);
        long[] spans = [.. read.Taken.Select(summary => summary.LastTime - summary.FirstTime + Second)];
        Assert.Equal([Minute, Hour, 10 * Minute, Minute], spans);
    }

    [Fact]
    public void Windows_that_the_reader_does_not_want_are_read_as_narrower_ones()
    {
        using var bench = new StoreBench();
        Field field = AppendSeconds(bench, days: 2);
        bench.RollUp();
        var quarters = new Collector
        {
            Summaries = new SummaryWish(15 * Minute, WithDetail: true),
            WindowWidth = 15 * Minute,
        };
        bench.Store.Read(field.Id, 0, Hour, ref quarters);
        Assert.Empty(quarters.Samples);
        Assert.Equal(4 + 20, quarters.Taken.Count); // a window of 10 min across each second edge becomes ten of 1 min
        Assert.Equal(3_600, quarters.Taken.Sum(summary => summary.Count));
    }

    [Fact]
    public void A_late_sample_is_in_the_answer_before_and_after_the_roll_up_is_made_anew()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        Field field = AppendSeconds(bench, days: 2);
        bench.RollUp();
        bench.Append(field, StoreBench.Of((3 * Hour) + Second, 1e6), StoreBench.Of((5 * Hour) + 1, -1e6));
        AssertLateSeen(bench, field, expectedSamples: 60 + 61);
        bench.Checkpoint(2);
        bench.Crash();
        field = bench.Field("t");
        AssertLateSeen(bench, field, expectedSamples: 60 + 61);
        for (int i = 0; i < 100; i++)
        {
            bench.Append(field, (30 * Hour) + i, i); // seals the late chunk
        }

        bench.Checkpoint(3);
        AssertLateSeen(bench, field, expectedSamples: 60 + 61);
        bench.RollUp();
        AssertLateSeen(bench, field, expectedSamples: 0);
    }

    [Fact]
    public void A_level_with_few_samples_in_its_windows_is_not_kept()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("slow");
        Append(bench, field, 0, 2 * Day, step: 30 * Second);
        bench.RollUp();
        Assert.Equal([0L], Levels(bench)); // 120 in an hour, 20 in ten minutes
        AssertSame(Expected(bench, field, Hour, 0, Day), Summarise(bench, field, Hour, 0, Day));
    }

    [Fact]
    public void Whole_numbers_whose_sums_a_float_does_not_hold_have_no_roll_ups()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("counter", FieldType.Integer);
        for (long i = 0; i < 2 * Day / Minute; i++)
        {
            bench.Append(field, new Sample(i * Minute, (1L << 52) + i, Quality.Good));
        }

        bench.RollUp();
        Assert.Empty(Levels(bench));
        Assert.Equal(1440, Summarise(bench, field, Hour, 0, Day).Samples.Count);
    }

    [Fact]
    public void A_window_takes_as_many_bytes_as_the_samples_that_it_must_stand_for()
    {
        using var bench = new StoreBench(chunkSamples: 512);
        Field field = bench.Field("t");
        var random = new Random(1);
        double value = 50;
        for (long time = 0; time < 2 * Day; time += Second)
        {
            value = Math.Round(value + (random.Next(-5, 6) / 10.0), 1);
            bench.Append(field, time, value);
        }

        bench.RollUp();
        SqliteFile file = bench.Store.File;
        double windows = file.ReadInt64("SELECT count(*) FROM rollups WHERE level = 0") * (24 + 144 + 1_440);
        Assert.InRange(file.ReadInt64("SELECT sum(length(windows)) FROM rollups") / windows, 10, 20);
        double samples = file.ReadInt64("SELECT sum(count) FROM chunks");
        double bytes = file.ReadInt64("SELECT sum(length(chunk)) FROM chunks") / samples;
        Assert.InRange(bytes * RollupLevels.SamplesPerWindowMin, 10, 20);
    }

    [Fact]
    public void What_a_crash_takes_is_made_again()
    {
        using var bench = new StoreBench();
        AppendSeconds(bench, days: 2);
        bench.Checkpoint(1);
        Assert.Equal(1, bench.Store.BuildRollups());
        Assert.Equal(0, bench.Store.BuildRollups()); // one batch waits
        bench.Crash();
        Assert.Empty(Levels(bench));
        bench.RollUp();
        Assert.Equal([0L, 1L, 2L], Levels(bench));
    }

    [Fact]
    public void A_sample_of_a_wrong_year_does_not_hold_up_the_days_behind_it()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("t");
        long now = 20_000 * Day;
        Append(bench, field, 0, 128 * Second, step: Second); // the clock began in 1970
        Append(bench, field, now, now + (2 * Day), step: Second);
        bench.RollUp();
        Assert.Equal(24, Summarise(bench, field, Hour, now, now + Day).Taken.Count);
    }

    [Fact]
    public void A_damaged_roll_up_is_counted_and_its_samples_are_read()
    {
        using var bench = new StoreBench();
        Field field = AppendSeconds(bench, days: 2);
        bench.RollUp();
        bench.Store.File.Execute("UPDATE rollups SET windows = x'0102030405060708'");
        Collector read = Summarise(bench, field, Hour, 0, Day);
        Assert.Empty(read.Taken);
        Assert.Equal(86_400, read.Samples.Count);
        Assert.Equal(3, bench.Store.Metrics.ChunksCorrupt);
    }

    [Fact]
    public void A_read_without_bounds_looks_at_the_days_that_have_roll_ups_only()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("t");
        long now = 20_000 * Day;
        Append(bench, field, now, now + (2 * Day), step: Second);
        bench.RollUp();
        var all = new Collector { Summaries = new SummaryWish(long.MaxValue, WithDetail: false) };
        bench.Store.Read(field.Id, long.MinValue, long.MaxValue, ref all);
        Assert.Equal(2 * 86_400, all.Samples.Count + all.Taken.Sum(summary => summary.Count));
        Assert.True(all.Taken.Count > 24);
    }

    private static void AssertLateSeen(StoreBench bench, Field field, int expectedSamples)
    {
        Collector hours = Summarise(bench, field, Hour, 0, Day);
        Assert.Equal(expectedSamples, hours.Samples.Count(sample => sample.Time < 24 * Hour));
        IEnumerable<double> values = hours.Samples.Select(sample => BitConverter.Int64BitsToDouble(sample.Bits));
        Assert.Equal(1e6, values.Concat(hours.Taken.Select(summary => summary.Max)).Max());
        Assert.Equal(-1e6, values.Concat(hours.Taken.Select(summary => summary.Min)).Min());
        Assert.Equal(86_401, hours.Samples.Count + hours.Taken.Sum(summary => summary.Count));
    }

    /// <summary>Sums are equal but for the order in which they were added up.</summary>
    private static void AssertSame(IEnumerable<SampleSummary> expected, Collector actual)
    {
        static SampleSummary Rounded(SampleSummary summary) => summary with { Sum = Math.Round(summary.Sum, 6) };
        Assert.Equal(expected.Select(Rounded), actual.Taken.Select(Rounded));
    }

    private static Field AppendSeconds(StoreBench bench, int days)
    {
        Field field = bench.Field("t");
        Append(bench, field, 0, days * Day, Second);
        return field;
    }

    private static void Append(StoreBench bench, Field field, long from, long to, long step)
    {
        var samples = new List<Sample>();
        for (long time = from; time < to; time += step)
        {
            byte quality = time / Second % 10 == 0 ? Quality.Uncertain : Quality.Good;
            samples.Add(StoreBench.Of(time, Math.Round(Math.Sin(time / 1e12) * 50, 1), quality));
        }

        foreach (Sample[] some in samples.Chunk(1_000))
        {
            bench.Append(field, some);
        }
    }

    private static Collector Summarise(StoreBench bench, Field field, long width, long from, long to)
    {
        var collector = new Collector { Summaries = new SummaryWish(width, WithDetail: true), WindowWidth = width };
        bench.Store.Read(field.Id, from, to, ref collector);
        return collector;
    }

    /// <summary>The same windows from the samples themselves.</summary>
    private static IEnumerable<SampleSummary> Expected(StoreBench bench, Field field, long width, long from, long to) =>
        bench.Read(field, from, to).GroupBy(sample => sample.Time / width).Select(window =>
        {
            (long Time, double Value)[] all =
                [.. window.Select(sample => (sample.Time, BitConverter.Int64BitsToDouble(sample.Bits)))];
            return new SampleSummary(
                all.Length, all[0].Time, all[^1].Time, all[0].Value, all[^1].Value, all.Min(s => s.Value),
                all.Max(s => s.Value), all.Sum(s => s.Value))
            {
                Detail = new SummaryDetail(
                    all.MinBy(s => s.Value).Time,
                    all.MaxBy(s => s.Value).Time,
                    window.Count(sample => Quality.IsGood(sample.Quality))),
            };
        });

    private static List<long> Levels(StoreBench bench)
    {
        using Statement rows = bench.Store.File.Prepare("SELECT DISTINCT level FROM rollups ORDER BY level");
        var levels = new List<long>();
        while (rows.Step())
        {
            levels.Add(rows.Int64(0));
        }

        return levels;
    }
}
