namespace Telemetry.Detection;

/// <summary>
/// How much louder or quieter a series has become: the logarithm of its mean step lately over its mean step in the long
/// run. A loose contact, cavitation, a sensor under ice.
/// </summary>
internal struct NoiseChange
{
    private const double FastRate = 0.05;
    private const double SlowRate = 0.002;
    private const double Floor = 0.1; // of the long run's, so that silence is not minus infinity
    private const double ClipSteps = 5;
    private const int ClipAfter = 100; // observations
    private const int ReadyAfter = 60; // observations

    private double _previous;
    private double _fast;
    private double _slow;
    private int _count;

    /// <summary>The mean step lately as a multiple of that in the long run; 1 while that is not known.</summary>
    public readonly double Ratio => _slow > 0 ? _fast / _slow : 1;

    /// <summary>Takes an observation.</summary>
    /// <param name="value">The observation.</param>
    /// <param name="resolution">Steps up to here are none.</param>
    /// <returns>The size of the change, 0 while there is too little history.</returns>
    public double Observe(double value, double resolution)
    {
        double step = _count == 0 ? 0 : Math.Abs(value - _previous);
        bool isReady = _count > ReadyAfter && _slow > resolution;
        double change = isReady ? Math.Abs(Math.Log((_fast + (Floor * _slow)) / ((1 + Floor) * _slow))) : 0;
        double limit = _count > ClipAfter ? ClipSteps * _slow : double.MaxValue;
        _count = Math.Min(_count + 1, int.MaxValue - 1);
        _fast += Math.Max(FastRate, 1.0 / _count) * (step - _fast);
        _slow += Math.Max(SlowRate, 1.0 / _count) * (Math.Min(step, limit) - _slow);
        _previous = value;
        return change;
    }
}
