namespace Telemetry.Influx;

/// <summary>
/// How long to wait before the same request goes out again: exponential with full jitter
/// (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015), never longer than a minute by itself.
/// </summary>
/// <param name="random">Gives the jitter, uniform in 0…1.</param>
public sealed class RetrySchedule(Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1); // a server's slip must not stop us for days
    private int _failures;

    /// <summary>Failures in a row.</summary>
    public int Failures => _failures;

    /// <summary>Counts a failure.</summary>
    /// <returns>The wait; what the server asked for when it did, up to an hour.</returns>
    public TimeSpan NextDelay(TimeSpan? retryAfter)
    {
        double ceiling = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(_failures, 16)));
        _failures++;
        TimeSpan jittered = TimeSpan.FromSeconds(ceiling * (0.5 + (0.5 * random())));
        return retryAfter is { } asked && asked > TimeSpan.Zero
            ? TimeSpan.FromTicks(Math.Min(asked.Ticks, LongestAsked.Ticks))
            : jittered;
    }

    /// <summary>Forgets the failures.</summary>
    public void Succeeded() => _failures = 0;
}
