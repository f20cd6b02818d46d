namespace Telemetry.FirmwareSim;

/// <summary>How long a failure takes to become full.</summary>
public enum OnsetScale : byte
{
    /// <summary>Within a minute.</summary>
    Instant = 0,

    /// <summary>1 to 60 minutes.</summary>
    Minutes = 1,

    /// <summary>1 to 24 hours.</summary>
    Hours = 2,

    /// <summary>1 to 14 days.</summary>
    Days = 3,

    /// <summary>2 to 8 weeks.</summary>
    Weeks = 4,
}
