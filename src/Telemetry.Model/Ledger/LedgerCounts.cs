namespace Telemetry.Model;

/// <summary>
/// What became of messages and their points (law L9). It closes: received = decoded + not a measurement + no route +
/// quarantined + duplicate + dropped; what is pending is not in it yet.
/// </summary>
public record struct LedgerCounts
{
    /// <summary>Messages taken from the log.</summary>
    public long Received;

    /// <summary>Messages that gave points, or only refused ones.</summary>
    public long Decoded;

    /// <summary>Messages that are no measurement by route or kind.</summary>
    public long NotAMeasurement;

    /// <summary>Messages whose topic no route takes.</summary>
    public long NoRoute;

    /// <summary>Messages in quarantine.</summary>
    public long Quarantined;

    /// <summary>Of these, messages that could be decoded later, after a mapping was mended.</summary>
    public long Recovered;

    /// <summary>Messages that came before.</summary>
    public long Duplicate;

    /// <summary>Messages that gave way for want of room, or that a full quarantine did not keep.</summary>
    public long Dropped;

    /// <summary>Messages that the sequence numbers of their format say were sent and never came.</summary>
    public long Missing;

    /// <summary>Points decoded: stored, or refused by name.</summary>
    public long Points;

    /// <summary>Of these, points in the store; one of an equal series, field and time gave way.</summary>
    public long Stored;

    /// <summary>Of these, points refused by name: another type, or a ceiling.</summary>
    public long Refused;

    /// <summary>Received less everything it must be equal to; not 0 is a bug.</summary>
    public readonly long MessagesOff =>
        Received - Decoded - NotAMeasurement - NoRoute - Quarantined - Duplicate - Dropped;

    /// <summary>Points less everything they must be equal to; not 0 is a bug.</summary>
    public readonly long PointsOff => Points - Stored - Refused;

    /// <summary>Adds other counts.</summary>
    public void Add(in LedgerCounts other)
    {
        Received += other.Received;
        Decoded += other.Decoded;
        NotAMeasurement += other.NotAMeasurement;
        NoRoute += other.NoRoute;
        Quarantined += other.Quarantined;
        Recovered += other.Recovered;
        Duplicate += other.Duplicate;
        Dropped += other.Dropped;
        Missing += other.Missing;
        Points += other.Points;
        Stored += other.Stored;
        Refused += other.Refused;
    }
}
