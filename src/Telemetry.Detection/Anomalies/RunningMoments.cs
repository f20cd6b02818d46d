namespace Telemetry.Detection;

/// <summary>Mean and deviation of numbers that come one by one (Welford 1962).</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Squares">Sum of the squares of their distances from it.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct RunningMoments(double Mean, double Squares, int Count)
{
    /// <summary>Their standard deviation; 1 when they are all the same, so that it can be divided by.</summary>
    public double Deviation => Squares > 0 ? Math.Sqrt(Squares / (Count - 1)) : 1;

    /// <summary>The same with one number more.</summary>
    public RunningMoments With(double value)
    {
        double before = value - Mean;
        double mean = Mean + (before / (Count + 1));
        return new RunningMoments(mean, Squares + (before * (value - mean)), Count + 1);
    }

    /// <summary>A number in deviations from the mean.</summary>
    public double Standard(double value) => (value - Mean) / Deviation;
}
