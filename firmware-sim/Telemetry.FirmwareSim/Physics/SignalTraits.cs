using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>How a signal answers to what drives it.</summary>
/// <param name="Load">Change per deviation of its line's load, in the unit.</param>
/// <param name="Hardness">Change per deviation of ore hardness, in the unit.</param>
/// <param name="Ambient">Change per degree of ambient temperature, in the unit.</param>
/// <param name="LagSeconds">Time constant with which it follows its drivers; 0 follows at once.</param>
internal readonly record struct SignalTraits(double Load, double Hardness, double Ambient, double LagSeconds)
{
    /// <summary>Change per degree below -20 Cel, in the unit: where cold begins to bite.</summary>
    public double Frost { get; init; }

    /// <summary>Part by which it is higher while the machine is still cold, at 30 Cel below zero.</summary>
    public double ColdDrag { get; init; }

    /// <summary>What it is when the machine stands still.</summary>
    public Rest Rest { get; init; }

    /// <summary>The value at rest, where it has one of its own.</summary>
    public double RestValue { get; init; }

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

    // What the water, the air and the grease do, by key: ambient per Cel, below -20 per Cel, lag in minutes.
    private static readonly Dictionary<string, (double Ambient, double Frost, double LagMinutes)> Cold =
        new(StringComparer.Ordinal)
        {
            ["tyre_pressure"] = (2.1, 0, 30), // 2.6 kPa per degree of the gas, which is warmer than the air
            ["heat_trace_current"] = (-0.05, -0.08, 30),
            ["battery_voltage"] = (0.01, 0.02, 30),
            ["overflow_p80"] = (-0.25, 0, 240), // the cut grows with the square root of the water's viscosity
            ["con_band_pos"] = (0.6, 0, 240),
            ["of_turbidity"] = (-0.35, 0, 240), // slimes settle slower in cold water
            ["lube_pressure"] = (-0.25, -0.3, 60),
            ["rotation_pressure"] = (-0.15, -0.3, 30),
            ["penetration_rate"] = (0.03, 0.05, 60), // frozen ground
            ["collector_dose"] = (0.02, 0, 120),
            ["ore_moisture"] = (0.008, 0, 600),
        };

    /// <summary>The traits of a signal.</summary>
    public static SignalTraits Of(SignalInstance instance)
    {
        SignalDefinition signal = instance.Definition;
        if (signal.Unit == "Cel")
        {
            var row = Warm.First(row => signal.Key.Contains(row.Word, StringComparison.Ordinal));
            return new SignalTraits(row.Load, row.Hardness, row.Ambient, row.LagMinutes * MinuteSeconds)
            {
                Frost = row.Ambient >= 0.15 ? row.Ambient / 3 : 0,
                Rest = IsOfMachine(signal.Key) ? Rest.Ambient : Rest.Holds,
                RestValue = HeatedTo(instance),
            };
        }

        (double load, double hardness) = Parts.GetValueOrDefault(signal.Unit, (0.006, 0.003));
        double scale = Math.Abs(signal.Normal);
        (double ambient, double frost, double lag) = Cold.GetValueOrDefault(signal.Key, (0, 0, 0.75));
        bool isDrive = signal.Key == "motor_current" && instance.Asset.Type.Key is "CV" or "FD" or "PU" or "DW";
        return new SignalTraits(load * scale, hardness * scale, ambient, lag * MinuteSeconds)
        {
            Frost = isDrive ? -0.002 * scale : frost, // stiff grease
            ColdDrag = DragOf(signal.Key),
            Rest = RestOf(signal),
            RestValue = signal.Key == "battery_voltage" ? 25.3 : Math.Clamp(0, signal.RangeLow, signal.RangeHigh),
        };
    }

    /// <summary>Water, ore, air and soil are as warm as they are whether the machine runs or not.</summary>
    private static bool IsOfMachine(string key) =>
        !(key.Contains("water_temp", StringComparison.Ordinal)
            || key is "ore_temp" or "line_temp" or "of_temp" or "pulp_temp" or "piezo_temp" or "cpu_temp" or "fuel_temp"
                or "intake_temp" or "dewpoint");

    /// <summary>What a heater holds at rest, Cel: oil tanks and the blocks of standby sets.</summary>
    private static double HeatedTo(SignalInstance signal) => (signal.Asset.Type.Key, signal.Definition.Key) switch
    {
        ("CR2", "lube_tank_temp") => 18,
        ("ML", "lube_temp") => 20,
        ("GS", "coolant_temp") => 42,
        ("DR" or "EX" or "HT", "coolant_temp") => 5,
        _ => double.NegativeInfinity,
    };

    private static double DragOf(string key) => key switch
    {
        "motor_current" or "motor_power" => 0.15,
        "lube_pressure" or "engine_oil_pressure" or "oil_pressure" => 0.5,
        "feed_pressure" or "rotation_pressure" => 0.25,
        "lube_flow" => -0.25,
        _ => 0,
    };

    private static Rest RestOf(SignalDefinition signal) => (signal.Unit, signal.Key) switch
    {
        (_, "battery_voltage") => Rest.Value,
        (_, "tyre_pressure" or "piezo_pressure" or "station_pressure" or "bed_pressure") => Rest.Holds,
        ("A" or "kW" or "V" or "Hz" or "T" or "kPa" or "bar" or "Pa", _) => Rest.Value,
        ("t/h" or "m3/h" or "L/min" or "L/h" or "g/t" or "m/h" or "m/s" or "km/h", _) => Rest.Value,
        ("mm/s" or "m/s2" or "dB" or "{rev}/min" or "{stroke}/min", _) => Rest.Value,
        ("%", "engine_load" or "rake_torque" or "oversize_ratio") => Rest.Value,
        ("mm", "vib_amplitude" or "stroke") => Rest.Value,
        (_, "collector_dose" or "chamber_level" or "cavity_level") => Rest.Value,
        _ => Rest.Holds,
    };
}
