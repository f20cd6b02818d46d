using Telemetry.Model;

namespace Telemetry.Detection.Tests;

public sealed class RateDetectorTests
{
    private static readonly AlarmRule Rule = Scene.Nothing with { RatePerMinuteMax = 10 };

    private static double[] Each(int count, Func<int, double> value) => [.. Enumerable.Range(0, count).Select(value)];

    [Fact]
    public void One_outlier_changes_nothing() =>
        Assert.Equal("", new Scene(Rule).Run(0, Each(300, i => i % 50 == 25 ? 1_000 : 20)).Text);

    [Fact]
    public void A_step_sounds_at_its_second_sample_and_ends_once_it_is_a_minute_old() =>
        Assert.Equal(
            "+RateOfChange@101; -RateOfChange@162", // the first anchor at the new level was set at 102
            new Scene(Rule).Run(0, Each(300, i => i < 100 ? 20 : 40)).Text);

    [Fact]
    public void A_ramp_just_below_the_limit_is_normal() =>
        Assert.Equal("", new Scene(Rule).Run(0, Each(600, i => i * 9.9 / 60)).Text);

    [Fact]
    public void A_ramp_above_the_limit_sounds_within_a_minute_and_falls_count_too()
    {
        Finding finding = Assert.Single(new Scene(Rule).Run(0, Each(600, i => -i * 12.0 / 60)).Findings);
        Assert.InRange((finding.Time - Scene.Start) / Scene.Second, 50, 62);
        Assert.InRange(finding.Value, -12.01, -10);
        Assert.Equal(10, finding.Limit);
    }

    [Fact]
    public void A_ramp_far_above_the_limit_sounds_early()
    {
        Finding finding = Assert.Single(new Scene(Rule).Run(0, Each(50, i => i * 120.0 / 60)).Findings);
        Assert.InRange((finding.Time - Scene.Start) / Scene.Second, 5, 9);
    }

    [Fact]
    public void A_gap_longer_than_a_minute_is_scaled_down_to_one()
    {
        var scene = new Scene(Rule);
        for (int i = 0; i < 20; i++)
        {
            scene.At(i * 600, i * 90); // 9 units per minute
        }

        Assert.Equal("", scene.Text);
        for (int i = 20; i < 30; i++)
        {
            scene.At(i * 600, 1_800 + ((i - 20) * 110)); // 11 units per minute
        }

        Assert.Equal("+RateOfChange@13200", scene.Text);
    }

    [Fact]
    public void Noise_of_a_tenth_of_the_limit_is_normal()
    {
        var random = new Random(3);
        Assert.Equal("", new Scene(Rule).Run(0, Each(20_000, _ => random.NextDouble() + random.NextDouble())).Text);
    }
}
