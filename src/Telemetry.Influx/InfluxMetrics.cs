namespace Telemetry.Influx;

/// <summary>Counters of the InfluxDB output; written by those who send, read by anyone.</summary>
public sealed class InfluxMetrics
{
    private long _linesAccepted;
    private long _linesRefused;
    private long _linesBeyondRetention;
    private long _linesRefilled;
    private long _requests;
    private long _failures;

    /// <summary>Lines the server took.</summary>
    public long LinesAccepted => Volatile.Read(ref _linesAccepted);

    /// <summary>Lines the server refused by name.</summary>
    public long LinesRefused => Volatile.Read(ref _linesRefused);

    /// <summary>Lines older than the server keeps.</summary>
    public long LinesBeyondRetention => Volatile.Read(ref _linesBeyondRetention);

    /// <summary>Lines that were read from the embedded store again, of all that were taken.</summary>
    public long LinesRefilled => Volatile.Read(ref _linesRefilled);

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

    /// <summary>Counts lines of a request that the server does not keep.</summary>
    public void CountBeyondRetention(int lines) => Interlocked.Add(ref _linesBeyondRetention, lines);

    /// <summary>Counts lines that came from the embedded store.</summary>
    public void CountRefilled(int lines) => Interlocked.Add(ref _linesRefilled, lines);
}
