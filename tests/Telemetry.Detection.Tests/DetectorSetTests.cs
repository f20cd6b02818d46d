using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Detection.Tests;

public sealed class DetectorSetTests
{
    private static readonly AlarmRule High = Scene.Nothing with { Limits = LimitSet.None with { High = 80 } };

    [Fact]
    public void Late_points_begin_and_end_nothing() =>
        Assert.Equal(
            "+High@10",
            new Scene(High)
                .At(-9_000, 99, arrival: 0, flags: PointFlags.Late)
                .At(10, 99)
                .At(11, 1, flags: PointFlags.Late).Text);

    [Fact]
    public void Bad_quality_is_not_judged_and_uncertain_quality_is() =>
        Assert.Equal(
            "+High@2",
            new Scene(High).At(0, 99, quality: Quality.Bad).At(1, 99, quality: 0x1C).At(2, 99, quality: 0x40).Text);

    [Fact]
    public void A_bad_value_is_no_jump_breaks_no_flat_line_and_ends_no_condition()
    {
        Assert.Equal(
            "", new Scene(Scene.Nothing with { RatePerMinuteMax = 60 }).At(0, 1).At(1, 500, quality: 16).At(2, 1).Text);
        Assert.Equal(
            "+Flatline@2",
            new Scene(Scene.Nothing with { FlatlineSeconds = 2 })
                .At(0, 5).At(0.5, 6, quality: 24).At(1, 5).At(2, 5).Text);
        Assert.Equal("+High@0", new Scene(High).At(0, 99).At(1, 1, quality: 4).Text);
    }

    [Fact]
    public void A_bad_value_is_heard_so_that_its_signal_is_not_silent() =>
        Assert.Equal(
            "",
            new Scene(Scene.Nothing with { SilenceSeconds = 30 })
                .At(0, 1).Idle(1, 20).At(20, 1, quality: 8).Idle(21, 45).Text);

    [Fact]
    public void What_is_no_finite_number_is_not_judged() =>
        Assert.Equal(
            "+High@3", new Scene(High).Run(0, double.NaN, double.PositiveInfinity, 1, 99).Text);

    [Fact]
    public void A_sample_not_later_than_the_last_judged_one_is_not_judged()
    {
        Scene scene = new Scene(High).At(10, 1).At(9, 99, arrival: 11).At(10, 99, arrival: 12);
        Assert.Equal("", scene.Text);
        Assert.Equal(2, scene.Detectors.NotAscendingCount);
    }

    [Fact]
    public void A_time_far_ahead_of_its_arrival_does_not_blind_the_field() =>
        Assert.Equal("+High@12", new Scene(High).At(1e9, 1, arrival: 10).At(11, 1).At(12, 99).Text);

    [Fact]
    public void The_smallest_time_there_is_does_no_harm()
    {
        var scene = new Scene(High);
        PointBatch batch = scene.Open(0);
        batch.AddPoint(0, long.MinValue, PointFlags.None);
        batch.AddSample(0, FieldType.Float, Quality.Good, BitConverter.DoubleToInt64Bits(1));
        scene.Detectors.Observe(batch, scene);
        Assert.Equal("+High@1", scene.At(1, 99).Text);
    }

    [Theory]
    [InlineData(FieldType.Integer, 99, "+High@0")]
    [InlineData(FieldType.Integer, -99, "")]
    [InlineData(FieldType.Unsigned, -1, "+High@0")]
    [InlineData(FieldType.Boolean, 1, "")]
    [InlineData(FieldType.String, 99, "")]
    public void Integers_and_booleans_are_judged_as_numbers(FieldType type, long bits, string expected)
    {
        var scene = new Scene(High);
        PointBatch batch = scene.Open(0);
        batch.AddPoint(0, Scene.Start, PointFlags.None);
        batch.AddSample(0, type, Quality.Good, bits);
        scene.Detectors.Observe(batch, scene);
        Assert.Equal(expected, scene.Text);
    }

    [Fact]
    public void Fields_without_a_signal_are_not_watched()
    {
        var scene = new Scene(High);
        scene.Catalogue.TryIntern("x"u8, "f", FieldType.Float, out Field? unbound);
        scene.At(0, 1e9, field: unbound!.Id);
        Assert.Equal("", scene.Text);
        Assert.Equal(0, scene.Detectors.WatchedCount);
    }

    [Fact]
    public void Several_edges_of_one_record_ascend_in_time()
    {
        var scene = new Scene(High);
        PointBatch batch = scene.Open(10);
        foreach ((int second, double value) in new[] { (0, 99.0), (1, 1.0), (2, 99.0) })
        {
            batch.AddPoint(0, Scene.Nanoseconds(second), PointFlags.None);
            batch.AddSample(0, FieldType.Float, Quality.Good, BitConverter.DoubleToInt64Bits(value));
        }

        scene.Detectors.Observe(batch, scene);
        Assert.Equal("+High@0; -High@1; +High@2", scene.Text);
        Assert.Single(scene.Findings.Select(finding => finding.Offset).Distinct());
    }

    [Fact]
    public void A_changed_limit_holds_from_the_next_sample_on()
    {
        Scene scene = new Scene(High).Run(0, 85);
        scene.Bind(scene.FieldOf(0), 0, High with { Limits = LimitSet.None with { High = 90 } });
        Assert.Equal("+High@0; -High@1; +High@2", scene.Run(1, 85, 95).Text);
    }

    [Fact]
    public void What_is_no_longer_watched_ends()
    {
        Scene scene = new Scene(High with { FlatlineSeconds = 2 }).Run(0, 85, 85, 85);
        scene.Bind(scene.FieldOf(0), 0, High);
        Assert.Equal("+High@0; +Flatline@2; -Flatline@3", scene.Run(3, 85).Text);
    }

    [Fact]
    public void Another_signal_on_the_field_starts_from_nothing()
    {
        Scene scene = new Scene(High).Run(0, 85);
        scene.Bind(scene.FieldOf(0), 1, High);
        Assert.Equal("+High@0; -High@1; +High@1", scene.Run(1, 85).Text);
    }

    [Fact]
    public void A_quiet_fields_changed_rule_is_seen_within_a_minute_of_the_clock()
    {
        Scene scene = new Scene(Scene.Nothing with { SilenceSeconds = 3_600 }).At(0, 1).Idle(1, 100);
        scene.Bind(scene.FieldOf(0), 0, Scene.Nothing with { SilenceSeconds = 30 });
        scene.Idle(101, 200);
        Assert.InRange((Assert.Single(scene.Findings).Time - Scene.Start) / Scene.Second, 101, 161);
    }

    [Fact]
    public void Bound_anew_a_quiet_field_ends_what_is_no_longer_watched_at_once_and_keeps_the_rest()
    {
        AlarmRule both = High with { FlatlineSeconds = 2 };
        Scene scene = new Scene(both).Run(0, 85, 85, 85);
        scene.Detectors.Rebind(offset: 70, scene);
        Assert.Equal("+High@0; +Flatline@2", scene.Text);

        scene.Bind(scene.FieldOf(0), 0, High);
        scene.Detectors.Rebind(offset: 77, scene);
        Assert.Equal("+High@0; +Flatline@2; -Flatline@2", scene.Text);
        Assert.Equal(77, scene.Findings[^1].Offset);
        Assert.Equal("+High@0; +Flatline@2; -Flatline@2; -High@3", scene.Run(3, 75).Text);
    }

    [Fact]
    public void Observing_allocates_nothing()
    {
        var rule = new AlarmRule(new LimitSet(1, 2, 80, 90), 1, 0, 0, 5, 3, 30);
        var scene = new Scene(rule, rule, rule);
        var silent = new Nobody();
        int second = 0;
        long allocated = Allocation.Measure(() =>
        {
            PointBatch batch = scene.Open(++second);
            for (int field = 0; field < 3; field++)
            {
                batch.AddPoint(0, Scene.Nanoseconds(second), PointFlags.None);
                batch.AddSample(field, FieldType.Float, Quality.Good, BitConverter.DoubleToInt64Bits(second / 7 % 100));
            }

            scene.Detectors.Observe(batch, silent);
        });
        Assert.Equal(0, allocated);
        Assert.True(silent.Count > 100, "the way through findings is measured as well");
    }

    private sealed class Nobody : IFindingListener
    {
        public int Count { get; private set; }

        public void OnFinding(in Finding finding) => Count++;
    }
}
