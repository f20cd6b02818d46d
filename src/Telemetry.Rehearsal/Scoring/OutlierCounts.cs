namespace Telemetry.Rehearsal;

/// <summary>Rows by what they are and what was predicted of them.</summary>
/// <param name="TruePositives">Anomalous, and predicted.</param>
/// <param name="FalsePositives">Normal, and predicted.</param>
/// <param name="FalseNegatives">Anomalous, and not predicted.</param>
/// <param name="TrueNegatives">Normal, and not predicted.</param>
public readonly record struct OutlierCounts(
    int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    /// <summary>Harmonic mean of precision and recall, 0 to 1.</summary>
    public double F1 => TruePositives / (TruePositives + ((FalseNegatives + FalsePositives) / 2.0));

    /// <summary>False alarm rate: the share of normal rows that were predicted to be anomalous, %.</summary>
    public double FalseAlarmRate => 100.0 * FalsePositives / Math.Max(1, FalsePositives + TrueNegatives);

    /// <summary>Missed alarm rate: the share of anomalous rows that were not predicted, %.</summary>
    public double MissedAlarmRate => 100.0 * FalseNegatives / Math.Max(1, FalseNegatives + TruePositives);

    /// <summary>The same with one row more.</summary>
    public OutlierCounts With(bool isAnomalous, bool isPredicted) => (isAnomalous, isPredicted) switch
    {
        (true, true) => this with { TruePositives = TruePositives + 1 },
        (false, true) => this with { FalsePositives = FalsePositives + 1 },
        (true, false) => this with { FalseNegatives = FalseNegatives + 1 },
        _ => this with { TrueNegatives = TrueNegatives + 1 },
    };
}
