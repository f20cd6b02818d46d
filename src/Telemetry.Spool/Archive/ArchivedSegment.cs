namespace Telemetry.Spool;

/// <summary>One file of the archive.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="FirstOffset">First offset of the log that it answers for.</param>
/// <param name="EndOffset">Where its records end; of a file that was not looked through, at the latest.</param>
/// <param name="FirstArrival">Arrival time of its first record, nanoseconds since 1970; 0 while not known.</param>
/// <param name="FileBytes">Its length.</param>
/// <param name="IsPacked">Whether it is packed, and no plain segment.</param>
internal sealed record ArchivedSegment(
    string Path, long FirstOffset, long EndOffset, long FirstArrival, long FileBytes, bool IsPacked)
{
    /// <summary>True of a plain one that cannot be read whole: it stays as it is.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>A write or a sync has failed in it: its file does not become a segment again.</summary>
    public bool IsAbandoned { get; init; }

    /// <summary>True while it has its place in the spool still, and its path is that.</summary>
    public bool IsMoving { get; init; }
}
