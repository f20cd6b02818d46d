namespace Telemetry.Detection;

/// <summary>
/// How long and how far a series has been on one side of its slow level: the larger one of two cumulative sums (Page
/// 1954) that leak, so that what is over is forgotten.
/// </summary>
internal struct SlowDrift
{
    private const double LevelRate = 0.0005;
    private const double SpreadRate = 0.001;
    private const double Allowance = 1; // spreads per observation that are no drift
    private const double Keep = 0.995; // of the sums, per observation
    private const double ClipSpreads = 5;
    private const int ClipAfter = 100; // observations

    private double _level;
    private double _spread;
    private float _up;
    private float _down;
    private int _count;

    /// <summary>Takes an observation.</summary>
    /// <param name="value">The observation.</param>
    /// <param name="resolution">A spread up to here is none.</param>
    /// <returns>The larger sum, in spreads.</returns>
    public double Observe(double value, double resolution)
    {
        _level = _count == 0 ? value : _level;
        double residual = value - _level;
        double limit = _count > ClipAfter ? ClipSpreads * _spread : double.MaxValue;
        _count = Math.Min(_count + 1, int.MaxValue - 1);
        _spread += Math.Max(SpreadRate, 1.0 / _count) * (Math.Abs(residual) - _spread);
        double size = _spread > resolution ? Math.Clamp(residual / _spread, -ClipSpreads, ClipSpreads) : 0;
        _up = (float)Math.Max(0, (Keep * _up) + size - Allowance);
        _down = (float)Math.Max(0, (Keep * _down) - size - Allowance);
        _level += Math.Max(LevelRate, 1.0 / _count) * Math.Clamp(residual, -limit, limit);
        return Math.Max(_up, _down);
    }
}
