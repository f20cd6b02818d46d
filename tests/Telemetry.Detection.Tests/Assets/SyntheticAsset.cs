namespace Telemetry.Detection.Tests.Assets;

/// <summary>
/// A made-up asset: two hidden loads that wander (first order, memory of about ten rows) show in every signal, each of
/// which has noise of its own. The same seed gives the same rows.
/// </summary>
internal sealed class SyntheticAsset(int signalCount, int seed)
{
    public const long Start = 1_780_000_000_000_000_000;
    public const long Second = 1_000_000_000;

    private const double Memory = 0.9;
    private readonly Random _random = new(seed);
    private readonly double[] _loads = new double[2];

    public double[] Next()
    {
        for (int k = 0; k < _loads.Length; k++)
        {
            _loads[k] = (Memory * _loads[k]) + (Math.Sqrt(1 - (Memory * Memory)) * Gaussian());
        }

        double[] row = new double[signalCount];
        for (int j = 0; j < signalCount; j++)
        {
            row[j] = _loads[j % 2] + (0.5 * _loads[1 - (j % 2)] * Math.Sin(j)) + (0.3 * Gaussian());
        }

        return row;
    }

    public double[][] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    public double Gaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
