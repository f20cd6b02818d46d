namespace Telemetry.FirmwareSim;

/// <summary>The weather in which a failure comes about; NaN where it does not matter.</summary>
/// <param name="AirTempMin">Coldest air, Cel.</param>
/// <param name="AirTempMax">Warmest air, Cel.</param>
public readonly record struct WeatherWindow(double AirTempMin, double AirTempMax)
{
    /// <summary>Any weather.</summary>
    public static WeatherWindow Any { get; } = new(double.NaN, double.NaN);

    /// <summary>True when nothing is asked of the weather.</summary>
    public bool IsAny => double.IsNaN(AirTempMin) && double.IsNaN(AirTempMax);

    /// <summary>Colder than a temperature, Cel.</summary>
    public static WeatherWindow Below(double airTemp) => new(double.NaN, airTemp);

    /// <summary>Warmer than a temperature, Cel.</summary>
    public static WeatherWindow Above(double airTemp) => new(airTemp, double.NaN);

    /// <summary>Between two temperatures, Cel.</summary>
    public static WeatherWindow Between(double low, double high) => new(low, high);

    /// <summary>True at an air temperature, Cel.</summary>
    public bool Holds(double airTemp) => !(airTemp < AirTempMin) && !(airTemp > AirTempMax);
}
