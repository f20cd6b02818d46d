namespace Telemetry.Mqtt.Pipelines;

/// <summary>Bytes that all sessions' queues may take together; each session adds what it took and gave back.</summary>
internal sealed class QueueBudget(long bytesMax)
{
    private long _bytes;

    /// <summary>Bytes taken.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether this many more are too many.</summary>
    public bool IsExceededBy(int bytes) => Interlocked.Read(ref _bytes) + bytes > bytesMax;

    /// <summary>Bytes were taken, or given back when negative.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
