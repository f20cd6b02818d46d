namespace Telemetry.Influx;

/// <summary>What the server made of a write, and what that means for the cursor.</summary>
public enum WriteVerdict
{
    /// <summary>Taken: the cursor moves.</summary>
    Accepted,

    /// <summary>Some point in it is refused: the body is halved until the point is found (HTTP 400, 422).</summary>
    Refused,

    /// <summary>
    /// Taken but for points older than the server keeps (HTTP 400, 422): they would be refused again for ever.
    /// </summary>
    BeyondRetention,

    /// <summary>The body is larger than the server takes: it is halved (HTTP 413).</summary>
    TooLarge,

    /// <summary>The server is away or busy: the same again later (HTTP 429, 5xx, no connection).</summary>
    TryLater,

    /// <summary>
    /// Refused in words that are not known to be about points (HTTP 400, 422): a proxy's, say. It is halved as far as
    /// it takes to see whether the server takes other points; if not, someone must look, and the same goes again later.
    /// </summary>
    Unclear,

    /// <summary>
    /// The server does not let us (HTTP 401, 403, 404 and any other): someone must look; the same again later.
    /// </summary>
    NotAllowed,

    /// <summary>The server has no such database or bucket (HTTP 404).</summary>
    NoBucket,
}

/// <summary>A verdict with the server's own words.</summary>
/// <param name="Verdict">What happened.</param>
/// <param name="Text">The server's words, or the network's; empty when accepted.</param>
/// <param name="RetryAfter">What the server asked for; null when it named nothing.</param>
/// <param name="DroppedCount">Of <see cref="WriteVerdict.BeyondRetention"/> how many points it dropped.</param>
/// <param name="Conflict">Of <see cref="WriteVerdict.Refused"/> the field it names; null when it names none.</param>
/// <param name="Lines">Of <see cref="WriteVerdict.Refused"/> the lines it names; null when it names none.</param>
public readonly record struct WriteOutcome(
    WriteVerdict Verdict,
    string Text,
    TimeSpan? RetryAfter,
    int DroppedCount = 0,
    TypeConflict? Conflict = null,
    IReadOnlyList<RefusedLine>? Lines = null);
