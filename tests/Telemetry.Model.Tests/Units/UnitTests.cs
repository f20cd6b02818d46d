using System.Globalization;

namespace Telemetry.Model.Tests.Units;

public sealed class UnitTests
{
    [Fact]
    public void Factors_are_those_of_an_independent_table()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "vectors", "units", "factors.txt");
        string[][] rows = [.. File.ReadLines(path).Where(line => line[0] != '#').Select(line => line.Split('\t'))];
        Assert.True(rows.Length > 100);
        Assert.All(rows, row => Assert.Equal("", FaultOf(row)));
    }

    [Theory]
    [InlineData("kg", "Cel")]
    [InlineData("m3/h", "t/h")]
    [InlineData("K/min", "K")]
    [InlineData("dB", "1")]
    [InlineData("[pH]", "1")]
    [InlineData("[pH]", "mol/l")]
    [InlineData("Np", "dB")]
    [InlineData("mol", "1")]
    [InlineData("%{vol}", "%{Sn}")]
    [InlineData("{NTU}", "{bool}")]
    [InlineData("{rev}/min", "{stroke}/min")]
    [InlineData("kPa{gauge}", "kPa{abs}")]
    [InlineData("rad", "1")]
    public void What_is_of_another_kind_does_not_convert(string from, string to)
    {
        Assert.False(UnitOf(from).TryConvertTo(UnitOf(to), out UnitConversion conversion));
        Assert.Equal(UnitConversion.None, conversion);
        Assert.True(UnitOf(from).TryConvertTo(UnitOf(from), out _));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("°C", "\"°C\" is no unit of UCUM")]
    [InlineData("kWh", "\"kWh\" is no unit of UCUM")]
    [InlineData("KPA", "\"KPA\" is no unit of UCUM")]
    [InlineData("km[in_i]", "\"km[in_i]\" is no unit of UCUM")]
    [InlineData("k%", "\"k%\" is no unit of UCUM")]
    [InlineData("kkPa", "\"kkPa\" is no unit of UCUM")]
    [InlineData("m//s", "\"/\" may not stand at character 3")]
    [InlineData("m/", "it ends where a unit should stand")]
    [InlineData("m)", "\")\" may not stand at character 2")]
    [InlineData("l.(min)-1", "\"-\" may not stand at character 8")]
    [InlineData("(m", "a parenthesis is not closed")]
    [InlineData("{rev/min", "a brace is not closed")]
    [InlineData("m25", "\"25\" is no exponent of −24 to 24")]
    [InlineData("0", "\"0\" is no factor")]
    [InlineData("Cel/min", "a scale of temperature stands alone; a difference of temperature is in K")]
    [InlineData("Cel2", "a scale of temperature stands alone; a difference of temperature is in K")]
    [InlineData("1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1", "it has more than 16 parts")]
    [InlineData("(((((m)))))", "it is nested deeper than 4")]
    public void What_is_no_unit_is_refused_with_the_reason(string code, string fault)
    {
        Assert.False(Unit.TryParse(code, out Unit? unit, out string found));
        Assert.Null(unit);
        Assert.Equal(fault, found);
    }

    [Fact]
    public void Long_codes_are_refused_before_they_are_read()
    {
        Assert.False(Unit.TryParse(new string('m', Limits.UnitCharactersMax + 1), out _, out string fault));
        Assert.Equal("it is longer than 64 characters", fault);
        Assert.True(Unit.TryParse($"m{{{new string('m', Limits.UnitCharactersMax - 3)}}}", out _, out _));
    }

    [Theory]
    [InlineData("mCel", "Cel", 23_500, 23.5)]
    [InlineData("[degF]", "Cel", 212, 100)]
    [InlineData("[degF]", "Cel", -40, -40)]
    [InlineData("K", "[degF]", 273.15, 32)]
    public void Temperatures_convert_with_their_zero(string from, string to, double value, double expected)
    {
        Assert.True(UnitOf(from).TryConvertTo(UnitOf(to), out UnitConversion conversion));
        Assert.Equal(expected, (value * conversion.Scale) + conversion.Offset, tolerance: 1e-12 * Math.Abs(expected));
    }

    private static string FaultOf(string[] row)
    {
        if (!UnitOf(row[0]).TryConvertTo(UnitOf(row[1]), out UnitConversion conversion))
        {
            return $"{row[0]} does not convert to {row[1]}";
        }

        double scale = double.Parse(row[2], CultureInfo.InvariantCulture);
        double offset = double.Parse(row[3], CultureInfo.InvariantCulture);
        return Within(conversion.Scale, scale) && Within(conversion.Offset, offset)
            ? ""
            : FormattableString.Invariant($"{row[0]} to {row[1]}: {conversion.Scale:R} and {conversion.Offset:R}");
    }

    private static bool Within(double value, double expected) =>
        Math.Abs(BitConverter.DoubleToInt64Bits(value) - BitConverter.DoubleToInt64Bits(expected)) <= 2;

    private static Unit UnitOf(string code)
    {
        Assert.True(Unit.TryParse(code, out Unit? unit, out string fault), $"{code}: {fault}");
        return unit;
    }
}
