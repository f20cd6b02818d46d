namespace Telemetry.Store;

/// <summary>What can be chosen about the embedded store.</summary>
public sealed record StoreOptions
{
    /// <summary>Eight checkpoints' worth: minutes of a full disk at usual rates, and small beside the heads.</summary>
    public const int PendingBytesMaxDefault = 64 * 1024 * 1024;

    /// <summary>The SQLite file; its directory is made when it is missing.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Samples after which a chunk is sealed: 64 … 16,384. More compress better and cost more to open.
    /// </summary>
    public int ChunkSamples { get; init; } = 512;

    /// <summary>Seconds after which a checkpoint is due.</summary>
    public double CheckpointSeconds { get; init; } = 2;

    /// <summary>Bytes of sealed chunks in memory after which a checkpoint is due before its time.</summary>
    public int CheckpointBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Samples appended after which a checkpoint is due before its time.</summary>
    public int CheckpointSamples { get; init; } = 4_000_000;

    /// <summary>
    /// Bytes of sealed chunks in memory at which nothing more is to be appended until a checkpoint has succeeded: while
    /// the file cannot be written the spool holds what comes, not the memory.
    /// </summary>
    public int PendingBytesMax { get; init; } = PendingBytesMaxDefault;

    /// <summary>What is older is let go of; null: nothing ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>By measurement, in the place of <see cref="Retention"/>.</summary>
    public IReadOnlyDictionary<string, TimeSpan?> RetentionOf { get; init; } = new Dictionary<string, TimeSpan?>();

    internal StoreOptions Require()
    {
        ArgumentException.ThrowIfNullOrEmpty(Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkSamples, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ChunkSamples, 16_384);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CheckpointSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CheckpointBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CheckpointSamples);
        ArgumentOutOfRangeException.ThrowIfLessThan(PendingBytesMax, CheckpointBytes);
        return this;
    }
}
