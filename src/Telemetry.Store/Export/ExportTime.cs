using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Store.Export;

/// <summary>The bounds of exports as people write them.</summary>
public static class ExportTime
{
    /// <summary>
    /// Reads a day or an instant, such as <c>2026-01-31</c> or <c>2026-01-31T08:00:00Z</c>; one without an offset is
    /// local.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">Whose local times; null for UTC.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970.</param>
    /// <returns>False when it is none, one that no sample can have, or one that the zone's clocks skip.</returns>
    public static bool TryParse(string text, TimeZoneInfo? zone, out long nanoseconds)
    {
        nanoseconds = 0;
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime time))
        {
            return false;
        }

        if (time.Kind == DateTimeKind.Unspecified)
        {
            TimeZoneInfo place = zone ?? TimeZoneInfo.Utc;
            if (place.IsInvalidTime(time))
            {
                return false;
            }

            time = TimeZoneInfo.ConvertTimeToUtc(time, place);
        }

        return Timestamp.TryFrom(new DateTimeOffset(time.ToUniversalTime()), out nanoseconds);
    }
}
