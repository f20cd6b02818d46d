namespace Telemetry.FirmwareSim;

/// <summary>What a signal does when its machine stands still.</summary>
internal enum Rest : byte
{
    /// <summary>It stays: levels, settings, water.</summary>
    Holds = 0,

    /// <summary>It goes to a value, mostly zero: currents, flows, speeds, pressures.</summary>
    Value = 1,

    /// <summary>It cools to what is around it.</summary>
    Ambient = 2,
}
