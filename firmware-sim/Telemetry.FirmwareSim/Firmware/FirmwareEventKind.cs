namespace Telemetry.FirmwareSim;

/// <summary>What befalls a gateway.</summary>
public enum FirmwareEventKind : byte
{
    /// <summary>Its clock gains or loses; <see cref="FirmwareEvent.Size"/> says how many seconds a day.</summary>
    Drift = 0,

    /// <summary>Its link is away: what it measures waits in its buffer.</summary>
    Outage = 1,

    /// <summary>It starts anew and measures nothing meanwhile; sequence numbers and uptime begin again.</summary>
    Reset = 2,

    /// <summary>Its clock lost its time in a reset and counts from where it begins, until it is set.</summary>
    ClockLost = 3,

    /// <summary>Its supply sags: readings are missing or stuck, until it resets.</summary>
    BrownOut = 4,

    /// <summary>Its firmware is another from then on, and tells one signal in another way.</summary>
    Update = 5,
}
