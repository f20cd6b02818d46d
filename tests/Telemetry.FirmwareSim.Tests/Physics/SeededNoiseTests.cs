namespace Telemetry.FirmwareSim.Tests.Physics;

public sealed class SeededNoiseTests
{
    private const int Count = 100_000;

    [Fact]
    public void Noise_has_mean_zero_and_deviation_one()
    {
        Check(i => SeededNoise.Gauss(1, 2, i), deviation: 1);
        Check(i => SeededNoise.Smooth(1, 2, i * 0.37, 1), deviation: 1);
        Check(i => SeededNoise.Uniform(1, 2, i) - 0.5, deviation: Math.Sqrt(1.0 / 12));
    }

    [Fact]
    public void Bounded_noise_has_no_outliers()
    {
        for (int i = 0; i < Count; i++)
        {
            Assert.InRange(SeededNoise.Bounded(3, 4, i), -2.5, 2.5);
        }
    }

    [Fact]
    public void A_walk_has_no_jumps()
    {
        for (int i = 1; i < Count; i++)
        {
            double before = SeededNoise.Smooth(1, 2, (i - 1) * 0.01, 1);
            Assert.InRange(SeededNoise.Smooth(1, 2, i * 0.01, 1) - before, -0.15, 0.15);
        }
    }

    [Fact]
    public void Streams_and_seeds_are_apart()
    {
        Assert.NotEqual(SeededNoise.StreamOf("a"), SeededNoise.StreamOf("b"));
        Assert.NotEqual(SeededNoise.Gauss(1, 2, 3), SeededNoise.Gauss(2, 2, 3));
        Assert.NotEqual(SeededNoise.Gauss(1, 2, 3), SeededNoise.Gauss(1, 3, 3));
    }

    private static void Check(Func<int, double> draw, double deviation)
    {
        double[] values = [.. Enumerable.Range(0, Count).Select(draw)];
        double mean = values.Average();
        double found = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        Assert.InRange(mean, -0.03 * deviation, 0.03 * deviation);
        Assert.InRange(found, 0.9 * deviation, 1.1 * deviation);
    }
}
