using System.Globalization;

namespace Telemetry.Model.Tests.Site;

public sealed class LocalZoneTests
{
    // As Mongolia had it in 2016: an hour ahead from 2016-03-25 18:00 UTC to 2016-09-23 15:00 UTC.
    private static readonly LocalZone Ulaanbaatar = new(
        "Asia/Ulaanbaatar",
        8 * 3_600,
        new ZoneChange(Seconds("2016-03-25T18:00:00"), 9 * 3_600),
        new ZoneChange(Seconds("2016-09-23T15:00:00"), 8 * 3_600));

    [Theory]
    [InlineData("2016-01-10T08:00:00", "2016-01-10T00:00:00")]
    [InlineData("2016-07-10T09:00:00", "2016-07-10T00:00:00")]
    [InlineData("2026-07-10T08:00:00", "2026-07-10T00:00:00")]
    [InlineData("2016-03-26T01:59:59", "2016-03-25T17:59:59")]
    [InlineData("2016-03-26T03:00:00", "2016-03-25T18:00:00")]
    [InlineData("2016-03-26T02:30:00", "2016-03-25T18:30:00")] // left out: counted on
    public void A_local_time_is_an_instant(string local, string utc) =>
        Assert.Equal(Seconds(utc), Ulaanbaatar.ToUtc(Seconds(local), Seconds(utc)));

    [Theory]
    [InlineData("2016-09-23T14:31:00", "2016-09-23T14:30:00")]
    [InlineData("2016-09-23T15:31:00", "2016-09-23T15:30:00")]
    public void Of_an_hour_that_comes_twice_the_one_nearer_to_its_arrival_is_meant(string arrival, string utc) =>
        Assert.Equal(Seconds(utc), Ulaanbaatar.ToUtc(Seconds("2016-09-23T23:30:00"), Seconds(arrival)));

    [Theory]
    [InlineData("2000-01-01T00:00:00", 8)]
    [InlineData("2016-03-25T17:59:59", 8)]
    [InlineData("2016-03-25T18:00:00", 9)]
    [InlineData("2016-09-23T15:00:00", 8)]
    public void An_offset_holds_from_its_change_on(string utc, int hours) =>
        Assert.Equal(hours * 3_600, Ulaanbaatar.OffsetAt(Seconds(utc)));

    private static long Seconds(string utc) =>
        DateTimeOffset.Parse(utc + "Z", CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
