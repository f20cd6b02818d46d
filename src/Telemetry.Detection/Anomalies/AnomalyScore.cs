namespace Telemetry.Detection;

/// <summary>How unusual an observation is.</summary>
/// <param name="Surprise">
/// −log10 of the expected number of past events as large: at 0 one like it is expected to have been seen once, at 1 a
/// tenth of one.
/// </param>
/// <param name="IsTold">True when it is worth a look and nothing like it was told shortly before.</param>
public readonly record struct AnomalyScore(double Surprise, bool IsTold)
{
    /// <summary>
    /// The same as a number from 0 to 1: from 0.5 on an observation is told; below it is not, however unusual.
    /// </summary>
    public double Share
    {
        get
        {
            double share = 1 / (1 + Math.Pow(10, AnomalyDetector.Notice - Surprise));
            return IsTold ? Math.Max(share, 0.5) : share / 2;
        }
    }
}
