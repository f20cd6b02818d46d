using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests.Physics;

public sealed class WeatherFileTests
{
    private static readonly DateTimeOffset First = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_goes_straight_from_hour_to_hour_and_leaves_gaps_to_the_generator()
    {
        WeatherFile file = Parse(
            "time_utc,air_temp_c,extra,wind_speed_ms\n2020-01-01T00:00:00Z,-30,x,1\n2020-01-01T01:00:00Z,-28,x,\n"
            + "2020-01-01T02:00:00Z,-20,x,3\n2020-01-01T12:00:00Z,-10,x,3\n");
        var generated = new WeatherSample { AirTemp = 5, Wind = 9, Humidity = 44 };

        WeatherSample half = file.Over(generated, Seconds(0.5));
        Assert.Equal((-29, 1.5, 44), (half.AirTemp, half.Wind, half.Humidity));
        Assert.Equal(-24, file.Over(generated, Seconds(1.5)).AirTemp);
        Assert.Equal(5, file.Over(generated, Seconds(6)).AirTemp); // ten hours without an observation
        Assert.Equal(4, file.RowCount);
    }

    [Theory]
    [InlineData(2030)]
    [InlineData(2005)]
    public void Other_years_take_the_season_of_the_file(int year)
    {
        var text = new StringBuilder("time_utc,air_temp_c\n");
        for (int hour = 0; hour < 2 * 8_784; hour++)
        {
            DateTimeOffset time = First.AddHours(hour);
            double temp = 20 * Math.Sin(Math.Tau * (time.DayOfYear - 100) / 366) + time.Hour;
            text.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ssZ},{temp:F2}\n");
        }

        WeatherFile file = Parse(text.ToString());
        double summer = file.Over(default, At(year, 7, 9, 6)).AirTemp;
        double winter = file.Over(default, At(year, 1, 9, 6)).AirTemp;

        Assert.InRange(summer, 24, 27);
        Assert.InRange(winter, -15, -12.5);
    }

    [Theory]
    [InlineData("time,air_temp_c\n", "expected the columns time_utc and air_temp_c in line 1")]
    [InlineData("time_utc,air_temp_c\n2020-01-01T00:00:00Z,-30\n", "expected at least 2 rows, found 1")]
    [InlineData("time_utc,air_temp_c\n2020-01-01T00:00:00Z,cold\n", "expected a number, found \"cold\" in line 2")]
    [InlineData("time_utc,air_temp_c\nyesterday,1\n", "expected a time, found \"yesterday\" in line 2")]
    [InlineData("time_utc,air_temp_c\n2020-01-02T00:00:00Z,1\n2020-01-01T00:00:00Z,1\n", "line 3 is not after")]
    [InlineData("", "expected the columns")]
    public void What_cannot_be_read_is_refused_with_its_place(string text, string words)
    {
        string said = Assert.Throws<FormatException>(() => Parse(text)).Message;

        Assert.StartsWith("cannot read weather \"w.csv\": ", said, StringComparison.Ordinal);
        Assert.Contains(words, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cold_spell_comes_and_goes_over_the_weather()
    {
        long start = Timestamp.From(Runs.Winter);
        var spell = new WeatherSpell(start, Hours(10), Hours(30), Hours(40)) { AirTemp = -38 };
        var conditions = new PlantConditions(1, new Surroundings { Spells = [spell] });
        var usual = new PlantConditions(1);

        Assert.InRange(conditions.WeatherAt(Hours(20)).AirTemp, -45, -31);
        Assert.Equal(usual.WeatherAt(Hours(41)), conditions.WeatherAt(Hours(41)));
        Assert.Equal(usual.WeatherAt(Hours(20)).Wind, conditions.WeatherAt(Hours(20)).Wind);

        static long Hours(double hours) => Timestamp.From(Runs.Winter.AddHours(hours));
    }

    private static WeatherFile Parse(string text) => WeatherFile.Parse(new StringReader(text), "w.csv");

    private static double Seconds(double hours) => First.AddHours(hours).ToUnixTimeMilliseconds() / 1_000.0;

    private static double At(int year, int month, int day, int hour) =>
        new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
}
