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
}

/// <summary>A fault that can be switched on, with what it touches.</summary>
/// <param name="Name">What switches it on.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Asset">The asset, or the gateway that falls silent.</param>
/// <param name="Signal">The signal; empty when all of them are touched.</param>
/// <param name="Change">How far a climb goes, in the signal's unit.</param>
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
    ];

    /// <summary>Finds a fault by its name; null when there is none such.</summary>
    public static FaultScenario? Find(string name) =>
        All.FirstOrDefault(scenario => string.Equals(scenario.Name, name, StringComparison.OrdinalIgnoreCase));
}
