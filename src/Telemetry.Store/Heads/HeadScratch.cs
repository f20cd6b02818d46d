namespace Telemetry.Store;

/// <summary>The memory that sealing and checkpointing work in; belongs to the appending thread.</summary>
internal sealed class HeadScratch
{
    public ChunkEncoder Encoder { get; } = new();

    public SampleColumns Columns { get; } = new();

    public BlobWriter Blob { get; } = new();
}
