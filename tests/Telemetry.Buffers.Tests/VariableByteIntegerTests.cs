namespace Telemetry.Buffers.Tests;

public sealed class VariableByteIntegerTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(1, "01")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(16_383, "FF7F")]
    [InlineData(16_384, "808001")]
    [InlineData(2_097_151, "FFFF7F")]
    [InlineData(2_097_152, "80808001")]
    [InlineData(268_435_455, "FFFFFF7F")]
    public void The_table_of_the_specification_holds_both_ways(int value, string hex)
    {
        byte[] expected = Convert.FromHexString(hex);
        byte[] written = new byte[VariableByteInteger.Measure(value)];

        Assert.Equal(expected.Length, VariableByteInteger.Write(written, value));
        Assert.Equal(expected, written);
        Assert.Equal(expected.Length, VariableByteInteger.Read([.. expected, 0xFF], out int read));
        Assert.Equal(value, read);
        for (int cut = 0; cut < expected.Length; cut++)
        {
            Assert.Equal(0, VariableByteInteger.Read(expected.AsSpan(0, cut), out _));
        }
    }

    [Theory]
    [InlineData("8000")]
    [InlineData("FF8000")]
    [InlineData("FFFF8000")]
    [InlineData("80808080")]
    [InlineData("FFFFFFFF01")]
    public void A_form_that_is_not_the_shortest_is_refused(string hex)
    {
        Assert.Equal(-1, VariableByteInteger.Read(Convert.FromHexString(hex), out int value));
        Assert.Equal(0, value);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(268_435_456)]
    public void A_value_that_does_not_fit_is_the_callers_fault(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => VariableByteInteger.Measure(value));
}
