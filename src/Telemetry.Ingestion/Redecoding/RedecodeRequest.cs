namespace Telemetry.Ingestion;

/// <summary>Which messages are to be decoded anew.</summary>
public sealed record RedecodeRequest
{
    /// <summary>Arrived at or after, nanoseconds since 1970.</summary>
    public required long From { get; init; }

    /// <summary>Arrived before, nanoseconds since 1970.</summary>
    public required long To { get; init; }

    /// <summary>Key or client identifier of the gateway; empty: of all.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>True to write nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>True to write also where something that came later than the message is stored.</summary>
    public bool Overwrites { get; init; }

    /// <summary>Who asks, for the audit log.</summary>
    public string Who { get; init; } = "";
}
