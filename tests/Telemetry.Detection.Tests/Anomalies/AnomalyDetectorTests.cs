using System.Runtime.CompilerServices;
using Telemetry.Testing;

namespace Telemetry.Detection.Tests;

public sealed class AnomalyDetectorTests
{
    private const long Minute = 60_000_000_000;
    private const int WarmUp = 2_000;
    private const int Length = 20_000;

    /// <summary>Two weeks of a sensor that breathes with the day; what happens to it is up to the test.</summary>
    private static double[] Sensor(int seed, Func<int, double, double>? happens = null)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Length).Select(row =>
        {
            double noise = Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
            double value = 40 + (5 * Math.Sin(row * Math.Tau / 1_440)) + (0.3 * noise);
            return happens is null ? value : happens(row, value);
        })];
    }

    private static List<(int Row, double Surprise)> Told(double[] values, double at = AnomalyDetector.Notice)
    {
        var scorer = new AnomalyScorer(WarmUp);
        var told = new List<(int, double)>();
        for (int row = 0; row < values.Length; row++)
        {
            AnomalyScore score = scorer.Observe(row * Minute, values[row]);
            if (score.IsTold && score.Surprise >= at)
            {
                told.Add((row, score.Surprise));
            }
        }

        return told;
    }

    /// <summary>The most surprising of all that is told lies where it should.</summary>
    private static void CheckFound(Func<int, double, double> happens, int from, int to) =>
        Assert.InRange(Told(Sensor(1, happens)).MaxBy(told => told.Surprise).Row, from, to);

    [Fact]
    public void A_step_of_the_level_is_found() =>
        CheckFound((row, value) => row < 12_000 ? value : value + 6, 12_000, 12_100);

    [Fact]
    public void A_slow_drift_is_found() =>
        CheckFound((row, value) => value + Math.Clamp((row - 12_000) / 100.0, 0, 20), 12_300, 14_200);

    [Fact]
    public void A_value_that_is_usual_at_noon_is_found_at_night() =>
        CheckFound((row, value) => row is > 12_000 and < 12_200 ? 80 - value : value, 12_000, 12_300);

    [Fact]
    public void Noise_that_grows_fourfold_is_found() => CheckFound(
        (row, value) => row is > 12_000 and < 12_600 ? value + (2 * ((row * 7 % 13) - 6.0) / 6) : value,
        12_000,
        12_700);

    [Fact]
    public void A_healthy_sensor_is_told_of_rarely_and_never_as_never_seen()
    {
        double days = (Length - WarmUp) / 1_440.0;
        int notices = 0;
        for (int seed = 1; seed <= 40; seed++)
        {
            double[] values = Sensor(seed);
            notices += Told(values).Count;
            Assert.Empty(Told(values, at: 0.5));
        }

        Assert.InRange(notices / (40 * days), 0, 0.1);
    }

    [Theory]
    [InlineData(-3.7, 1_000)]
    [InlineData(0.001, 5)]
    [InlineData(1e12, -1e12)]
    public void Another_unit_and_another_zero_change_nothing(double factor, double offset)
    {
        double[] values = Sensor(3, (row, value) => row > 15_000 ? value + 4 : value);
        double[] others = [.. values.Select(value => (factor * value) + offset)];
        Assert.Equal(Told(values).Select(told => told.Row), Told(others).Select(told => told.Row));
    }

    [Fact]
    public void A_constant_is_no_event_whatever_its_size()
    {
        foreach (double constant in new[] { 0, 1e-300, 0.1, -1e300, double.MaxValue })
        {
            Assert.Empty(Told([.. Enumerable.Repeat(constant, 5_000)]));
        }
    }

    [Fact]
    public void Numbers_at_the_ends_of_the_range_leave_a_finite_surprise()
    {
        var random = new Random(5);
        var scorer = new AnomalyScorer(10);
        for (int row = 0; row < 5_000; row++)
        {
            double value = Math.ScaleB((2 * random.NextDouble()) - 1, random.Next(-1_000, 1_000));
            Assert.InRange(scorer.Observe(row * Minute, value).Surprise, -2, 5);
        }
    }

    [Fact]
    public void What_is_told_lies_in_the_upper_half_of_the_scale_and_the_rest_in_the_lower()
    {
        Assert.InRange(new AnomalyScore(AnomalyDetector.Notice, IsTold: true).Share, 0.5, 0.5);
        Assert.InRange(new AnomalyScore(3, IsTold: true).Share, 0.99, 1);
        Assert.InRange(new AnomalyScore(3, IsTold: false).Share, 0.45, 0.5);
        Assert.InRange(new AnomalyScore(EventRank.Usual, IsTold: false).Share, 0, 0.2);
    }

    [Fact]
    public void A_series_takes_less_than_a_kilobyte_and_a_half() =>
        Assert.InRange(Unsafe.SizeOf<AnomalyState>(), 1_024, 1_536);

    [Fact]
    public void An_observation_allocates_nothing()
    {
        double[] values = Sensor(1);
        var scorer = new AnomalyScorer(WarmUp);
        int row = 0;
        Assert.Equal(0, Allocation.Measure(() => scorer.Observe(row * Minute, values[row++ % Length])));
    }
}
