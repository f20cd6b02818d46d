namespace Telemetry.Influx;

/// <summary>Counters of the InfluxDB output; written by those who send, read by anyone.</summary>
public sealed class InfluxMetrics
{
    private long _linesAccepted;
    private long _linesRefused;
    private long _linesBeyondRetention;
    private long _linesRefilled;
    private long _pointsWithheld;
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

    /// <summary>Points not sent: the server would lose or refuse them, or end on them.</summary>
    public long PointsWithheld => Volatile.Read(ref _pointsWithheld);

    /// <summary>Requests sent.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Requests that must be repeated.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Why the server is not taking points now; null while it does.</summary>
    public string? Fault { get; set; }

    /// <summary>True while it takes none in words that someone must look at.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Counts a request that was answered, or was not.</summary>
    public void CountRequest(bool isFailure)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _failures, isFailure ? 1 : 0);
    }

    /// <summary>Counts lines that the server took.</summary>
    public void CountAccepted(int lines) => Interlocked.Add(ref _linesAccepted, lines);

    /// <summary>Counts a line that it refused.</summary>
    public void CountRefused() => Interlocked.Increment(ref _linesRefused);

    /// <summary>Counts lines of a request that the server does not keep.</summary>
    public void CountBeyondRetention(int lines) => Interlocked.Add(ref _linesBeyondRetention, lines);

    /// <summary>Counts points that are not sent.</summary>
    public void CountWithheld(long points) => Interlocked.Add(ref _pointsWithheld, points);

    /// <summary>Counts lines that came from the embedded store.</summary>
    public void CountRefilled(int lines) => Interlocked.Add(ref _linesRefilled, lines);
}
