namespace Telemetry.Influx;

/// <summary>Counters of the InfluxDB output; written by its consumer, read by anyone.</summary>
public sealed class InfluxMetrics
{
    private long _linesAccepted;
    private long _linesRefused;
    private long _requests;
    private long _failures;

    /// <summary>Lines the server took.</summary>
    public long LinesAccepted => Volatile.Read(ref _linesAccepted);

    /// <summary>Lines the server refused by name.</summary>
    public long LinesRefused => Volatile.Read(ref _linesRefused);

    /// <summary>Requests sent.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Requests that must be repeated.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Why the server is not taking points now; null while it does.</summary>
    public string? Fault { get; set; }

    /// <summary>Counts a request and what it did.</summary>
    public void Count(int accepted, int refused, int failures)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _linesAccepted, accepted);
        Interlocked.Add(ref _linesRefused, refused);
        Interlocked.Add(ref _failures, failures);
    }
}
