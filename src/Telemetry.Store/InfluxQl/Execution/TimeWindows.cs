namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Cuts time into windows of one width, their edges at the epoch plus an offset; or, without GROUP BY time, is one
/// window over all of time. In a zone the edges are those of its clocks: a day is one of theirs, be it of 23 or 25
/// hours.
/// </summary>
internal readonly struct TimeWindows(TimeGrouping? grouping, TimeZoneInfo? zone = null)
{
    private readonly long _interval = grouping?.Interval ?? 0;
    private readonly long _offset = grouping?.Offset ?? 0;

    /// <summary>True when there is one window only.</summary>
    public bool IsWhole => _interval == 0;

    /// <summary>True when the edges are those of a zone's clocks.</summary>
    public bool HasZone => zone is not null;

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
        Int128 start = time - IntoWindow(shifted, zone is null ? 0 : TimeZones.OffsetAt(zone, (long)shifted));
        if (start < long.MinValue)
        {
            return long.MinValue;
        }

        return zone is null ? (long)start : Adjusted((long)start - _offset, (long)shifted) + _offset;
    }

    /// <summary>The last instant of the window that starts at <paramref name="start"/>.</summary>
    public long LastOf(long start)
    {
        if (IsWhole || start > long.MaxValue - (_interval - 1))
        {
            return long.MaxValue;
        }

        return zone is null ? start + (_interval - 1) : EndIn(zone, start) - 1;
    }

    /// <summary>Walks over the windows from one on.</summary>
    public WindowSteps StepsFrom(long start, bool backwards) => new(this, start, backwards);

    private Int128 IntoWindow(Int128 shifted, long zoneOffset)
    {
        Int128 into = (shifted + zoneOffset) % _interval;
        return into < 0 ? into + _interval : into;
    }

    /// <summary>A start found with the offset of a later time moves when the clocks changed in between.</summary>
    private long Adjusted(long start, long time)
    {
        long change = TimeZones.OffsetAt(zone!, time) - TimeZones.OffsetAt(zone!, start);
        return Math.Abs(change) < _interval ? start + change : start;
    }

    /// <summary>
    /// Added time belongs to the window before the change; time that is skipped shortens the window it is skipped in.
    /// </summary>
    private long EndIn(TimeZoneInfo zone, long start)
    {
        long from = start - _offset;
        long end = from + _interval;
        long change = TimeZones.OffsetAt(zone, from) - TimeZones.OffsetAt(zone, end);
        bool applies = change != 0 && Math.Abs(change) < _interval
            && (change > 0 || TimeZones.OffsetAt(zone, end + change) == TimeZones.OffsetAt(zone, end));
        return (applies ? end + change : end) + _offset;
    }
}
