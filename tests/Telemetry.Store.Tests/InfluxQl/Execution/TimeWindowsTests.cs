using System.Globalization;

namespace Telemetry.Store.InfluxQl.Tests;

/// <summary>Windows by the clocks of a place; each walk over them meets the windows that samples fall into.</summary>
public sealed class TimeWindowsTests
{
    private const long Hour = 3_600_000_000_000;

    [Theory]
    [InlineData("Asia/Ulaanbaatar", "2016-03-25T16:00:00Z", 23)] // the clocks go forward
    [InlineData("Asia/Ulaanbaatar", "2016-03-26T15:00:00Z", 24)]
    [InlineData("Asia/Ulaanbaatar", "2016-09-22T15:00:00Z", 25)] // and back
    [InlineData("Asia/Ulaanbaatar", "2016-09-23T16:00:00Z", 24)]
    [InlineData("Asia/Seoul", "2016-03-25T15:00:00Z", 24)]
    [InlineData("Europe/Berlin", "2016-03-26T23:00:00Z", 23)]
    [InlineData("Europe/Berlin", "2016-10-29T22:00:00Z", 25)]
    public void A_day_is_one_of_the_place(string zone, string start, int hours)
    {
        long first = Of(start);
        TimeWindows days = Days(zone, 24 * Hour, 0);

        for (int hour = 0; hour < hours; hour++)
        {
            Assert.Equal(first, days.StartOf(first + (hour * Hour)));
        }

        Assert.Equal(first + (hours * Hour) - 1, days.LastOf(first));
        Assert.Equal(first + (hours * Hour), days.StartOf(first + (hours * Hour)));
    }

    [Theory]
    [InlineData("2016-03-24T11:00:00Z", "2016-03-24T23:00:00Z")] // 19:00 to 07:00
    [InlineData("2016-03-25T11:00:00Z", "2016-03-25T23:00:00Z")] // to 08:00: as in influxd it changes an offset later
    [InlineData("2016-09-23T10:00:00Z", "2016-09-23T23:00:00Z")] // to 07:00 in thirteen hours
    public void A_shift_over_midnight_is_one_window(string start, string end)
    {
        TimeWindows shifts = Days("Asia/Ulaanbaatar", 12 * Hour, 7 * Hour);

        Assert.Equal(Of(start), shifts.StartOf(Of(start) + Hour));
        Assert.Equal(Of(start), shifts.StartOf(Of(end) - Hour));
        Assert.Equal(Of(end) - 1, shifts.LastOf(Of(start)));
    }

    [Theory]
    [InlineData("Asia/Ulaanbaatar")]
    [InlineData("Europe/Berlin")]
    [InlineData("Asia/Seoul")]
    public void A_walk_meets_the_days_of_samples(string zone)
    {
        TimeWindows days = Days(zone, 24 * Hour, 0);
        WindowSteps steps = days.StepsFrom(days.StartOf(Of("2016-01-10T12:00:00Z")), backwards: false);
        for (int i = 0; i < 330; i++)
        {
            Assert.Equal(steps.Start, days.StartOf(steps.Start));
            Assert.Equal(steps.Start, days.StartOf(steps.Start + (12 * Hour)));
            steps.Advance();
        }
    }

    [Fact]
    public void A_zone_that_is_not_there_is_refused_by_name() => Assert.Equal(
        "unable to find time zone No/Where",
        Assert.Throws<QueryRefusedException>(() => TimeZones.Require("No/Where")).Message);

    private static TimeWindows Days(string zone, long interval, long offset) =>
        new(new TimeGrouping(interval, offset), TimeZones.Require(zone));

    private static long Of(string instant) =>
        DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() * 1_000_000;
}
