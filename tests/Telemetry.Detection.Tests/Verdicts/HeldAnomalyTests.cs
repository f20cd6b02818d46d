using Telemetry.Model;

namespace Telemetry.Detection.Tests;

/// <summary>A level that moves by so much for an hour, again and again, on a signal that operators judge.</summary>
public sealed class HeldAnomalyTests
{
    private const string Signal = "CR-1.s0";
    private const int WarmUpMinutes = AnomalyWatch.WarmUpCount + 10;
    private const int Hour = 60;
    private const int QuietMinutes = 600;
    private const double Moved = 6;

    private readonly Plant _plant = new Plant(Scene.Nothing with { Anomalies = true }).Play(WarmUpMinutes);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_expected_pattern_is_found_and_not_told_until_it_is_clearly_larger(bool restarts)
    {
        Finding told = Assert.Single(Move(Moved));
        Judge(OperatorVerdict.Expected, told, until: long.MaxValue);

        Assert.Empty(Move(Moved, restarts));
        Assert.Equal([FindingEdge.Began, FindingEdge.Ended], _plant.Held.Select(held => held.Finding.Edge));
        Assert.All(_plant.Held, held => Assert.Equal((Signal, 1L), (held.Signal, held.Verdict)));

        Assert.Single(Move(3 * Moved));
    }

    [Fact]
    public void A_pattern_that_is_revoked_or_expired_is_told_again()
    {
        Finding told = Assert.Single(Move(Moved));
        Judge(OperatorVerdict.Expected, told, until: _plant.Now - 1);
        Assert.Single(Move(Moved));
        Assert.Empty(_plant.Held);
    }

    [Fact]
    public void What_is_held_back_is_told_when_its_verdict_is_revoked_while_it_stands()
    {
        Finding told = Assert.Single(Move(Moved));
        long until = _plant.Now + (Hour / 2 * 60 * Scene.Second);
        Judge(OperatorVerdict.Expected, told, until);
        Finding again = Assert.Single(Move(Moved));
        Assert.True(again.Time >= until);
        Assert.Single(_plant.Held);
    }

    /// <summary>What people were told of the signal while it moved.</summary>
    private List<Finding> Move(double by, bool restarts = false)
    {
        int before = _plant.Told.Count;
        _plant.Play(Hour / 2, Moving);
        if (restarts)
        {
            _plant.Restart();
        }

        _plant.Play(Hour / 2, Moving).Play(QuietMinutes);
        return
        [
            .. _plant.Told.Skip(before)
                .Where(told => told is { Signal: Signal, IsNotice: false, Finding.Edge: FindingEdge.Began })
                .Select(told => told.Finding),
        ];

        double Moving(string name, int minute) => Plant.Usual(name, before + minute) + (name == Signal ? by : 0);
    }

    private void Judge(OperatorVerdict verdict, Finding told, long until)
    {
        AnomalyFacts judged = told.Anomaly! with
        {
            Size = Math.Max(told.Anomaly!.Size, _plant.Largest!.Size),
            Surprise = Math.Max(told.Anomaly.Surprise, _plant.Largest.Surprise),
        };
        _plant.Take(Signal, new GivenVerdict(1, verdict, told.Time, until, judged));
    }
}
