using Telemetry.Model;

namespace Telemetry.Detection.Tests;

public sealed class SilenceDetectorTests
{
    private static readonly AlarmRule Rule = Scene.Nothing with { SilenceSeconds = 30 };

    [Fact]
    public void Silence_begins_by_the_clock_alone_and_ends_with_the_next_sample() =>
        Assert.Equal(
            "+Silence@30; -Silence@100",
            new Scene(Rule).At(0, 1).Idle(1, 99).At(100, 1).Idle(101, 120).Text);

    [Fact]
    public void A_signal_never_heard_of_is_not_silent() => Assert.Equal("", new Scene(Rule).Idle(0, 1_000).Text);

    [Fact]
    public void Samples_of_others_move_the_clock()
    {
        var scene = new Scene(Rule, Scene.Nothing);
        scene.At(0, 1);
        for (int second = 1; second < 40; second++)
        {
            scene.At(second, 1, field: 1);
        }

        Assert.Equal("+Silence@30", scene.Text);
    }

    [Fact]
    public void Bad_samples_break_the_silence() =>
        Assert.Equal("", new Scene(Rule).At(0, 1).Idle(1, 20).At(21, 1, quality: Quality.Bad).Idle(22, 50).Text);

    [Fact]
    public void A_repeated_value_that_says_that_nobody_knows_it_now_does_not() =>
        Assert.Equal(
            "+Silence@30",
            new Scene(Rule).At(0, 1).Idle(1, 20)
                .At(21, 1, quality: Quality.LastKnown, flags: PointFlags.Stale).Idle(22, 50).Text);

    [Fact]
    public void Late_samples_do_not() =>
        Assert.Equal(
            "+Silence@30",
            new Scene(Rule).At(0, 1).Idle(1, 20)
                .At(-9_000, 1, arrival: 21, flags: PointFlags.Late).Idle(22, 50)
                .At(-8_999, 1, arrival: 51, flags: PointFlags.Late).Text);

    [Fact]
    public void Time_in_which_nobody_listened_is_nobodys_silence() =>
        Assert.Equal("", new Scene(Rule).At(0, 1).Idle(1, 5).Idle(3_600, 3_610).At(3_611, 1).Text);

    [Fact]
    public void After_such_a_time_the_silence_goes_on_where_it_was() =>
        Assert.Equal("+Silence@3615", new Scene(Rule).At(0, 1).Idle(1, 5).Idle(3_600, 3_630).Text);

    [Fact]
    public void A_clock_that_steps_back_stands_still() =>
        Assert.Equal("+Silence@30", new Scene(Rule).At(0, 1).Idle(1, 20).Idle(10, 35).Text);

    [Fact]
    public void Value_and_limit_are_seconds()
    {
        Scene scene = new Scene(Rule).At(0, 1).Idle(1, 99).At(100, 1);
        Assert.Equal((30, 30), (scene.Findings[0].Value, scene.Findings[0].Limit));
        Assert.Equal((100, 30), (scene.Findings[1].Value, scene.Findings[1].Limit));
    }
}
