namespace Telemetry.Model.Tests.Points;

/// <summary>The value that came, got back from the one that is stored.</summary>
public sealed class SampleSourceTests
{
    [Theory]
    [InlineData(5.0 / 9, -160.0 / 9)] // °F
    [InlineData(1, -273.15)] // K
    [InlineData(0.001, 0)]
    [InlineData(6.894757293168361, 0)] // psi to kPa
    [InlineData(0.45359237, 0)]
    [InlineData(-1, 100)]
    [InlineData(86_400, 0.5)]
    public void A_decimal_of_ten_digits_comes_back_bit_by_bit(double scale, double offset)
    {
        var source = new SampleSource("s", "f", "", scale, offset);
        var random = new Random(19);
        for (int i = 0; i < 3_000; i++)
        {
            double came = Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(8)), random.Next(1, 4));
            Assert.Equal(came, source.OriginalOf((came * scale) + offset));
        }
    }

    [Theory]
    [InlineData(5.0 / 9, -160.0 / 9)]
    [InlineData(1e-9, 0)]
    [InlineData(3.6e6, 0)]
    public void Of_any_double_one_comes_back_that_is_stored_as_the_same(double scale, double offset)
    {
        var source = new SampleSource("s", "f", "", scale, offset);
        var random = new Random(23);
        for (int i = 0; i < 3_000; i++)
        {
            double stored = (random.NextDouble() * Math.Pow(10, random.Next(-3, 9)) * scale) + offset;
            Assert.Equal(stored, (source.OriginalOf(stored) * scale) + offset);
        }
    }

    [Theory]
    [InlineData(0.1 + 0.2)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-0.0)]
    public void What_was_stored_as_it_came_is_the_original(double value) => Assert.Equal(
        BitConverter.DoubleToInt64Bits(value),
        BitConverter.DoubleToInt64Bits(new SampleSource("s", "f", "Cel").OriginalOf(value)));

    [Theory]
    [InlineData(2, 0, double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(2, 0, double.NaN, double.NaN)]
    [InlineData(0, 5, 5, double.NaN)] // a factor of zero kept nothing
    public void What_has_no_way_back_is_no_number(double scale, double offset, double stored, double original) =>
        Assert.Equal(original, new SampleSource("s", "f", "", scale, offset).OriginalOf(stored));
}
