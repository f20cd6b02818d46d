namespace Telemetry.Ingestion;

/// <summary>
/// The account of what came in (law L9): received = decoded + not a measurement + no route + quarantined +
/// duplicate + pending. Counted once per record by the decoding at the tail.
/// </summary>
public sealed class IngestionMetrics
{
    private long _decoded;
    private long _notAMeasurement;
    private long _noRoute;
    private long _quarantined;
    private long _duplicate;
    private long _points;
    private long _samples;
    private long _refused;
    private long _ticks;
    private long _retried;
    private long _redecoded;
    private long _feedsDropped;

    /// <summary>Messages that gave points.</summary>
    public long MessagesDecoded => Volatile.Read(ref _decoded);

    /// <summary>Messages that are no measurement by route or kind.</summary>
    public long MessagesNotAMeasurement => Volatile.Read(ref _notAMeasurement);

    /// <summary>Messages no route takes.</summary>
    public long MessagesWithoutRoute => Volatile.Read(ref _noRoute);

    /// <summary>Messages in quarantine.</summary>
    public long MessagesQuarantined => Volatile.Read(ref _quarantined);

    /// <summary>Messages that came before.</summary>
    public long MessagesDuplicate => Volatile.Read(ref _duplicate);

    /// <summary>Points decoded.</summary>
    public long Points => Volatile.Read(ref _points);

    /// <summary>Field values decoded.</summary>
    public long Samples => Volatile.Read(ref _samples);

    /// <summary>Points refused by name: type conflict or ceiling.</summary>
    public long PointsRefused => Volatile.Read(ref _refused);

    /// <summary>Quarantined messages decoded again; they were counted as received when they came.</summary>
    public long MessagesRetried => Volatile.Read(ref _retried);

    /// <summary>Records of points that were decoded anew, one or more for each message.</summary>
    public long RecordsRedecoded => Volatile.Read(ref _redecoded);

    /// <summary>Tick records seen.</summary>
    public long Ticks => Volatile.Read(ref _ticks);

    /// <summary>Live feed readers dropped because they did not keep up.</summary>
    public long FeedReadersDropped => Volatile.Read(ref _feedsDropped);

    internal void Count(in DecodeTally tally)
    {
        Interlocked.Add(ref _decoded, tally.Decoded);
        Interlocked.Add(ref _notAMeasurement, tally.NotAMeasurement);
        Interlocked.Add(ref _noRoute, tally.NoRoute);
        Interlocked.Add(ref _quarantined, tally.Quarantined);
        Interlocked.Add(ref _duplicate, tally.Duplicate);
        Interlocked.Add(ref _points, tally.Points);
        Interlocked.Add(ref _samples, tally.Samples);
        Interlocked.Add(ref _refused, tally.Refused);
        Interlocked.Add(ref _ticks, tally.Ticks);
        Interlocked.Add(ref _retried, tally.Retried);
        Interlocked.Add(ref _redecoded, tally.Redecoded);
    }

    internal void CountFeedReaderDropped() => Interlocked.Increment(ref _feedsDropped);
}

/// <summary>The account of one batch.</summary>
internal struct DecodeTally
{
    public int Decoded;
    public int NotAMeasurement;
    public int NoRoute;
    public int Quarantined;
    public int Duplicate;
    public int Points;
    public int Samples;
    public int Refused;
    public int Ticks;
    public int Retried;
    public int Redecoded;
}
