namespace Telemetry.Store.InfluxQl;

/// <summary>Time zones by their names in the tz database, as the machine has it.</summary>
internal static class TimeZones
{
    private const string DataDirectory = "/usr/share/zoneinfo"; // of the package tzdata

    /// <summary>The zone of that name.</summary>
    /// <exception cref="QueryRefusedException">There is none, or the machine has no zones at all.</exception>
    public static TimeZoneInfo Require(string name)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone))
        {
            return zone;
        }

        throw new QueryRefusedException(Directory.Exists(DataDirectory)
            ? $"unable to find time zone {name}"
            : $"unable to find time zone {name}: this machine has no time zones; install the package tzdata");
    }

    /// <summary>What the zone's clocks are ahead of UTC at an instant, in nanoseconds.</summary>
    public static long OffsetAt(TimeZoneInfo zone, long time) =>
        zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(FloorToMilliseconds(time))).Ticks
        * TimeSpan.NanosecondsPerTick;

    /// <summary>The instant at which the zone's clocks show a time, given as if they ran in UTC.</summary>
    /// <remarks>A time that does not exist or exists twice is read with one of the two offsets there.</remarks>
    public static long InstantOf(TimeZoneInfo zone, long clockTime)
    {
        long guess = clockTime - OffsetAt(zone, clockTime);
        return clockTime - OffsetAt(zone, guess);
    }

    private static long FloorToMilliseconds(long nanoseconds) =>
        (nanoseconds / 1_000_000) - (nanoseconds % 1_000_000 < 0 ? 1 : 0);
}
