namespace Telemetry.Ingestion;

/// <summary>What is known of a gateway's clock.</summary>
public enum ClockState : byte
{
    /// <summary>Not enough was heard; times are kept as they came.</summary>
    Unknown = 0,

    /// <summary>Right to a few seconds; times are kept as they came.</summary>
    Good = 1,

    /// <summary>Wrong by a known amount, which is added to its times unless the site file says otherwise.</summary>
    Corrected = 2,

    /// <summary>Its times have jumped and it is not yet sure to where.</summary>
    Jumped = 3,

    /// <summary>It lost its time and counts from 1970 or another beginning of its firmware's.</summary>
    Reset = 4,
}
