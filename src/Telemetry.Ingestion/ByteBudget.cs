namespace Telemetry.Ingestion;

/// <summary>Bytes that are given out until there are none left; for any thread.</summary>
internal sealed class ByteBudget(long bytesMax)
{
    private long _taken;

    /// <summary>Takes bytes for good, all of them or none.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= bytesMax)
        {
            return true;
        }

        Interlocked.Add(ref _taken, -bytes);
        return false;
    }
}
