namespace Telemetry.Store.Tests.Chunks;

public sealed class IntegerCodecTests
{
    [Fact]
    public void The_ends_of_the_range_come_back() =>
        Check(long.MinValue, long.MaxValue, 0, -1, 1, long.MaxValue, long.MaxValue, long.MinValue);

    [Fact]
    public void One_value_comes_back() => Check(long.MinValue);

    [Fact]
    public void A_steady_clock_costs_a_handful_of_bytes()
    {
        long[] values = [.. Enumerable.Range(0, 512).Select(i => 1_790_000_000L + i)];
        Assert.True(Check(values) <= 12);
    }

    [Fact]
    public void An_outlier_widens_its_block_and_not_the_others()
    {
        var values = new long[512];
        values[300] = 1L << 40;
        Assert.True(Check(values) < 512 * 2);
    }

    [Fact]
    public void Every_width_at_every_count_comes_back()
    {
        var random = new Random(1);
        for (int width = 0; width <= 64; width++)
        {
            for (int count = 1; count < 140; count += 1 + random.Next(7))
            {
                long[] values = [.. Enumerable.Range(0, count).Select(_ =>
                    width == 0 ? 7 : random.NextInt64(long.MinValue, long.MaxValue) >>> (64 - width))];
                Check(values);
            }
        }
    }

    private static int Check(params long[] values)
    {
        var target = new BlobWriter();
        IntegerCodec.Encode([.. values], target);
        var source = new BlobReader(target.Written);
        var decoded = new long[values.Length];
        IntegerCodec.Decode(ref source, decoded);
        Assert.False(source.Failed);
        Assert.Equal(0, source.Left);
        Assert.Equal(values, decoded);
        return target.Count;
    }
}
