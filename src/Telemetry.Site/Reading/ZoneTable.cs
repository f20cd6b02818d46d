using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>Zones by the name of the time zone database, or by their distance from UTC.</summary>
internal static class ZoneTable
{
    private static readonly DateTime First = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Last = new(2050, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The zone; null when there is none of that name.</summary>
    public static LocalZone? Find(string name)
    {
        if (FixedMinutes(name) is { } minutes)
        {
            return new LocalZone(name, minutes * 60);
        }

        return name.Contains('/') || name == "UTC"
            ? TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? Of(name, zone) : null
            : null;
    }

    /// <summary>Minutes east of UTC, of <c>+08:00</c>.</summary>
    private static int? FixedMinutes(string name)
    {
        bool isFixed = name.Length > 0 && name[0] is '+' or '-';
        string format = @"hh\:mm";
        return isFixed && TimeSpan.TryParseExact(name[1..], format, CultureInfo.InvariantCulture, out TimeSpan distance)
            ? (int)distance.TotalMinutes * (name[0] == '-' ? -1 : 1)
            : null;
    }

    /// <summary>Looks at each day, and where the distance differs from the day before for the second.</summary>
    private static LocalZone Of(string name, TimeZoneInfo zone)
    {
        var changes = new List<ZoneChange>();
        for (DateTime day = First; day < Last; day = day.AddDays(1))
        {
            TimeSpan before = zone.GetUtcOffset(day);
            DateTime next = day.AddDays(1);
            if (zone.GetUtcOffset(next) == before)
            {
                continue;
            }

            DateTime same = day;
            while (next - same > TimeSpan.FromSeconds(1))
            {
                DateTime middle = same.AddSeconds(Math.Floor((next - same).TotalSeconds / 2));
                bool isSame = zone.GetUtcOffset(middle) == before;
                same = isSame ? middle : same;
                next = isSame ? next : middle;
            }

            long at = (long)(next - DateTime.UnixEpoch).TotalSeconds;
            changes.Add(new ZoneChange(at, (int)zone.GetUtcOffset(next).TotalSeconds));
        }

        return new LocalZone(name, (int)zone.GetUtcOffset(First).TotalSeconds, changes);
    }
}
