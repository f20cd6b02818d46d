namespace Telemetry.Ingestion;

/// <summary>
/// Holds a sender to a number of bytes a second: a body goes once the time it takes at that rate is over.
/// </summary>
/// <param name="bytesPerSecond">The ceiling; 0 for none.</param>
/// <param name="time">For the waits.</param>
internal sealed class BytePacer(long bytesPerSecond, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _freeAt; // since the start; until then what was sent uses up the budget

    /// <summary>Waits for the time that a body takes, less what of it has passed since the last.</summary>
    public async Task TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond == 0)
        {
            return;
        }

        TimeSpan now = time.GetElapsedTime(_start);
        TimeSpan from = _freeAt > now ? _freeAt : now;
        _freeAt = from + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
        await Task.Delay(_freeAt - now, time, cancellationToken);
    }
}
