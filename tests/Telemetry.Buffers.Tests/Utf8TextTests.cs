namespace Telemetry.Buffers.Tests;

public sealed class Utf8TextTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("61", true)]
    [InlineData("D0B0", true)]
    [InlineData("EFBBBF", true)]   // [MQTT-1.5.4-3]: U+FEFF is a character like any other
    [InlineData("F48FBFBF", true)] // U+10FFFF
    [InlineData("01", true)]       // control characters are legal, if unwise
    [InlineData("00", false)]      // [MQTT-1.5.4-2]
    [InlineData("610062", false)]
    [InlineData("80", false)]
    [InlineData("C0AF", false)]    // overlong
    [InlineData("E080AF", false)]
    [InlineData("EDA080", false)]  // [MQTT-1.5.4-1]: a surrogate
    [InlineData("EDBFBF", false)]
    [InlineData("F4908080", false)] // above U+10FFFF
    [InlineData("D0", false)]      // torn
    public void Text_is_valid_or_not(string hex, bool expected) =>
        Assert.Equal(expected, Utf8Text.IsValid(Convert.FromHexString(hex)));
}
