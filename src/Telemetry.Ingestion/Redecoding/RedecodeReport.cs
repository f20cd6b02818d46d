namespace Telemetry.Ingestion;

/// <summary>What decoding messages anew did, or would do.</summary>
public sealed record RedecodeReport
{
    /// <summary>Messages that were looked at.</summary>
    public long Messages { get; init; }

    /// <summary>Samples that they give by the site in force.</summary>
    public long Samples { get; init; }

    /// <summary>Samples that were stored like this already.</summary>
    public long Unchanged { get; init; }

    /// <summary>Samples that were stored with another value or quality.</summary>
    public long Changed { get; init; }

    /// <summary>Samples where nothing was stored.</summary>
    public long Added { get; init; }

    /// <summary>Samples that were left alone, because what is stored there came later than their message.</summary>
    public long Later { get; init; }

    /// <summary>Points whose names or types were refused.</summary>
    public long Refused { get; init; }

    /// <summary>Messages that no route takes.</summary>
    public long NoRoute { get; init; }

    /// <summary>Messages that failed, whole or in part.</summary>
    public long Failed { get; init; }

    /// <summary>Samples that stay where no message of the range puts one any more.</summary>
    public long LeftBehind { get; init; }

    /// <summary>Some of those that change.</summary>
    public IReadOnlyList<RedecodeExample> Examples { get; init; } = [];

    /// <summary>Why messages failed, the most frequent reasons first.</summary>
    public IReadOnlyList<RedecodeFailure> Failures { get; init; } = [];

    /// <summary>Fields with samples left behind, those with the most first.</summary>
    public IReadOnlyList<RedecodeRemainder> Remainders { get; init; } = [];

    /// <summary>Gateways that sent something in the range, when the one that was asked for did not.</summary>
    public IReadOnlyList<string> Heard { get; init; } = [];

    /// <summary>Hashes of the sites in force while the messages came.</summary>
    public IReadOnlyList<string> SitesThen { get; init; } = [];

    /// <summary>Hash of the site in force now.</summary>
    public string SiteNow { get; init; } = "";

    /// <summary>Arrival of the oldest message that is kept, nanoseconds since 1970; 0 when there is none.</summary>
    public long Oldest { get; init; }

    /// <summary>Bytes of the log in the range that cannot be read.</summary>
    public long SkippedBytes { get; init; }

    /// <summary>What else is to be known; empty when all was there.</summary>
    public string Warning { get; init; } = "";

    /// <summary>Why it ended before its time; empty when it did not.</summary>
    public string Error { get; init; } = "";

    /// <summary>True when nothing was done because nothing could be.</summary>
    public bool IsRefused { get; init; }
}

/// <summary>A sample that changes.</summary>
/// <param name="Series">Measurement and tags.</param>
/// <param name="Field">The field.</param>
/// <param name="Time">Event time, nanoseconds since 1970.</param>
/// <param name="Before">What is stored; empty when there is nothing.</param>
/// <param name="After">What it is by the site in force.</param>
/// <param name="Unit">Its unit; empty when that is not known.</param>
public sealed record RedecodeExample(
    string Series, string Field, long Time, string Before, string After, string Unit);

/// <summary>A reason for which messages failed.</summary>
/// <param name="Reason">In words.</param>
/// <param name="Messages">How many.</param>
/// <param name="Topic">Topic of the first.</param>
/// <param name="ArrivalTime">When that arrived, nanoseconds since 1970.</param>
public sealed record RedecodeFailure(string Reason, long Messages, string Topic, long ArrivalTime);

/// <summary>A field with samples that stay, though no message of the range puts them there any more.</summary>
/// <param name="Series">Measurement and tags.</param>
/// <param name="Field">The field.</param>
/// <param name="Samples">How many.</param>
/// <param name="First">Time of the first, nanoseconds since 1970.</param>
/// <param name="Last">Time of the last.</param>
/// <param name="GetsOthers">True when messages of the range do give the field samples at other times.</param>
public sealed record RedecodeRemainder(
    string Series, string Field, long Samples, long First, long Last, bool GetsOthers);
