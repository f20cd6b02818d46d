namespace Telemetry.FirmwareSim;

/// <summary>What a fault does.</summary>
public enum FaultKind : byte
{
    /// <summary>The signal leaves its usual value in a straight line and stays away.</summary>
    Climb = 0,

    /// <summary>The sensor repeats its last value.</summary>
    Stuck = 1,

    /// <summary>The gateway sends nothing.</summary>
    Silence = 2,

    /// <summary>The gateway's clock gains or loses without being set.</summary>
    ClockDrift = 3,

    /// <summary>The gateway's clock is set wrong.</summary>
    ClockStep = 4,

    /// <summary>The gateway's clock loses its time and counts from 1970.</summary>
    ClockReset = 5,
}

/// <summary>A fault that can be switched on, with what it touches.</summary>
/// <param name="Name">What switches it on.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Asset">The asset, or the gateway that falls silent or whose clock is wrong.</param>
/// <param name="Signal">The signal; empty when all of them are touched.</param>
/// <param name="Change">How far a climb goes, in the signal's unit; of a clock, seconds per day or seconds.</param>
/// <param name="ClimbSeconds">How long a climb takes, in seconds of real time.</param>
/// <param name="Summary">One line for people.</param>
public sealed record FaultScenario(
    string Name, FaultKind Kind, string Asset, string Signal, double Change, double ClimbSeconds, string Summary)
{
    /// <summary>All faults of the default site.</summary>
    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new("bearing", FaultKind.Climb, "CR-201", "bearing_de_temp", 38, 60,
            "the jaw crusher's bearing runs hot: high after half a minute, high-high after a minute"),
        new("gland-water", FaultKind.Climb, "PU-301", "gland_water_flow", -12, 40,
            "the mill discharge pump loses its gland water: low, then low-low"),
        new("silence", FaultKind.Silence, "GW-TAIL", "", 0, 0, "the tailings gateway stops sending"),
        new("stuck", FaultKind.Stuck, "ML-301", "motor_power", 0, 0, "the mill's power meter repeats one value"),
        new("clock-drift", FaultKind.ClockDrift, "GW-GRAV", "", -12.4, 0,
            "the clock of the gravity gateway runs free at −40 °C and loses 12 s a day"),
        new("clock-jump", FaultKind.ClockStep, "GW-GRAV", "", -600, 0,
            "the clock of the gravity gateway is set ten minutes back"),
        new("rtc-loss", FaultKind.ClockReset, "GW-GRAV", "", 0, 0,
            "the clock of the gravity gateway loses its time and counts from 1970"),
    ];

    /// <summary>Finds a fault by its name; null when there is none such.</summary>
    public static FaultScenario? Find(string name) =>
        All.FirstOrDefault(scenario => string.Equals(scenario.Name, name, StringComparison.OrdinalIgnoreCase));
}
