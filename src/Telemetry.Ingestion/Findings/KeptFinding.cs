using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>An anomaly as the history of findings has it. Immutable; what changes makes a new one.</summary>
public sealed record KeptFinding
{
    /// <summary>Its number; 1 for the first.</summary>
    public required long Number { get; init; }

    /// <summary>Who heard of it.</summary>
    public required FindingLevel Level { get; init; }

    /// <summary>The verdict that holds it back; 0 for none.</summary>
    public required long HeldBy { get; init; }

    /// <summary>Its signal, for instance <c>CR-201.motor_current</c>.</summary>
    public required string Signal { get; init; }

    /// <summary>Unit of value, limit and size, UCUM.</summary>
    public required string Unit { get; init; }

    /// <summary>As it was found; its condition's field is of no account.</summary>
    public required Finding Finding { get; init; }

    /// <summary>What is known of it, as large as it has become.</summary>
    public required AnomalyFacts Facts { get; init; }

    /// <summary>Event time at which it ended; 0 while it lasts, and of a notice.</summary>
    public long EndedAt { get; init; }

    /// <summary>The asset's tag.</summary>
    public string Asset => Signal[..Math.Max(0, Signal.IndexOf('.', StringComparison.Ordinal))];
}
