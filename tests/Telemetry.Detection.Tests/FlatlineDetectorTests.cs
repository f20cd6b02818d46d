using Telemetry.Model;

namespace Telemetry.Detection.Tests;

public sealed class FlatlineDetectorTests
{
    private static readonly AlarmRule Rule = Scene.Nothing with { FlatlineSeconds = 5 };

    [Fact]
    public void An_unchanged_value_begins_after_its_time_and_any_other_value_ends_it() =>
        Assert.Equal("+Flatline@6; -Flatline@8", new Scene(Rule).Run(0, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4).Text);

    [Fact]
    public void A_changing_value_is_normal() =>
        Assert.Equal("", new Scene(Rule).Run(0, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2).Text);

    [Fact]
    public void Two_equal_values_at_both_ends_of_a_gap_prove_nothing() =>
        Assert.Equal("", new Scene(Rule).At(0, 1).At(600, 1).At(601, 2).Text);

    [Fact]
    public void A_third_equal_value_proves_it() =>
        Assert.Equal("+Flatline@601", new Scene(Rule).At(0, 1).At(600, 1).At(601, 1).Text);

    [Fact]
    public void Samples_of_bad_quality_neither_lengthen_nor_break_it() =>
        Assert.Equal(
            "+Flatline@8",
            new Scene(Rule).Run(0, 2, 2)
                .At(2, 9, quality: Quality.Bad)
                .At(6, 2, quality: Quality.Bad)
                .At(7, 3, quality: Quality.Bad)
                .At(8, 2).Text);
}
