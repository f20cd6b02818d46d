namespace Telemetry.FirmwareSim;

/// <summary>The load of an area's line: what all its machines feel together.</summary>
internal sealed class LineLoad
{
    private const double HourSeconds = 3_600;

    private readonly SmoothWalk _load;
    private readonly SmoothWalk _shift;
    private double _seconds = double.NaN;
    private double _value;

    public LineLoad(ulong seed, string area)
    {
        _load = new SmoothWalk(seed, SeededNoise.StreamOf($"load.{area}"), 0.4 * HourSeconds);
        _shift = new SmoothWalk(seed, SeededNoise.StreamOf($"shift.{area}"), 4 * HourSeconds);
    }

    /// <summary>The load at a time in seconds since 1970, in deviations from the usual.</summary>
    public double At(double seconds)
    {
        if (seconds != _seconds)
        {
            _seconds = seconds;
            _value = (0.8 * _load.At(seconds)) + (0.6 * _shift.At(seconds));
        }

        return _value;
    }
}
