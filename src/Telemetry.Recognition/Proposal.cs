using Telemetry.Model;

namespace Telemetry.Recognition;

/// <summary>How the messages of a topic could be read, for a person to confirm.</summary>
public sealed record Proposal
{
    /// <summary>What people call the format, for instance <c>ChirpStack v4 uplink</c>.</summary>
    public required string Format { get; init; }

    /// <summary>What its messages are about; for all but measurements the decoder is <c>ignore</c>.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>The route to confirm.</summary>
    public required RouteDefinition Route { get; init; }

    /// <summary>From 0 to 1: each clue found halves the doubt that is left.</summary>
    public required double Confidence { get; init; }

    /// <summary>What speaks for it, one sentence each, and what to look at before confirming.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>What a person must declare first, since no payload tells it; empty when nothing.</summary>
    public string Missing { get; init; } = "";
}
