using Telemetry.Model;

namespace Telemetry.Detection.Tests;

public sealed class VerdictRulesTests
{
    private static readonly AnomalyFacts Judged = new()
    {
        Channel = AnomalyChannel.Shift,
        IsUp = true,
        Surprise = 1,
        Size = 10,
        Tolerance = 4,
        HistoryDays = 30,
        Air = new AnomalyCondition(-20, 50),
        Load = new AnomalyCondition(90, 100),
    };

    [Theory]
    [InlineData("", 0)]
    [InlineData("F", 1)]
    [InlineData("FF", 2)]
    [InlineData("FFFFF", 2)]
    [InlineData("FFFFFT", 1)]
    [InlineData("T", -1)]
    [InlineData("TTTT", -1)]
    [InlineData("TTTTF", 0)]
    [InlineData("FTE", 0)]
    public void Each_false_is_a_step_up_and_each_true_one_down_within_bounds(string said, int expected)
    {
        SeriesVerdicts verdicts = Of(said);
        Assert.Equal(expected, verdicts.StepsAt(1_000));
        Assert.Equal(0.6 + (expected * 0.301), verdicts.ThresholdAt(1_000), 6);
    }

    [Fact]
    public void A_threshold_at_its_upper_bound_is_within_reach_of_every_channel_alone()
    {
        const double MostDiscounted = EventRank.SurpriseMax - 1.7; // time of day, shift
        double highest = VerdictRules.ThresholdAt(VerdictRules.StepsUpMax);
        Assert.InRange(highest, VerdictRules.DefaultThreshold, MostDiscounted);
        Assert.True(VerdictRules.ThresholdAt(-VerdictRules.StepsDownMax) > AnomalyWatch.Notice);
    }

    [Fact]
    public void A_verdict_is_in_force_behind_its_time_up_to_its_end_and_leaves_nothing_behind()
    {
        var verdicts = new SeriesVerdicts([Said('F', 1, from: 10, until: 20), Said('F', 2, from: 15, until: 30)]);
        Assert.Equal([0, 1, 1, 2, 2, 1, 1, 0], Times(10, 11, 15, 16, 20, 21, 30, 31).Select(verdicts.StepsAt));
        Assert.Equal([0, 1, 2, 2, 0], Times(10, 11, 16, 30, 31).Select(verdicts.RaisedBy));
    }

    [Fact]
    public void What_is_like_what_was_judged_is_of_its_pattern_and_nothing_else_is()
    {
        SeriesVerdicts verdicts = Of("E");
        Check(Judged, 1);
        Check(Judged with { Size = 3, Surprise = 0.6 }, 1);
        Check(Judged with { Size = 15 }, 1);
        Check(Judged with { Size = 15.1 }, 0);
        Check(Judged with { Surprise = 1.4 }, 0);
        Check(Judged with { IsUp = false }, 0);
        Check(Judged with { Channel = AnomalyChannel.Noise }, 0);
        Check(Judged with { Air = new AnomalyCondition(-10, 50) }, 1);
        Check(Judged with { Air = new AnomalyCondition(-9, 50) }, 0);
        Check(Judged with { Load = new AnomalyCondition(0, 100) }, 0);
        Check(Judged with { Load = AnomalyCondition.None }, 0);

        void Check(AnomalyFacts seen, long expected) => Assert.Equal(expected, verdicts.PatternOf(seen, 1_000));
    }

    [Fact]
    public void A_pattern_covers_what_began_as_one_until_it_is_larger_or_on_the_other_side()
    {
        SeriesVerdicts verdicts = Of("E");
        AnomalyFacts turned = Judged with { Channel = AnomalyChannel.Residual, IsUp = false };
        Assert.True(verdicts.StillCovers(1, turned, isAway: false, 1_000));
        Assert.False(verdicts.StillCovers(1, turned, isAway: true, 1_000));
        Assert.False(verdicts.StillCovers(1, Judged with { Size = 16 }, isAway: true, 1_000));
        Assert.False(verdicts.StillCovers(2, Judged, isAway: true, 1_000));
    }

    private static long[] Times(params long[] times) => times;

    private static SeriesVerdicts Of(string said) => new(said.Select((word, i) => Said(word, i + 1, i, long.MaxValue)));

    private static GivenVerdict Said(char word, int number, long from, long until)
    {
        OperatorVerdict verdict = word switch
        {
            'F' => OperatorVerdict.False,
            'T' => OperatorVerdict.True,
            _ => OperatorVerdict.Expected,
        };
        return new GivenVerdict(number, verdict, from, until, Judged);
    }
}
