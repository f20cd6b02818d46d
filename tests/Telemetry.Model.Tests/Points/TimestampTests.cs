namespace Telemetry.Model.Tests.Points;

public sealed class TimestampTests
{
    [Theory]
    [InlineData(long.MaxValue, TimePrecision.Nanoseconds, true)]
    [InlineData(9_223_372_036, TimePrecision.Seconds, true)]
    [InlineData(9_223_372_037, TimePrecision.Seconds, false)]
    [InlineData(-9_223_372_037, TimePrecision.Seconds, false)]
    [InlineData(long.MinValue, TimePrecision.Microseconds, false)]
    [InlineData(2_562_047, TimePrecision.Hours, true)]
    [InlineData(2_562_048, TimePrecision.Hours, false)]
    public void A_time_fits_or_is_refused(long value, TimePrecision precision, bool expected)
    {
        Assert.Equal(expected, Timestamp.TryFrom(value, precision, out long nanoseconds));
        Assert.Equal(expected ? value * Timestamp.NanosecondsPer(precision) : 0, nanoseconds);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1_767_225_600_123_456_700L)]
    [InlineData(-100L)]
    public void An_instant_goes_there_and_back(long nanoseconds) =>
        Assert.Equal(nanoseconds, Timestamp.From(Timestamp.ToDateTimeOffset(nanoseconds)));

    [Fact]
    public void Digits_below_a_tick_are_cut_towards_the_past() =>
        Assert.Equal(-100, Timestamp.From(Timestamp.ToDateTimeOffset(-1)));
}
