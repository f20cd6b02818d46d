namespace Telemetry.Ingestion;

/// <summary>Bytes that are given out until there are none left; for any thread.</summary>
internal sealed class ByteBudget(long bytesMax)
{
    private long _taken;

    /// <summary>Gives back bytes that were taken.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);

    /// <summary>Takes bytes, all of them or none.</summary>
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
