namespace Telemetry.FirmwareSim.Tests.Physics;

public sealed class WeatherTests
{
    // Mean temperature by month as measured in Ulaanbaatar, Cel.
    private static readonly double[] MeanTemp =
        [-26.1, -18.6, -6.1, 3.3, 10.0, 16.9, 20.5, 16.2, 9.3, -1.6, -15.1, -20.5];

    [Fact]
    public void Monthly_means_over_many_years_are_those_of_the_valley()
    {
        var weather = new Weather(seed: 11);
        var sums = new double[12];
        var counts = new int[12];
        var time = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (; time.Year < 2010; time = time.AddHours(6))
        {
            sums[time.Month - 1] += weather.At(time.ToUnixTimeSeconds()).AirTemp;
            counts[time.Month - 1]++;
        }

        for (int month = 0; month < 12; month++)
        {
            Assert.InRange(sums[month] / counts[month], MeanTemp[month] - 3.5, MeanTemp[month] + 3.5);
        }
    }

    [Fact]
    public void A_year_stays_within_what_was_measured()
    {
        var weather = new Weather(seed: 5);
        double coldest = double.MaxValue;
        double warmest = double.MinValue;
        for (int hour = 0; hour < 366 * 24; hour++)
        {
            WeatherSample sample = weather.At(1_767_225_600.0 + (hour * 3_600.0));
            coldest = Math.Min(coldest, sample.AirTemp);
            warmest = Math.Max(warmest, sample.AirTemp);
            Assert.InRange(sample.AirTemp, -41.1, 37.2);
            Assert.InRange(sample.Wind, 0, 10.5);
            Assert.InRange(sample.Humidity, 12, 98);
            Assert.InRange(sample.Pressure, 846, 893);
            Assert.InRange(sample.Irradiance, 0, 1_050);
        }

        Assert.InRange(coldest, -41.1, -28);
        Assert.InRange(warmest, 26, 37.2);
    }

    [Fact]
    public void Afternoons_are_warmer_than_mornings_and_nights_are_dark()
    {
        var weather = new Weather(seed: 3);
        double warmer = 0;
        for (int day = 0; day < 365; day++)
        {
            double midnight = 1_767_225_600.0 + (day * 86_400.0) - (8 * 3_600);
            warmer += weather.At(midnight + (15.5 * 3_600)).AirTemp - weather.At(midnight + (6 * 3_600)).AirTemp;
            Assert.Equal(0, weather.At(midnight).Irradiance);
        }

        Assert.InRange(warmer / 365, 9, 16);
    }

    [Fact]
    public void The_same_moment_is_the_same_whatever_was_asked_before()
    {
        var fresh = new Weather(seed: 9);
        var used = new Weather(seed: 9);
        for (int i = 0; i < 100; i++)
        {
            used.At(1_770_000_000 - (i * 50_000));
        }

        Assert.Equal(fresh.At(1_770_000_000), used.At(1_770_000_000));
        Assert.NotEqual(fresh.At(1_770_000_000), new Weather(seed: 10).At(1_770_000_000));
    }
}
