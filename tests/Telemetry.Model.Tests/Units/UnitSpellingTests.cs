namespace Telemetry.Model.Tests.Units;

public sealed class UnitSpellingTests
{
    [Theory]
    [InlineData("°C", "Cel", "Cel")]
    [InlineData(" ºC ", "Cel", "Cel")]
    [InlineData("℃", "Cel", "Cel")]
    [InlineData("DegC", "K", "Cel")]
    [InlineData("C", "Cel", "Cel")]
    [InlineData("C", "A.h", "C")]
    [InlineData("F", "Cel", "[degF]")]
    [InlineData("F", "uF", "F")]
    [InlineData("PSI", "kPa", "[psi]")]
    [InlineData("psig", "bar", "[psi]{gauge}")]
    [InlineData("kPa(g)", "kPa", "kPa{gauge}")]
    [InlineData("m³/h", "l/min", "m3/h")]
    [InlineData("m³/hr", "l/min", "m3/h")]
    [InlineData("l/s", "m3/h", "l/s")]
    [InlineData("L/min", "m3/h", "L/min")]
    [InlineData("RPM", "{rev}/min", "{rev}/min")]
    [InlineData("rpm", "Hz", "{rev}/min")]
    [InlineData("kWh", "MJ", "kW.h")]
    [InlineData("kW·h", "MJ", "kW.h")]
    [InlineData("µS/cm", "S/m", "uS/cm")]
    [InlineData("pH", "[pH]", "[pH]")]
    [InlineData("g", "m/s2", "[g]")]
    [InlineData("g", "kg", "g")]
    [InlineData("ft", "m", "[ft_i]")]
    [InlineData("ft", "mg", "ft")]
    [InlineData("%RH", "%", "%{RH}")]
    [InlineData("W/m²", "kW/m2", "W/m2")]
    [InlineData("µm", "mm", "um")]
    public void Spellings_are_read_as_the_unit_that_fits_what_they_become(string spelling, string target, string meant)
    {
        Assert.True(Unit.TryParse(target, out Unit? to, out _));
        Assert.True(UnitSpelling.TryConvert(spelling, to, out Unit? unit, out _));
        Assert.Equal(meant, unit!.Code);
    }

    [Fact]
    public void Every_code_of_the_table_is_a_unit()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "units.md"));
        string[] rows = [.. page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        Assert.True(rows.Length > 60);
        foreach (string row in rows)
        {
            string[] cells = row.Split('|', StringSplitOptions.TrimEntries);
            string code = cells[1].Trim('`');
            Assert.True(Unit.TryParse(code, out _, out string fault), $"{code}: {fault}");
            Assert.All(cells[2].Split(", "), spelling => Assert.Equal(code, UnitSpelling.CodeOf(spelling.Trim('`'))));
        }

        Assert.Equal(UnitSpelling.Count, rows.Sum(row => row.Split('|')[2].Split(", ").Length));
    }

    [Fact]
    public void A_unit_that_does_not_fit_is_still_named()
    {
        Assert.True(Unit.TryParse("Cel", out Unit? to, out _));
        Assert.False(UnitSpelling.TryConvert("kg", to, out Unit? unit, out UnitConversion conversion));
        Assert.Equal("kg", unit!.Code);
        Assert.Equal(UnitConversion.None, conversion);
        Assert.False(UnitSpelling.TryConvert("lbs", to, out unit, out _));
        Assert.Equal("[lb_av]", unit!.Code);
        Assert.False(UnitSpelling.TryConvert("furlong", to, out unit, out _));
        Assert.Null(unit);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("kPa", "kPa")]
    [InlineData("°C", "Cel")]
    [InlineData("furlongs {UK}", "{furlongs UK}")]
    public void What_nobody_converts_is_noted_as_a_code_of_UCUM(string spelling, string noted)
    {
        Assert.Equal(noted, UnitSpelling.Noted(spelling));
        Assert.True(noted.Length == 0 || Unit.TryParse(noted, out _, out _));
    }
}
