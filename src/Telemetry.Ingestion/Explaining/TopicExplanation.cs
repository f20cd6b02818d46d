namespace Telemetry.Ingestion;

/// <summary>What came on a topic lately and what it became; with nothing found, what may be the cause.</summary>
public sealed record TopicExplanation
{
    /// <summary>The topic or topic filter that was asked for.</summary>
    public required string Topic { get; init; }

    /// <summary>Bytes of spool that were looked through, backwards from the end.</summary>
    public required long SearchedBytes { get; init; }

    /// <summary>Arrival of the oldest record looked at, nanoseconds since 1970; 0 when there was none.</summary>
    public required long SearchedFrom { get; init; }

    /// <summary>The last messages, newest first.</summary>
    public required IReadOnlyList<ExplainedMessage> Messages { get; init; }

    /// <summary>
    /// Which route takes the topic and why; of a topic filter empty, for its topics may be taken by several.
    /// </summary>
    public required string Route { get; init; }

    /// <summary>With nothing found: topics like it that had messages.</summary>
    public required IReadOnlyList<string> SimilarTopics { get; init; }

    /// <summary>With nothing found: who is connected.</summary>
    public required IReadOnlyList<ExplainedSession> Sessions { get; init; }
}

/// <summary>A connected client.</summary>
/// <param name="Client">Its client identifier.</param>
/// <param name="User">Its user name; null without.</param>
/// <param name="Address">Where it connects from.</param>
/// <param name="Messages">Messages it has sent on this connection.</param>
/// <param name="LastPacketMilliseconds">When bytes last came from it, since 1970.</param>
public sealed record ExplainedSession(
    string Client, string? User, string Address, long Messages, long LastPacketMilliseconds);

/// <summary>A received message and what became of it.</summary>
public sealed record ExplainedMessage
{
    /// <summary>Where it stands in the spool.</summary>
    public required long Offset { get; init; }

    /// <summary>When it arrived (first), nanoseconds since 1970.</summary>
    public required long ArrivalTime { get; init; }

    /// <summary>Its topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Client identifier.</summary>
    public required string Client { get; init; }

    /// <summary>The gateway's key, by the topic where the route says so.</summary>
    public required string Gateway { get; init; }

    /// <summary>Quality of service with which it came.</summary>
    public required int Qos { get; init; }

    /// <summary>Length of the payload.</summary>
    public required int PayloadBytes { get; init; }

    /// <summary>The payload's first bytes as text, for people.</summary>
    public required string PayloadStart { get; init; }

    /// <summary>decoded, not a measurement, no route, duplicate, quarantined.</summary>
    public required string Fate { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Because { get; init; }

    /// <summary>Name of the route; empty when none takes it.</summary>
    public required string Route { get; init; }

    /// <summary>Name of the decoder; empty likewise.</summary>
    public required string Decoder { get; init; }

    /// <summary>Number in quarantine; null when it is not there.</summary>
    public long? QuarantineId { get; init; }

    /// <summary>The payload around the fault; null without one.</summary>
    public PayloadExcerpt? Excerpt { get; init; }

    /// <summary>How many values it gave.</summary>
    public required int SampleCount { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<ExplainedSample> Samples { get; init; }

    /// <summary>What was refused by name, in words.</summary>
    public required IReadOnlyList<string> Refused { get; init; }

    /// <summary>True for a quarantined message that was decoded again.</summary>
    public bool IsRetry { get; init; }
}

/// <summary>A value that a message gave.</summary>
/// <param name="Series">Measurement and tags under which it is stored.</param>
/// <param name="Field">The field.</param>
/// <param name="Value">The value as text.</param>
/// <param name="Unit">Unit of the signal, or as it came; empty when unknown.</param>
/// <param name="Time">Event time, nanoseconds since 1970.</param>
/// <param name="Signal">The signal it is bound to; null for an unbound name.</param>
/// <param name="Nearest">Of an unbound name: the name in the catalogue that may be meant; null without.</param>
/// <param name="Remarks">Late, time of arrival, corrected, quality, in words; empty for none.</param>
public sealed record ExplainedSample(
    string Series, string Field, string Value, string Unit, long Time, string? Signal, string? Nearest, string Remarks);
