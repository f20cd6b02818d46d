namespace Telemetry.Store.InfluxQl.Tests;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("1970-01-02", 86_400_000_000_000)]
    [InlineData("1970-01-01 00:00:01", 1_000_000_000)]
    [InlineData("1970-01-01 00:00:01.000000001", 1_000_000_001)]
    [InlineData("1970-01-01T00:00:01.5Z", 1_500_000_000)]
    [InlineData("1970-01-01T09:00:01+09:00", 1_000_000_000)]
    [InlineData("1969-12-31T23:59:59.9Z", -100_000_000)]
    public void Instants_are_read_to_the_nanosecond(string text, long expected)
    {
        Assert.True(TimeText.TryParse(text, null, out long nanoseconds));
        Assert.Equal(expected, nanoseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("1970-13-01")]
    [InlineData("1970-01-01T00:00:01")]
    [InlineData("1970-01-01 00:00:01Z")]
    [InlineData("1970-01-01 00:00:01.")]
    [InlineData("1970-01-01 00:00:01.0000000001")]
    [InlineData("1600-01-01")]
    [InlineData("2300-01-01")]
    public void What_is_no_instant_is_refused(string text) => Assert.False(TimeText.TryParse(text, null, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(1_767_225_720_500_000_000)]
    [InlineData(long.MaxValue - 2_000_000_000)]
    public void What_is_written_reads_back(long nanoseconds)
    {
        Assert.True(TimeText.TryParse(TimeText.Format(nanoseconds), null, out long read));
        Assert.Equal(nanoseconds, read);
    }
}
