namespace Telemetry.FirmwareSim;

/// <summary>
/// Weather of a Mongolian valley at 1,300 m as a function of seed and time. Daily mean temperature is a yearly and a
/// half-yearly wave with an autoregressive rest, both fitted to two years of hourly observations in Ulaanbaatar; the
/// day is a cosine with its peak in mid-afternoon. Without a fault it stays inside what a normal year brings.
/// </summary>
internal sealed class Weather
{
    private const double DaySeconds = 86_400;
    private const double HourSeconds = 3_600;
    private const double LocalOffsetSeconds = 8 * HourSeconds; // Mongolia keeps UTC+8 all year
    private const double RestCorrelation = 0.72; // of one day's departure with the next
    private const double RestSigma = 4.3;
    private const int RestDays = 24; // 0.72^24 < 0.001: older days no longer count
    private const double PeakHour = 15.5;
    private const double CoolestTemp = -40.5;
    private const double WarmestTemp = 36.5;
    private const double WindMax = 10.5;

    // Half of the mean daily range by month; mean wind, m/s; mean relative humidity, %.
    private static readonly double[] DayAmplitude = [7.0, 8.4, 7.3, 8.0, 8.6, 7.0, 7.3, 6.5, 6.8, 6.8, 6.7, 6.8];
    private static readonly double[] MeanWind = [1.3, 1.9, 2.6, 3.6, 3.9, 3.2, 3.1, 2.8, 2.8, 2.4, 1.6, 1.2];
    private static readonly double[] MeanHumidity = [70, 70, 62, 42, 40, 46, 52, 64, 64, 64, 70, 75];

    private readonly ulong _seed;
    private readonly ulong _rest = SeededNoise.StreamOf("weather.rest");
    private readonly SmoothWalk _hour;
    private readonly SmoothWalk _cloud;
    private readonly SmoothWalk _pressure;
    private readonly SmoothWalk _gusts;
    private readonly SmoothWalk _turning;
    private long _cachedDay = long.MinValue;
    private double _cachedToday;
    private double _cachedTomorrow;

    public Weather(ulong seed)
    {
        ulong sky = SeededNoise.StreamOf("weather.sky");
        ulong wind = SeededNoise.StreamOf("weather.wind");
        _seed = seed;
        _hour = new SmoothWalk(seed, SeededNoise.StreamOf("weather.hour"), HourSeconds);
        _cloud = new SmoothWalk(seed, sky, 8 * HourSeconds);
        _pressure = new SmoothWalk(seed, ~sky, 36 * HourSeconds);
        _gusts = new SmoothWalk(seed, wind, 2 * HourSeconds);
        _turning = new SmoothWalk(seed, ~wind, 5 * HourSeconds);
    }

    /// <summary>The weather at a time in seconds since 1970.</summary>
    public WeatherSample At(double seconds)
    {
        double local = seconds + LocalOffsetSeconds;
        double day = local / DaySeconds;
        double hour = (day - Math.Floor(day)) * 24;
        DateTimeOffset date = DateTimeOffset.UnixEpoch.AddSeconds(local);
        double yearAngle = Math.Tau * (date.DayOfYear + (hour / 24)) / 365.25;
        int month = date.Month - 1;
        double cloud = _cloud.At(seconds);
        double daily = DayAmplitude[month] * Math.Cos(Math.Tau * (hour - PeakHour) / 24) * (1 - (0.12 * cloud));
        double hourly = 1.4 * _hour.At(seconds);
        double temp = Squeeze(YearWave(yearAngle) + RestAt(day) + daily + hourly, CoolestTemp, WarmestTemp);
        double sun = SunHeight(yearAngle, hour);
        return new WeatherSample
        {
            AirTemp = temp,
            DaySwing = daily + hourly,
            Humidity = Math.Clamp(MeanHumidity[month] - (1.6 * daily) + (6 * cloud), 12, 98),
            Visibility = Math.Clamp(15 - (4 * cloud), 5, 40),
            Wind = WindAt(seconds, hour, MeanWind[month]),
            WindDirection = 180 + (130 * Math.Tanh(_turning.At(seconds))),
            Pressure = 869 + (5.5 * _pressure.At(seconds)),
            Irradiance = Math.Max(0, 1_050 * sun * Math.Clamp(0.8 - (0.2 * cloud), 0.15, 1)),
            SoilTemp = 1 - (6.5 * Math.Cos(yearAngle - 1.1)), // the wave reaches 1.5 m two months late
            Rain = temp > 3 ? Math.Max(0, 0.8 * (cloud - 1.2)) : 0,
            SnowDepth = Math.Max(0, 9 * (Math.Cos(yearAngle - 0.35) - 0.35)),
        };
    }

    private static double YearWave(double angle) =>
        -0.97
        - (21.83 * Math.Cos(angle)) - (3.16 * Math.Sin(angle))
        - (2.26 * Math.Cos(2 * angle)) + (0.31 * Math.Sin(2 * angle));

    /// <summary>Sine of the sun's height at 48 degrees north.</summary>
    private static double SunHeight(double yearAngle, double hour)
    {
        double declination = -0.409 * Math.Cos(yearAngle + 0.17);
        const double Latitude = 0.838;
        double hourAngle = Math.Tau * (hour - 12.6) / 24;
        return (Math.Sin(Latitude) * Math.Sin(declination))
            + (Math.Cos(Latitude) * Math.Cos(declination) * Math.Cos(hourAngle));
    }

    private double WindAt(double seconds, double hour, double mean)
    {
        double afternoon = 1 + (0.5 * Math.Cos(Math.Tau * (hour - PeakHour) / 24));
        double gusts = Math.Exp((0.45 * _gusts.At(seconds)) - 0.1);
        return WindMax * Math.Tanh(mean * afternoon * gusts / WindMax);
    }

    /// <summary>The autoregressive rest, drawn between the middles of two days.</summary>
    private double RestAt(double day)
    {
        double fromMidday = day - 0.5;
        long today = (long)Math.Floor(fromMidday);
        if (today != _cachedDay)
        {
            _cachedDay = today;
            _cachedToday = RestOf(today);
            _cachedTomorrow = RestOf(today + 1);
        }

        double part = fromMidday - today;
        return _cachedToday + ((_cachedTomorrow - _cachedToday) * part);
    }

    private double RestOf(long day)
    {
        double innovation = RestSigma * Math.Sqrt(1 - (RestCorrelation * RestCorrelation));
        double sum = 0;
        for (int back = RestDays; back >= 0; back--)
        {
            sum = (RestCorrelation * sum) + (innovation * SeededNoise.Gauss(_seed, _rest, day - back));
        }

        return sum;
    }

    /// <summary>Leaves the middle as it is and bends the outer 6 degrees towards the ends.</summary>
    private static double Squeeze(double value, double low, double high)
    {
        const double Bend = 6;
        if (value > high - Bend)
        {
            return high - Bend + (Bend * Math.Tanh((value - high + Bend) / Bend));
        }

        return value < low + Bend ? low + Bend + (Bend * Math.Tanh((value - low - Bend) / Bend)) : value;
    }
}
