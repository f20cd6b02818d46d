using System.Runtime.InteropServices;

namespace Telemetry.Store;

/// <summary>A sealed chunk that is not yet in the file.</summary>
internal struct PendingChunk
{
    public FieldHead Head;

    /// <summary>Number of the chunk; of chunks with the same time the one with the greater number wins.</summary>
    public long Sequence;

    /// <summary>Index of the field's chunk before this one; −1 when there is none.</summary>
    public int Previous;

    public int Start;

    public int Bytes;

    public SampleSummary Summary;

    /// <summary>False for booleans and strings, and where a value is not a number.</summary>
    public bool HasValues;

    /// <summary>It holds samples that came behind what was sealed.</summary>
    public bool IsLate;
}

/// <summary>Sealed chunks on their way to the next checkpoint, in one arena.</summary>
internal sealed class PendingChunks
{
    private readonly List<PendingChunk> _chunks = [];
    private readonly BlobWriter _blobs = new();

    public ReadOnlySpan<PendingChunk> Chunks => CollectionsMarshal.AsSpan(_chunks);

    /// <summary>Bytes that wait.</summary>
    public int Bytes => _blobs.Count;

    /// <summary>Where the next chunk's bytes are to be written.</summary>
    public BlobWriter Blobs => _blobs;

    public ReadOnlySpan<byte> BlobOf(in PendingChunk chunk) => _blobs.Written.Slice(chunk.Start, chunk.Bytes);

    /// <returns>The chunk's index.</returns>
    public int Add(in PendingChunk chunk)
    {
        _chunks.Add(chunk);
        return _chunks.Count - 1;
    }

    public void Clear()
    {
        _chunks.Clear();
        _blobs.Clear();
    }
}
