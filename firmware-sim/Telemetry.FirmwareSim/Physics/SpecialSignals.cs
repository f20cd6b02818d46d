using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>Signals that are not a level with noise: the weather itself, totalisers, counters and positions.</summary>
internal static class SpecialSignals
{
    private const int DaySeconds = 86_400;

    // Totals count from here on, so that they go on rising from one run to the next.
    private static readonly double TotalsStart =
        new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    /// <summary>How a signal is computed; null when it is a level.</summary>
    public static Func<PlantConditions, double>? Find(SignalInstance signal) => signal.Definition.Key switch
    {
        "air_temp" => plant => plant.Weather.AirTemp,
        "rel_humidity" => plant => plant.Weather.Humidity,
        "visibility" => plant => Math.Clamp(plant.Weather.Visibility, 0, 50),
        "wind_speed" => plant => plant.Weather.Wind,
        "wind_gust" => plant => plant.Weather.Wind * 1.32,
        "wind_dir" => plant => plant.Weather.WindDirection,
        "station_pressure" => plant => plant.Weather.Pressure,
        "solar_irradiance" => plant => plant.Weather.Irradiance,
        "soil_temp_150" => plant => plant.Weather.SoilTemp,
        "snow_depth" => plant => plant.Weather.SnowDepth,
        "intake_temp" => plant => Math.Max(2, plant.Weather.AirTemp * 0.5),
        "belt_scale_total" => plant => Rising(plant, perHour: 30, wave: 4),
        "energy_import" => plant => Rising(plant, perHour: 640, wave: 60),
        "run_hours" => plant => Rising(plant, perHour: 0.35, wave: 0),
        "rinse_cycle" => plant => Math.Floor(Rising(plant, perHour: 3, wave: 0)),
        "precip" => plant => plant.Weather.Rain,
        "uptime" => plant => (plant.Seconds + RestartOf(signal)) % DaySeconds,
        "position_lat" => plant => signal.Definition.Normal + (0.006 * Math.Sin(HaulAngle(plant, signal))),
        "position_lon" => plant => signal.Definition.Normal + (0.011 * Math.Cos(HaulAngle(plant, signal))),
        _ => null,
    };

    /// <summary>Gateway firmware of this kind restarts once a day, each at a second of its own.</summary>
    private static double RestartOf(SignalInstance signal) => SeededNoise.StreamOf(signal.Asset.Id) % DaySeconds;

    /// <summary>A total that never falls: the wave's slope stays far below the mean one.</summary>
    private static double Rising(PlantConditions plant, double perHour, double wave)
    {
        double hours = (plant.Seconds - TotalsStart) / 3_600;
        return Math.Max(0, (perHour * hours) + (wave * Math.Sin(hours / 3)));
    }

    /// <summary>A truck goes round once in twenty minutes, each from a place of its own.</summary>
    private static double HaulAngle(PlantConditions plant, SignalInstance signal) =>
        (Math.Tau * plant.Seconds / 1_200) + (SeededNoise.StreamOf(signal.Asset.Id) % 628 / 100.0);
}
