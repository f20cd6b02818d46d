using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>How often something happened on each day of a place.</summary>
/// <param name="zone">The place's time zone.</param>
public sealed class DailyCount(TimeZoneInfo zone)
{
    private readonly Dictionary<DateOnly, int> _days = [];

    /// <summary>In all.</summary>
    public int Total { get; private set; }

    /// <summary>The day with most, the first of them; and how often.</summary>
    public (DateOnly Day, int Count) Worst =>
        _days.OrderByDescending(day => day.Value).ThenBy(day => day.Key)
            .Select(day => (day.Key, day.Value)).FirstOrDefault();

    internal void Add(long time)
    {
        DateTime local = TimeZoneInfo.ConvertTime(Timestamp.ToDateTimeOffset(time), zone).DateTime;
        var day = DateOnly.FromDateTime(local);
        _days[day] = _days.GetValueOrDefault(day) + 1;
        Total++;
    }
}
