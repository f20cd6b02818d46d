namespace Telemetry.Model;

/// <summary>The unit in which a payload writes its time.</summary>
public enum TimePrecision : byte
{
    /// <summary>1 ns; line protocol's default.</summary>
    Nanoseconds = 0,

    /// <summary>1 µs.</summary>
    Microseconds = 1,

    /// <summary>1 ms; what most JSON gateways write.</summary>
    Milliseconds = 2,

    /// <summary>1 s.</summary>
    Seconds = 3,

    /// <summary>1 min; InfluxDB 1.x only.</summary>
    Minutes = 4,

    /// <summary>1 h; InfluxDB 1.x only.</summary>
    Hours = 5,
}

/// <summary>
/// Time in this product is a <see cref="long"/>: nanoseconds since 1970-01-01T00:00:00Z, as in InfluxDB.
/// Its range is 1677-09-21 to 2262-04-11; what falls outside is refused, never wrapped.
/// </summary>
public static class Timestamp
{
    /// <summary>Nanoseconds in one second.</summary>
    public const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Nanoseconds in a day of 24 hours.</summary>
    public const long NanosecondsPerDay = 86_400 * NanosecondsPerSecond;

    /// <summary>Nanoseconds in one millisecond.</summary>
    public const long NanosecondsPerMillisecond = 1_000_000;

    private const long NanosecondsPerTick = 100;

    /// <summary>Nanoseconds in one unit of <paramref name="precision"/>.</summary>
    public static long NanosecondsPer(TimePrecision precision) => precision switch
    {
        TimePrecision.Nanoseconds => 1,
        TimePrecision.Microseconds => 1_000,
        TimePrecision.Milliseconds => NanosecondsPerMillisecond,
        TimePrecision.Seconds => NanosecondsPerSecond,
        TimePrecision.Minutes => 60 * NanosecondsPerSecond,
        TimePrecision.Hours => 3_600 * NanosecondsPerSecond,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "no such precision"),
    };

    /// <summary>Converts a count of <paramref name="precision"/> units to nanoseconds.</summary>
    /// <returns>False when the result does not fit; <paramref name="nanoseconds"/> is then 0.</returns>
    public static bool TryFrom(long value, TimePrecision precision, out long nanoseconds)
    {
        long unit = NanosecondsPer(precision);
        if (value > long.MaxValue / unit || value < long.MinValue / unit)
        {
            nanoseconds = 0;
            return false;
        }

        nanoseconds = value * unit;
        return true;
    }

    /// <summary>The same instant as nanoseconds since 1970.</summary>
    public static long From(DateTimeOffset instant) =>
        checked((instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * NanosecondsPerTick);

    /// <summary>The same for an instant that someone wrote, which may lie outside 1677 to 2262.</summary>
    public static bool TryFrom(DateTimeOffset instant, out long nanoseconds)
    {
        long ticks = instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        bool fits = Math.Abs(ticks) <= long.MaxValue / NanosecondsPerTick;
        nanoseconds = fits ? ticks * NanosecondsPerTick : 0;
        return fits;
    }

    /// <summary>The same instant as a <see cref="DateTimeOffset"/> in UTC; digits below 100 ns are cut.</summary>
    public static DateTimeOffset ToDateTimeOffset(long nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(FloorDivide(nanoseconds, NanosecondsPerTick));

    private static long FloorDivide(long value, long divisor) =>
        value >= 0 ? value / divisor : ((value + 1) / divisor) - 1;
}
