namespace Telemetry.Payloads;

/// <summary>What became of an attempt to read a time.</summary>
internal enum TimeOutcome : byte
{
    Parsed = 0,

    /// <summary>The text does not look like a time at all.</summary>
    NotATime = 1,

    /// <summary>It looks like one and names no instant, for instance the 30th of February.</summary>
    Invalid = 2,

    /// <summary>A date and time of day without Z or offset.</summary>
    WithoutZone = 3,

    OutOfRange = 4,
}
