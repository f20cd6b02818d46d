namespace Telemetry.Spool;

/// <summary>Something in the spool's directory that was not as written.</summary>
/// <param name="Segment">The file.</param>
/// <param name="Offset">The logical offset of the first faulty byte.</param>
/// <param name="Expected">What a sound file would hold there.</param>
/// <param name="Found">What it holds.</param>
/// <param name="SetAsideAs">The file's name now; it was set aside and not deleted.</param>
/// <param name="SalvagedBytes">Bytes of whole records that were kept in the log.</param>
/// <param name="LostBytes">Bytes that readers will pass over.</param>
public sealed record SpoolCorruption(
    string Segment, long Offset, string Expected, string Found, string SetAsideAs, long SalvagedBytes, long LostBytes);

/// <summary>What opening the spool found and did.</summary>
public sealed record RecoveryReport
{
    /// <summary>Files that were set aside, in the order in which they were found.</summary>
    public required IReadOnlyList<SpoolCorruption> Corruptions { get; init; }

    /// <summary>Bytes behind the last whole record of the last segment.</summary>
    public required long TornBytes { get; init; }

    /// <summary>Bytes missing between segments, in this and in earlier runs.</summary>
    public required long MissingBytes { get; init; }

    /// <summary>Records whose checksums were verified.</summary>
    public required long VerifiedRecords { get; init; }

    /// <summary>Bytes of these records.</summary>
    public required long VerifiedBytes { get; init; }

    /// <summary>Where the log goes on.</summary>
    public required long EndOffset { get; init; }

    /// <summary>
    /// The latest arrival time among the verified records, nanoseconds since 1970; 0 when there are none.
    /// </summary>
    public long ArrivalMax { get; init; }
}
