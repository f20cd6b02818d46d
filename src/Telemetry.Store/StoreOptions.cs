namespace Telemetry.Store;

/// <summary>What can be chosen about the embedded store.</summary>
public sealed record StoreOptions
{
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

    internal StoreOptions Require()
    {
        ArgumentException.ThrowIfNullOrEmpty(Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkSamples, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ChunkSamples, 16_384);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CheckpointSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CheckpointBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CheckpointSamples);
        return this;
    }
}
