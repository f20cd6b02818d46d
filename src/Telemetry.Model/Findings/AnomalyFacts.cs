namespace Telemetry.Model;

/// <summary>What the detector knows of an anomaly beside value and limit; what a verdict on it goes by.</summary>
public sealed record AnomalyFacts
{
    /// <summary>What of it is most unusual.</summary>
    public required AnomalyChannel Channel { get; init; }

    /// <summary>True when the value is above what was expected; of a noise, when it has grown.</summary>
    public required bool IsUp { get; init; }

    /// <summary>
    /// The largest surprise so far: −log10 of the expected number of past events as large; of a relation, log10 of its
    /// statistic.
    /// </summary>
    public required double Surprise { get; init; }

    /// <summary>The largest distance from what was expected so far, in the signal's unit.</summary>
    public required double Size { get; init; }

    /// <summary>How far it may be from that and be usual, in the signal's unit.</summary>
    public required double Tolerance { get; init; }

    /// <summary>How long the series has been judged and learnt from.</summary>
    public required double HistoryDays { get; init; }

    /// <summary>Temperature of the air.</summary>
    public AnomalyCondition Air { get; init; } = AnomalyCondition.None;

    /// <summary>Load of the machine.</summary>
    public AnomalyCondition Load { get; init; } = AnomalyCondition.None;
}
