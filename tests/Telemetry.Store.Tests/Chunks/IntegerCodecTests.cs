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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Noise_in_a_difference_costs_no_more_than_its_own_bits(int order)
    {
        const int NoiseBits = 3;
        const int OverheadBytes = 1 + (3 * 10); // mode, two starts and a base as varints, width
        var random = new Random(order);
        for (int count = 3; count <= 100; count++)
        {
            long[] values = [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(1 << NoiseBits))];
            for (int i = 0; i < order; i++)
            {
                values[0] = random.NextInt64(1L << 40); // far from the noise: no other order is as short
                for (int at = 1; at < count; at++)
                {
                    values[at] += values[at - 1];
                }
            }

            Assert.InRange(Check(values), 0, OverheadBytes + (count * NoiseBits / 8));
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
