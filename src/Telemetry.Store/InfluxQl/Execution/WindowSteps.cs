namespace Telemetry.Store.InfluxQl;

/// <summary>Walks over windows, also empty ones, forwards or back.</summary>
internal struct WindowSteps(TimeWindows windows, long start, bool backwards)
{
    private Int128 _start = start;

    /// <summary>The first instant of the window it stands on.</summary>
    public readonly long Start => (long)_start;

    /// <summary>True when the window lies before one, in the direction of the walk.</summary>
    public readonly bool IsBefore(long other) => backwards ? _start > other : _start < other;

    /// <summary>True when the window lies beyond the last one, in the direction of the walk.</summary>
    public readonly bool IsBeyond(long last) => backwards ? _start < last : _start > last;

    /// <summary>Goes on to the next window.</summary>
    public void Advance() => _start = !windows.HasZone
        ? _start + (backwards ? -windows.Interval : windows.Interval)
        : backwards ? windows.StartOf(Start - 1) : (Int128)windows.LastOf(Start) + 1;
}
