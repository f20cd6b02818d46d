using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>What is known of a gateway at one moment: all that the commissioning check judges by.</summary>
public sealed record CommissioningFacts
{
    /// <summary>The gateway's key.</summary>
    public required string Gateway { get; init; }

    /// <summary>The moment, in nanoseconds since 1970.</summary>
    public required long Now { get; init; }

    /// <summary>Who it is to the guard of the door; null when the guard cannot be asked.</summary>
    public AccessFacts? Access { get; init; }

    /// <summary>Where it is connected from; null when it is not.</summary>
    public string? Address { get; init; }

    /// <summary>Since when it is connected, since 1970; 0 when it is not.</summary>
    public long ConnectedSinceMilliseconds { get; init; }

    /// <summary>What was counted of it since the service started; null when it was never heard.</summary>
    public GatewayView? Counts { get; init; }

    /// <summary>Its topics that gave no point, the last heard first.</summary>
    public IReadOnlyList<IgnoredTopic> Ignored { get; init; } = [];

    /// <summary>Its messages in quarantine by reason, the newest first.</summary>
    public IReadOnlyList<QuarantineFacts> Quarantined { get; init; } = [];

    /// <summary>Names it sent that are no signals.</summary>
    public IReadOnlyList<UnboundFacts> Unbound { get; init; } = [];

    /// <summary>Signals it sent, and those that the site expects through it.</summary>
    public IReadOnlyList<SignalFacts> Signals { get; init; } = [];

    /// <summary>Signals that were not looked at for want of time.</summary>
    public int SignalsSkipped { get; init; }

    /// <summary>What became of its messages in the last hours; null when it is not known.</summary>
    public LedgerCounts? Ledger { get; init; }

    /// <summary>The last values of its fields that tell signal strength.</summary>
    public IReadOnlyList<RadioFacts> Radio { get; init; } = [];
}

/// <summary>An identity and what was refused to it.</summary>
/// <param name="IsKnown">True when there is an identity of the gateway's key.</param>
/// <param name="IsRevoked">True when it may not connect any more.</param>
/// <param name="Refusals">What was refused to it, or to its client identifier, the last first.</param>
public sealed record AccessFacts(bool IsKnown, bool IsRevoked, IReadOnlyList<RefusalFacts> Refusals);

/// <summary>Something the guard refused.</summary>
/// <param name="Reason">Why, in the word of the audit log; <c>deny_publish</c> for a topic.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="Topic">The topic; empty for a login.</param>
/// <param name="Count">How often since the service started.</param>
/// <param name="LastMilliseconds">When last, since 1970.</param>
public sealed record RefusalFacts(string Reason, string Address, string Topic, long Count, long LastMilliseconds);

/// <summary>Messages in quarantine for one reason.</summary>
/// <param name="Code">Name of the reason.</param>
/// <param name="Count">How many wait or failed again.</param>
/// <param name="Newest">The newest of them; null when it cannot be read.</param>
public sealed record QuarantineFacts(string Code, long Count, QuarantineEntry? Newest);

/// <summary>A name without a signal.</summary>
/// <param name="Name">Series and field.</param>
/// <param name="Suggestion">The signal that may be meant; null when none is near.</param>
public sealed record UnboundFacts(string Name, string? Suggestion);

/// <summary>A signal and what came of it lately.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="IsKnown">True when anything of it ever came.</param>
/// <param name="Seen">What came within the span that was looked at.</param>
public sealed record SignalFacts(SignalInstance Signal, bool IsKnown, SeenSamples Seen);

/// <summary>The samples of one field within a span of time.</summary>
public struct SeenSamples
{
    /// <summary>How long the span is, in nanoseconds.</summary>
    public long Span;

    /// <summary>How many there are.</summary>
    public long Count;

    /// <summary>Time of the first, nanoseconds since 1970.</summary>
    public long First;

    /// <summary>Time of the last.</summary>
    public long Last;

    /// <summary>The last value.</summary>
    public double LastValue;

    /// <summary>The last value outside of the plausible range.</summary>
    public double LastOutside;

    /// <summary>How many are outside of the plausible range.</summary>
    public long Outside;

    /// <summary>How many are not of good quality.</summary>
    public long NotGood;

    /// <summary>How many came later than the lateness limit.</summary>
    public long Late;

    /// <summary>Longest time between two of them, in nanoseconds.</summary>
    public long LongestGap;

    /// <summary>Time of the sample before the longest gap.</summary>
    public long GapStart;

    /// <summary>Shortest time from event to arrival where that is negative, nanoseconds; else 0.</summary>
    public long DelayMin;
}

/// <summary>A value that tells signal strength.</summary>
/// <param name="Name">The field.</param>
/// <param name="Value">Its last value.</param>
public sealed record RadioFacts(string Name, double Value);
