using Telemetry.Model;

namespace Telemetry.Store.Tests;

public sealed class RetentionTests
{
    private const long Second = Timestamp.NanosecondsPerSecond;
    private const long Day = 86_400 * Second;

    [Fact]
    public void Chunks_and_roll_ups_older_than_the_retention_go_at_checkpoints()
    {
        using var bench = new StoreBench(retention: TimeSpan.FromDays(1));
        Field field = Append(bench, "m,asset=A", days: 4);
        bench.Time.Advance(TimeSpan.FromDays(4));
        bench.RollUp();
        bench.Checkpoint(10);
        List<Sample> left = bench.Read(field);
        Assert.InRange(left[0].Time, 2 * Day, 3 * Day);
        Assert.Equal((4 * Day) - (60 * Second), left[^1].Time);
        Assert.Equal(0, bench.Store.File.ReadInt64("SELECT count(*) FROM rollups WHERE day < 2"));
        Assert.Equal(0, bench.Store.Metrics.ChunksCorrupt);
        Assert.True(bench.Store.Metrics.ChunksForgotten > 0);
    }

    [Fact]
    public void A_measurement_may_have_a_retention_of_its_own_or_none()
    {
        var own = new Dictionary<string, TimeSpan?> { ["long"] = TimeSpan.FromDays(3), ["ever"] = null };
        using var bench = new StoreBench(retention: TimeSpan.FromDays(1), retentionOf: own);
        Field usual = Append(bench, "m,asset=A", days: 4);
        Field longer = Append(bench, "long,asset=A", days: 4);
        Field ever = Append(bench, "ever,asset=A", days: 4);
        bench.Time.Advance(TimeSpan.FromDays(4));
        for (int i = 0; i < 4; i++)
        {
            bench.Append(ever, (4 * Day) + i, i);
            bench.Checkpoint(i);
        }

        Assert.InRange(bench.Read(usual)[0].Time, 2 * Day, 3 * Day);
        Assert.InRange(bench.Read(longer)[0].Time, 0, Day);
        Assert.Equal(0, bench.Read(ever)[0].Time);
    }

    [Theory]
    [InlineData(40_000, 4)] // this machine's clock
    [InlineData(4, 40_000)] // the gateway's
    public void A_clock_that_runs_ahead_deletes_nothing(int now, int newestSample)
    {
        using var bench = new StoreBench(retention: TimeSpan.FromDays(10));
        Field field = Append(bench, "m,asset=A", days: 4);
        for (int i = 0; i < 200; i++)
        {
            bench.Append(field, (newestSample * Day) + i, i);
        }

        bench.Time.Advance(TimeSpan.FromDays(now));
        bench.Checkpoint(1);
        bench.Checkpoint(2);
        Assert.Equal(0, bench.Read(field)[0].Time);
    }

    private static Field Append(StoreBench bench, string series, int days)
    {
        Field field = bench.Field("t", series: series);
        for (long time = 0; time < days * Day; time += 60 * Second)
        {
            bench.Append(field, time, time / Day);
        }

        return field;
    }
}
