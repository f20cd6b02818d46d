using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>
/// What verdicts on anomalies do, all of it: docs/detection/verdicts.md says it in words. Everything follows from the
/// verdicts in force, so that a revoked one leaves nothing behind.
/// </summary>
public static class VerdictRules
{
    /// <summary>A step of the threshold, in surprise: twice as rare (log10 2).</summary>
    public const double Step = 0.301;

    /// <summary>How many steps below the default a threshold may be.</summary>
    public const int StepsDownMax = 1;

    /// <summary>
    /// How many steps above: at 1.202 each channel alone can still reach it, the most discounted one by a tenth.
    /// </summary>
    public const int StepsUpMax = 2;

    /// <summary>What is larger than this many times what was judged is not what was expected.</summary>
    public const double SizeRatioMax = 1.5;

    /// <summary>How far a condition may be from that of what was judged, as a part of its span in history.</summary>
    public const double ConditionPart = 0.2;

    /// <summary>An expected pattern is held back for so many days when nothing else is said.</summary>
    public const int ExpectedDaysDefault = 90;

    /// <summary>An expected pattern is held back for so many days at most.</summary>
    public const int ExpectedDaysMax = 366;

    /// <summary>The surprise from which on a person is told while nothing was said.</summary>
    public const double DefaultThreshold = AnomalyWatch.Page;

    /// <summary>The surprise from which on a person is told at so many steps from the default.</summary>
    public static double ThresholdAt(int steps) => DefaultThreshold + (steps * Step);

    /// <summary>Where the threshold is after one more verdict, in steps from the default.</summary>
    public static int StepsAfter(int steps, OperatorVerdict verdict) => verdict switch
    {
        OperatorVerdict.False => Math.Min(steps + 1, StepsUpMax),
        OperatorVerdict.True => Math.Max(steps - 1, -StepsDownMax),
        _ => steps,
    };

    /// <summary>True when what is seen is of the kind, direction, context and size of what was judged.</summary>
    public static bool IsLike(AnomalyFacts judged, AnomalyFacts seen)
    {
        ArgumentNullException.ThrowIfNull(judged);
        ArgumentNullException.ThrowIfNull(seen);
        return judged.Channel == seen.Channel
            && judged.IsUp == seen.IsUp
            && IsNear(judged.Air, seen.Air)
            && IsNear(judged.Load, seen.Load)
            && IsWithin(judged, seen);
    }

    /// <summary>True when what is seen is not clearly larger than what was judged.</summary>
    public static bool IsWithin(AnomalyFacts judged, AnomalyFacts seen)
    {
        ArgumentNullException.ThrowIfNull(judged);
        ArgumentNullException.ThrowIfNull(seen);
        return seen.Size <= SizeRatioMax * Math.Max(judged.Size, judged.Tolerance)
            && seen.Surprise <= judged.Surprise + Step;
    }

    private static bool IsNear(in AnomalyCondition judged, in AnomalyCondition seen) =>
        judged.IsKnown == seen.IsKnown
        && (!judged.IsKnown
            || Math.Abs(seen.Value - judged.Value) <= ConditionPart * Math.Max(judged.Span, seen.Span));
}
