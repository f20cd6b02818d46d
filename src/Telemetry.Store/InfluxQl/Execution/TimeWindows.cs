namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Cuts time into windows of one width, their edges at the epoch plus an offset; or, without GROUP BY time, is one
/// window over all of time.
/// </summary>
internal readonly struct TimeWindows(TimeGrouping? grouping)
{
    private readonly long _interval = grouping?.Interval ?? 0;
    private readonly long _offset = grouping?.Offset ?? 0;

    /// <summary>True when there is one window only.</summary>
    public bool IsWhole => _interval == 0;

    /// <summary>The width in nanoseconds; 0 for one window over all of time.</summary>
    public long Interval => _interval;

    /// <summary>The first instant of the window that <paramref name="time"/> is in.</summary>
    public long StartOf(long time)
    {
        if (IsWhole)
        {
            return long.MinValue;
        }

        Int128 shifted = (Int128)time - _offset;
        Int128 into = shifted % _interval;
        Int128 start = time - (into < 0 ? into + _interval : into);
        return start < long.MinValue ? long.MinValue : (long)start;
    }

    /// <summary>The last instant of the window that starts at <paramref name="start"/>.</summary>
    public long LastOf(long start) =>
        IsWhole || start > long.MaxValue - (_interval - 1) ? long.MaxValue : start + (_interval - 1);
}
