namespace Telemetry.FirmwareSim;

/// <summary>The failure modes of a tin mine and its concentrator, of sensors and of gateways.</summary>
public static class FailureModes
{
    /// <summary>All of them; what each does is in the README of the simulator.</summary>
    public static IReadOnlyList<FailureMode> All { get; } =
    [
        .. MiningModes.All,
        .. CrushingModes.All,
        .. ConcentratorModes.All,
        .. UtilityModes.All,
        .. SensorModes.All,
    ];

    /// <summary>Finds a mode by its code; null when there is none such.</summary>
    public static FailureMode? Find(string id) =>
        All.FirstOrDefault(mode => string.Equals(mode.Id, id, StringComparison.OrdinalIgnoreCase));
}
