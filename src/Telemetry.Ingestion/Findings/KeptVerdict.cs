using Telemetry.Detection;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// A verdict with who gave it, on what, and what came of it. Immutable; what changes makes a new one.
/// </summary>
public sealed record KeptVerdict
{
    /// <summary>Its number; 1 for the first.</summary>
    public required long Number { get; init; }

    /// <summary>Number of the finding that was judged.</summary>
    public required long FindingNumber { get; init; }

    /// <summary>Event time of that finding, nanoseconds since 1970.</summary>
    public required long FindingTime { get; init; }

    /// <summary>The signal.</summary>
    public required string Signal { get; init; }

    /// <summary>Unit of the judged size, UCUM.</summary>
    public required string Unit { get; init; }

    /// <summary>What was said.</summary>
    public required OperatorVerdict Verdict { get; init; }

    /// <summary>What was judged, as large as it was then.</summary>
    public required AnomalyFacts Judged { get; init; }

    /// <summary>Who said it.</summary>
    public required string Operator { get; init; }

    /// <summary>Why; may be empty.</summary>
    public required string Comment { get; init; }

    /// <summary>When; it is in force behind that time of arrival.</summary>
    public required long GivenAt { get; init; }

    /// <summary>When it ends by itself; <see cref="long.MaxValue"/> for never.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>When it was revoked; 0 for not.</summary>
    public long RevokedAt { get; init; }

    /// <summary>Who revoked it; empty for nobody.</summary>
    public string RevokedBy { get; init; } = "";

    /// <summary>How many findings it has held back.</summary>
    public long HeldCount { get; init; }

    /// <summary>Event time of the last of them; 0 for none.</summary>
    public long LastHeldAt { get; init; }

    /// <summary>True while it is in force.</summary>
    public bool IsInForceAt(long now) => ForDetection().IsInForceAt(now);

    /// <summary>What detection has to know of it.</summary>
    public GivenVerdict ForDetection() =>
        new(Number, Verdict, GivenAt, RevokedAt > 0 ? Math.Min(RevokedAt, ExpiresAt) : ExpiresAt, Judged);
}
