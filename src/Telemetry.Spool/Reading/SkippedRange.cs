namespace Telemetry.Spool;

/// <summary>Why a reader passed over something.</summary>
public enum SkipCause
{
    /// <summary>It was deleted before this reader came: everyone required had released it.</summary>
    Trimmed,

    /// <summary>It is missing from the log: set aside as corrupt, or lost with a file.</summary>
    Missing,

    /// <summary>It is there and cannot be read: its checksum or length is wrong.</summary>
    Corrupt,
}

/// <summary>A range that a reader passed over.</summary>
/// <param name="FromOffset">Where it begins.</param>
/// <param name="ToOffset">Where reading goes on.</param>
/// <param name="Cause">Why.</param>
public readonly record struct SkippedRange(long FromOffset, long ToOffset, SkipCause Cause)
{
    /// <summary>How many bytes were not read.</summary>
    public long Bytes => ToOffset - FromOffset;
}
