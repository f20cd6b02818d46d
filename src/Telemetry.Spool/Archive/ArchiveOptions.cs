namespace Telemetry.Spool;

/// <summary>Where segments go that everyone has released, and how much of them is kept.</summary>
public sealed record ArchiveOptions
{
    /// <summary>Free space below which nothing is kept, unless set otherwise.</summary>
    public const long FreeBytesMinDefault = 1024 * 1024 * 1024;

    /// <summary>
    /// The directory, made when missing; it holds nothing but the archive, and lies on the spool's disk.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>Bytes of all files together; beyond it the oldest go.</summary>
    public long BytesMax { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>
    /// Space that the archive leaves to all others on the disk: the oldest files go as soon as less is free, long
    /// before intake stops for want of it.
    /// </summary>
    public long FreeBytesMin { get; init; } = FreeBytesMinDefault;

    internal void Require()
    {
        ArgumentException.ThrowIfNullOrEmpty(Directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(BytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(FreeBytesMin);
    }
}
