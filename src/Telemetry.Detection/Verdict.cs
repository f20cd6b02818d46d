namespace Telemetry.Detection;

/// <summary>What one sample did to one condition.</summary>
internal enum Verdict : byte
{
    /// <summary>It stands, or stays away, as before.</summary>
    Unchanged = 0,

    /// <summary>It began.</summary>
    Began = 1,

    /// <summary>It ended.</summary>
    Ended = 2,
}
