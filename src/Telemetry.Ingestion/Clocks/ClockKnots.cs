namespace Telemetry.Ingestion;

/// <summary>One remembered estimate.</summary>
/// <param name="Event">The clock's own time, nanoseconds since 1970.</param>
/// <param name="Offset">What was to be added to it.</param>
/// <param name="Run">Number of the run of the clock; a jump begins a new one.</param>
internal readonly record struct ClockKnot(long Event, long Offset, int Run);

/// <summary>
/// What was to be added to a clock's times over the last half a day, by its own time: what it buffered during an outage
/// is corrected by what held then. A ring that allocates nothing.
/// </summary>
internal sealed class ClockKnots
{
    /// <summary>Remembered estimates: of half a day, for what was buffered meanwhile.</summary>
    public const int CountMax = 32;

    private readonly ClockKnot[] _ring = new ClockKnot[CountMax];
    private int _first;

    /// <summary>How many are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>One of them, the oldest first.</summary>
    public ClockKnot this[int index] => _ring[(_first + index) % _ring.Length];

    /// <summary>Remembers an estimate in place of the oldest.</summary>
    public void Add(ClockKnot knot)
    {
        if (Count == _ring.Length)
        {
            _ring[_first] = knot;
            _first = (_first + 1) % _ring.Length;
            return;
        }

        _ring[(_first + Count++) % _ring.Length] = knot;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    /// <summary>What was to be added to a time of the clock.</summary>
    /// <param name="time">The clock's own time.</param>
    /// <param name="latest">The estimate now, which is not among them.</param>
    /// <param name="distance">How far the time is from the estimate before it that is relied on.</param>
    public long OffsetAt(long time, ClockKnot latest, out long distance)
    {
        int nearest = Count;
        long least = DistanceOf(time, latest);
        for (int i = Count - 1; i >= 0; i--)
        {
            ClockKnot knot = this[i];
            ClockKnot next = i + 1 < Count ? this[i + 1] : latest;
            if (knot.Run == next.Run && knot.Event <= time && time <= next.Event)
            {
                // The clock may have been set at the end of the outage: only the one before is relied on.
                distance = time - knot.Event;
                long span = Math.Max(1, next.Event - knot.Event);
                return knot.Offset + (long)((double)(next.Offset - knot.Offset) * distance / span);
            }

            if (DistanceOf(time, knot) < least)
            {
                least = DistanceOf(time, knot);
                nearest = i;
            }
        }

        ClockKnot end = nearest < Count ? this[nearest] : latest;
        distance = least;
        double drift = time > end.Event ? DriftBefore(nearest, end) : 0;
        return end.Offset + (long)(drift * least);
    }

    /// <summary>
    /// By how much what is to be added grows per nanosecond before an estimate; 0 when that is not known.
    /// </summary>
    /// <param name="index">Its place; <see cref="Count"/> for one that is not remembered yet.</param>
    /// <param name="end">The estimate.</param>
    public double DriftBefore(int index, ClockKnot end)
    {
        double drift = 0;
        for (int i = index - 1; i >= 0; i--)
        {
            ClockKnot knot = this[i];
            long span = end.Event - knot.Event;
            if (knot.Run != end.Run || (span > ClockAssumptions.DriftSpanMax && drift != 0))
            {
                break;
            }

            drift = span >= ClockAssumptions.DriftSpanMin ? (double)(end.Offset - knot.Offset) / span : drift;
        }

        double fastest = 1.0 / ClockAssumptions.DriftDivisor;
        return Math.Clamp(drift, -fastest, fastest);
    }

    private static long DistanceOf(long time, ClockKnot knot) => Math.Abs(time - knot.Event);
}
