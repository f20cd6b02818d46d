namespace Telemetry.FirmwareSim;

/// <summary>The weather at one moment.</summary>
internal readonly record struct WeatherSample
{
    /// <summary>Air temperature, Cel.</summary>
    public double AirTemp { get; init; }

    /// <summary>How far the hour of the day moves it from the day's mean, Cel.</summary>
    public double DaySwing { get; init; }

    /// <summary>Visibility, km.</summary>
    public double Visibility { get; init; }

    /// <summary>Relative humidity, %.</summary>
    public double Humidity { get; init; }

    /// <summary>Mean wind, m/s.</summary>
    public double Wind { get; init; }

    /// <summary>Wind direction, degrees.</summary>
    public double WindDirection { get; init; }

    /// <summary>Station pressure, hPa.</summary>
    public double Pressure { get; init; }

    /// <summary>Global irradiance, W/m2.</summary>
    public double Irradiance { get; init; }

    /// <summary>Soil temperature 1.5 m down, Cel.</summary>
    public double SoilTemp { get; init; }

    /// <summary>Rain of the last ten minutes, mm.</summary>
    public double Rain { get; init; }

    /// <summary>Snow depth, cm.</summary>
    public double SnowDepth { get; init; }
}
