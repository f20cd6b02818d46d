using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>What operators said of the anomalies of one signal. Immutable; for any thread.</summary>
public sealed class SeriesVerdicts
{
    private readonly GivenVerdict[] _given; // in the order in which they came into force

    /// <param name="given">
    /// Verdicts on one signal; those no longer in force too, while anyone may replay their time.
    /// </param>
    public SeriesVerdicts(IEnumerable<GivenVerdict> given)
    {
        _given = [.. given.OrderBy(verdict => verdict.From).ThenBy(verdict => verdict.Number)];
    }

    /// <summary>Where the threshold is, in steps from the default.</summary>
    public int StepsAt(long now)
    {
        int steps = 0;
        foreach (GivenVerdict verdict in _given)
        {
            steps = verdict.IsInForceAt(now) ? VerdictRules.StepsAfter(steps, verdict.Verdict) : steps;
        }

        return steps;
    }

    /// <summary>The surprise from which on a person is told.</summary>
    public double ThresholdAt(long now) => VerdictRules.ThresholdAt(StepsAt(now));

    /// <summary>The newest <see cref="OperatorVerdict.False"/> in force; 0 for none.</summary>
    public long RaisedBy(long now) =>
        _given.LastOrDefault(one => one.Verdict == OperatorVerdict.False && one.IsInForceAt(now))?.Number ?? 0;

    /// <summary>The expected pattern that what is seen is one of; 0 for none.</summary>
    public long PatternOf(AnomalyFacts seen, long now) =>
        _given.LastOrDefault(one => IsPattern(one, now) && VerdictRules.IsLike(one.Judged, seen))?.Number ?? 0;

    /// <summary>True while an expected pattern is in force and what began as one has not outgrown it.</summary>
    /// <param name="number">The pattern.</param>
    /// <param name="seen">What it has become.</param>
    /// <param name="isAway">The value is away from what is usual now, so that its direction says something.</param>
    /// <param name="now">Lane time.</param>
    public bool StillCovers(long number, AnomalyFacts seen, bool isAway, long now) => Array.Exists(
        _given,
        one => one.Number == number
            && IsPattern(one, now)
            && VerdictRules.IsWithin(one.Judged, seen)
            && (!isAway || one.Judged.IsUp == seen.IsUp));

    private static bool IsPattern(GivenVerdict verdict, long now) =>
        verdict.Verdict == OperatorVerdict.Expected && verdict.IsInForceAt(now);
}
