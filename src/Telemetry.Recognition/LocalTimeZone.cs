using System.Globalization;

namespace Telemetry.Recognition;

/// <summary>The zone of local times, told by when their messages arrived.</summary>
internal static class LocalTimeZone
{
    private const double NanosecondsPerMinute = 60e9;
    private const int StepMinutes = 30; // zones that people live in, but for three
    private const int DelayMinutesMax = 5; // of a message that is no back-fill, its clock's error included
    private const int WestMinutesMax = -12 * 60;
    private const int EastMinutesMax = 14 * 60;

    /// <summary>Minutes east of UTC; null when the messages do not agree on one.</summary>
    /// <param name="times">Local times with the arrivals of their messages, nanoseconds since 1970.</param>
    public static int? Of(IEnumerable<(string Time, long Arrival)> times)
    {
        int?[] zones = [.. times.Select(pair => ZoneOf(pair.Time, pair.Arrival)).Distinct()];
        return zones.Length == 1 ? zones[0] : null;
    }

    /// <summary>As a site file has it: <c>+08:00</c>.</summary>
    public static string Text(int minutes)
    {
        string sign = minutes < 0 ? "-" : "+";
        return sign + TimeSpan.FromMinutes(Math.Abs(minutes)).ToString("hh\\:mm", CultureInfo.InvariantCulture);
    }

    private static int? ZoneOf(string time, long arrival)
    {
        const DateTimeStyles AsUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (arrival == 0 || !DateTime.TryParse(time, CultureInfo.InvariantCulture, AsUtc, out DateTime local))
        {
            return null;
        }

        double east = (local - DateTime.UnixEpoch).TotalMinutes - (arrival / NanosecondsPerMinute);
        int zone = (int)Math.Round(east / StepMinutes) * StepMinutes;
        bool isZone = zone is >= WestMinutesMax and <= EastMinutesMax;
        return isZone && Math.Abs(east - zone) <= DelayMinutesMax ? zone : null;
    }
}
