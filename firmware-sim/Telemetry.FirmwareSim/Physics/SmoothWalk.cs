namespace Telemetry.FirmwareSim;

/// <summary><see cref="SeededNoise.Smooth"/> for times near each other: it keeps the two ends of the cell.</summary>
internal sealed class SmoothWalk(ulong seed, ulong stream, double cellSeconds)
{
    private long _cell = long.MinValue;
    private double _left;
    private double _right;

    /// <summary>Where the walk is at a time in seconds since 1970.</summary>
    public double At(double seconds)
    {
        double position = seconds / cellSeconds;
        long cell = (long)Math.Floor(position);
        if (cell != _cell)
        {
            _left = SeededNoise.Bounded(seed, stream, cell);
            _right = SeededNoise.Bounded(seed, stream, cell + 1);
            _cell = cell;
        }

        return SeededNoise.Between(_left, _right, position - cell);
    }
}
