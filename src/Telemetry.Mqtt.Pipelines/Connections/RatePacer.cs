namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Holds what one connection sends to a rate, as a token bucket: a second's worth may come at once; beyond that reading
/// pauses until the bucket is level. Nothing is refused or lost: the client is slowed by its own socket.
/// </summary>
/// <param name="perSecondMax">The rate; 0 for none.</param>
/// <param name="time">The clock.</param>
internal sealed class RatePacer(long perSecondMax, TimeProvider time)
{
    private double _level = perSecondMax; // below 0: so much came too early
    private long _filledAt = time.GetTimestamp();

    /// <summary>Takes note of what one read brought and says how long to pause; zero for not at all.</summary>
    public TimeSpan Take(long count)
    {
        if (perSecondMax == 0)
        {
            return TimeSpan.Zero;
        }

        _level -= count;
        if (_level >= 0)
        {
            return TimeSpan.Zero; // the clock is asked only by who is fast
        }

        long now = time.GetTimestamp();
        double filled = time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecondMax;
        _level = Math.Min(_level + filled, perSecondMax);
        _filledAt = now;
        return _level >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_level / perSecondMax);
    }
}
