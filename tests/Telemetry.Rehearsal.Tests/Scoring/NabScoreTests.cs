namespace Telemetry.Rehearsal.Tests;

public sealed class NabScoreTests
{
    private static readonly NabProfile Standard = NabProfile.All[0];

    /// <summary>A thousand rows with one window from 500 to 599.</summary>
    private static readonly NabWeights Weights = new(1_000, [(500, 599)]);

    private static NabScore Score(params (int Row, double Score)[] told)
    {
        var scores = new double[1_000];
        foreach ((int row, double score) in told)
        {
            scores[row] = score;
        }

        return NabScore.Of([(Weights, scores)], Standard);
    }

    [Fact]
    public void The_first_row_of_a_window_earns_all_and_nothing_earns_nothing()
    {
        Assert.Equal(100, Score((500, 1)).Score, 0.001);
        Assert.Equal(0, Score().Score, 0.001);
    }

    [Fact]
    public void The_middle_of_a_window_earns_less_by_the_benchmarks_sigmoid()
    {
        // Of two points between a miss and a hit: 1 + S(-0.5) / S(-1) with S(y) = 2 / (1 + exp(5 y)) - 1.
        double sigmoid = (2 / (1 + Math.Exp(-2.5))) - 1;
        double full = (2 / (1 + Math.Exp(-5.0))) - 1;
        Assert.Equal(100 * (1 + (sigmoid / full)) / 2, Score((550, 1)).Score, 0.001);
    }

    [Fact]
    public void A_false_row_far_from_all_windows_costs_its_weight()
    {
        NabScore score = Score((200, 1), (500, 1));
        Assert.Equal(100 * (2 - 0.11) / 2, score.Score, 0.001);
        Assert.Equal((1, 1), (score.Hits, score.FalseRows));
    }

    [Fact]
    public void Rows_of_the_probation_do_not_count()
    {
        Assert.Equal(150, Weights.Probation);
        Assert.Equal(100, Score((149, 1), (500, 1)).Score, 0.001);
    }

    [Fact]
    public void The_threshold_is_the_best_one_for_all()
    {
        NabScore score = Score((200, 0.3), (500, 0.7));
        Assert.Equal((100.0, 0.7), (Math.Round(score.Score, 6), score.Threshold));
    }
}
