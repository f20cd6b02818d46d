namespace Telemetry.Site;

/// <summary>What an update of a simulated gateway's firmware changes, besides its version.</summary>
public enum FirmwareUpdate : byte
{
    /// <summary>There is no update.</summary>
    None = 0,

    /// <summary>One signal is spelt another way: <c>bearing_de_temp</c> becomes <c>bearingDeTemp</c>.</summary>
    Rename = 1,

    /// <summary>One signal comes in another unit or scale: what were degrees Celsius are degrees Fahrenheit.</summary>
    Unit = 2,
}
