using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>How a signal answers to what drives it.</summary>
/// <param name="Load">Change per deviation of its line's load, in the unit.</param>
/// <param name="Hardness">Change per deviation of ore hardness, in the unit.</param>
/// <param name="Ambient">Change per degree of ambient temperature, in the unit.</param>
/// <param name="LagSeconds">Time constant with which it follows its drivers; 0 follows at once.</param>
internal readonly record struct SignalTraits(double Load, double Hardness, double Ambient, double LagSeconds)
{
    private const double MinuteSeconds = 60;

    // The first row whose word is in the key decides: load and hardness in Cel, ambient in Cel per Cel, lag in minutes.
    private static readonly (string Word, double Load, double Hardness, double Ambient, double LagMinutes)[] Warm =
    [
        ("tyre_temp", 4, 0, 0.8, 30),
        ("fuel_temp", 0, 0, 0.35, 120),
        ("ore_temp", 0, 0, 0.35, 180),
        ("cpu_temp", 0, 0, 0.3, 30),
        ("line_temp", 0, 0, 0.1, 60),
        ("water_temp", 0, 0, 0.12, 240),
        ("of_temp", 0, 0, 0.12, 240),
        ("pulp_temp", 0, 0, 0.12, 240),
        ("indoor_temp", 0, 0, 0.1, 90),
        ("supply_temp", 0, 0, -0.2, 30), // the heating curve: the colder, the hotter
        ("return_temp", 0, 0, -0.12, 30),
        ("flue_temp", 3, 0, -0.5, 10),
        ("piezo_temp", 0, 0, 0.02, 1_440),
        ("winding_temp", 4, 1, 0.15, 20),
        ("bearing", 2.5, 1, 0.2, 25),
        ("trunnion", 1.5, 0.5, 0.1, 40),
        ("gearbox_temp", 2.5, 0.5, 0.2, 40),
        ("coolant", 1.5, 0, 0.05, 10),
        ("exhaust", 20, 5, 0.1, 2),
        ("brake", 4, 0, 0.2, 10),
        ("coil_temp", 3, 0, 0.1, 20),
        ("dewpoint", 0, 0, 0.1, 60),
        ("", 1.5, 0.3, 0.15, 30), // oils and what else is warm
    ];

    // By unit, as parts of the normal value per deviation.
    private static readonly Dictionary<string, (double Load, double Hardness)> Parts = new(StringComparer.Ordinal)
    {
        ["A"] = (0.04, 0.025),
        ["kW"] = (0.04, 0.025),
        ["t/h"] = (0.03, -0.01),
        ["m3/h"] = (0.02, 0),
        ["L/min"] = (0.015, 0),
        ["L/h"] = (0.06, 0.02),
        ["kPa"] = (0.015, 0.01),
        ["bar"] = (0.02, 0.03),
        ["mm/s"] = (0.03, 0.03),
        ["m/s2"] = (0.02, 0.02),
        ["um"] = (0.02, 0.04),
        ["dB"] = (-0.004, 0.004),
        ["m/h"] = (0, -0.06),
        ["%{Sn}"] = (-0.01, 0.02),
    };

    /// <summary>The traits of a signal.</summary>
    public static SignalTraits Of(SignalDefinition signal)
    {
        if (signal.Unit == "Cel")
        {
            var row = Warm.First(row => signal.Key.Contains(row.Word, StringComparison.Ordinal));
            return new SignalTraits(row.Load, row.Hardness, row.Ambient, row.LagMinutes * MinuteSeconds);
        }

        double ambient = signal.Key switch
        {
            "tyre_pressure" => 2.1, // 2.6 kPa per degree of the gas, which is warmer than the air
            "heat_trace_current" => -0.05,
            "battery_voltage" => 0.01,
            _ => 0,
        };
        (double load, double hardness) = Parts.GetValueOrDefault(signal.Unit, (0.006, 0.003));
        double scale = Math.Abs(signal.Normal);
        return new SignalTraits(load * scale, hardness * scale, ambient, ambient == 0 ? 45 : 30 * MinuteSeconds);
    }
}
