namespace Telemetry.Store;

/// <summary>What the embedded store counts, from its opening on. Read by any thread.</summary>
public sealed class StoreMetrics
{
    private long _samplesAppended;
    private long _samplesLate;
    private long _samplesOverwritten;
    private long _chunksSealed;
    private long _checkpoints;
    private long _checkpointsFailed;
    private long _checkpointNanoseconds;
    private long _rowsWritten;
    private long _chunksCorrupt;
    private long _rollupBytes;
    private long _chunksForgotten;
    private long _fileBytes;
    private long _pendingBytes;

    /// <summary>Samples taken in.</summary>
    public long SamplesAppended => Interlocked.Read(ref _samplesAppended);

    /// <summary>Of those, samples older than what was sealed already; they are merged when they are read.</summary>
    public long SamplesLate => Interlocked.Read(ref _samplesLate);

    /// <summary>Samples that gave way to a later one of the same time within their chunk.</summary>
    public long SamplesOverwritten => Interlocked.Read(ref _samplesOverwritten);

    /// <summary>Chunks sealed.</summary>
    public long ChunksSealed => Interlocked.Read(ref _chunksSealed);

    /// <summary>Checkpoints committed.</summary>
    public long Checkpoints => Interlocked.Read(ref _checkpoints);

    /// <summary>Checkpoints that failed and left everything in memory.</summary>
    public long CheckpointsFailed => Interlocked.Read(ref _checkpointsFailed);

    /// <summary>Time spent in checkpoints, in nanoseconds.</summary>
    public long CheckpointNanoseconds => Interlocked.Read(ref _checkpointNanoseconds);

    /// <summary>Rows of chunks and heads written by checkpoints.</summary>
    public long RowsWritten => Interlocked.Read(ref _rowsWritten);

    /// <summary>Chunks found corrupt and set aside.</summary>
    public long ChunksCorrupt => Interlocked.Read(ref _chunksCorrupt);

    /// <summary>Bytes of roll-ups written, also of those that replaced others.</summary>
    public long RollupBytes => Interlocked.Read(ref _rollupBytes);

    /// <summary>Chunks that were older than their retention and are gone.</summary>
    public long ChunksForgotten => Interlocked.Read(ref _chunksForgotten);

    /// <summary>Size of the file in bytes after the last checkpoint, its log not counted.</summary>
    public long FileBytes => Interlocked.Read(ref _fileBytes);

    /// <summary>Bytes of sealed chunks that wait for the next checkpoint.</summary>
    public long PendingBytes => Interlocked.Read(ref _pendingBytes);

    internal void OnAppended(int samples, int late, long pendingBytes)
    {
        Interlocked.Add(ref _samplesAppended, samples);
        Interlocked.Add(ref _samplesLate, late);
        Interlocked.Exchange(ref _pendingBytes, pendingBytes);
    }

    internal void OnOverwritten(int samples) => Interlocked.Add(ref _samplesOverwritten, samples);

    internal void OnSealed() => Interlocked.Increment(ref _chunksSealed);

    internal void OnCheckpoint(long nanoseconds, int rows, long fileBytes, long chunksForgotten)
    {
        Interlocked.Increment(ref _checkpoints);
        Interlocked.Add(ref _checkpointNanoseconds, nanoseconds);
        Interlocked.Add(ref _rowsWritten, rows);
        Interlocked.Exchange(ref _fileBytes, fileBytes);
        Interlocked.Exchange(ref _chunksForgotten, chunksForgotten);
        Interlocked.Exchange(ref _pendingBytes, 0);
    }

    internal void OnRolledUp(long bytes) => Interlocked.Add(ref _rollupBytes, bytes);

    internal void OnCheckpointFailed() => Interlocked.Increment(ref _checkpointsFailed);

    internal void OnCorrupt() => Interlocked.Increment(ref _chunksCorrupt);
}
