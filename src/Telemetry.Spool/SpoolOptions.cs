namespace Telemetry.Spool;

/// <summary>Where the spool lives and its ceilings.</summary>
public sealed record SpoolOptions
{
    /// <summary>The directory, made when missing; it holds nothing but the spool.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Quota of all segments together. At the quota, segments that only optional holders still want are deleted; when
    /// required ones want them, intake stops.
    /// </summary>
    public long BytesMax { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>Length at which a new segment is begun: the unit in which space comes back.</summary>
    public int SegmentBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// Ceiling of what is appended and not yet being written; as much again is being written. 16 MiB are 100 ms of the
    /// highest rate measured, so a disk that needs 30 ms for a sync does not slow the intake.
    /// </summary>
    public int BufferBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Least time between two commits; it spares flash under load and delays nothing when idle. 0 commits as fast as
    /// the disk can.
    /// </summary>
    public int CommitIntervalMinMilliseconds { get; init; } = 1;

    /// <summary>
    /// Least time between two wakings of those who wait for commits (<see cref="Spool.WaitForCommitAsync"/>) while
    /// more comes, so that commits of one small message each share the work of waking. 0 wakes at each commit.
    /// </summary>
    public int WakeIntervalMinMilliseconds { get; init; } = 10;

    /// <summary>How often a full disk is tried again.</summary>
    public int FullRetryMilliseconds { get; init; } = 1_000;

    /// <summary>Space that intake leaves to others on the same disk (the store, the alarm journal).</summary>
    public long FreeBytesMin { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// The log goes on at this offset or behind it. Set it to the highest offset that a holder outside the spool has
    /// stored: a spool that lost its end must not give those offsets to new records.
    /// </summary>
    public long OffsetMin { get; init; }

    /// <summary>
    /// How much of the newest segments is verified when the spool opens; older ones are verified when they are read. At
    /// 1 GB/s the default costs a second at most.
    /// </summary>
    public long VerifyBytesMax { get; init; } = 1024 * 1024 * 1024;

    /// <summary>Where segments go instead of being deleted; null: they are deleted.</summary>
    public ArchiveOptions? Archive { get; init; }

    /// <summary>The longest block that can be appended: two always fit, so that waiting for room ends.</summary>
    public int BlockBytesMax => BufferBytesMax / 2;

    internal void Require()
    {
        ArgumentException.ThrowIfNullOrEmpty(Directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytesMax, SegmentHeader.Bytes + SpoolRecord.HeaderBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferBytesMax, 2 * SpoolRecord.HeaderBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(BytesMax, 2L * Math.Max(SegmentBytesMax, BufferBytesMax));
        ArgumentOutOfRangeException.ThrowIfNegative(CommitIntervalMinMilliseconds);
        ArgumentOutOfRangeException.ThrowIfNegative(WakeIntervalMinMilliseconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(FullRetryMilliseconds, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(FreeBytesMin);
        ArgumentOutOfRangeException.ThrowIfNegative(OffsetMin);
        ArgumentOutOfRangeException.ThrowIfNegative(VerifyBytesMax);
    }
}
