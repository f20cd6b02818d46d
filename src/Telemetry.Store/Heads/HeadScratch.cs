namespace Telemetry.Store;

/// <summary>The memory that sealing and checkpointing work in; belongs to the appending thread.</summary>
internal sealed class HeadScratch
{
    /// <summary>For sealed chunks.</summary>
    public ChunkEncoder Encoder { get; } = new();

    /// <summary>For parts of open ones: each encoder remembers the times it had last.</summary>
    public ChunkEncoder PartEncoder { get; } = new();

    public SampleColumns Columns { get; } = new();

    public BlobWriter Blob { get; } = new();
}
