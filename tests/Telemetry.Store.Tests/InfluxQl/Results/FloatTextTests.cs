using System.Globalization;
using System.Text;

namespace Telemetry.Store.InfluxQl.Tests;

/// <summary>The quick way of writing a float against the slow one, which is the runtime's.</summary>
public sealed class FloatTextTests
{
    [Theory]
    [InlineData(20.5, "20.5")]
    [InlineData(-0.001, "-0.001")]
    [InlineData(100, "100")]
    [InlineData(0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(0.00005, "0.00005")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(999_999_999_999.999, "999999999999.999")]
    [InlineData(123_456_789_012_345_680, "123456789012345680")]
    [InlineData(1e21, "1e+21")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    public void A_value_is_written_with_its_shortest_digits(double value, string expected) =>
        Assert.Equal(expected, Written(value));

    [Fact]
    public void Every_way_gives_the_same_digits()
    {
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++)
        {
            double size = Math.Pow(10, random.Next(0, 14));
            double decimals = Math.Round((random.NextDouble() - 0.5) * size, random.Next(8));
            double any = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            double near = Math.BitIncrement(decimals);
            foreach (double value in new[] { decimals, near, any, decimals / 1e6, Math.Truncate(decimals) })
            {
                if (double.IsFinite(value))
                {
                    Assert.Equal(FloatText.Of(value), Written(value));
                    double read = double.Parse(Written(value), CultureInfo.InvariantCulture);
                    Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(read));
                }
            }
        }
    }

    private static string Written(double value)
    {
        Span<byte> text = stackalloc byte[FloatText.BytesMax];
        return Encoding.ASCII.GetString(text[..FloatText.Write(value, text)]);
    }
}
