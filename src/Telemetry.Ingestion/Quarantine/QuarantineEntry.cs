using System.Text;

namespace Telemetry.Ingestion;

/// <summary>Where a quarantined message stands.</summary>
public enum QuarantineState : byte
{
    /// <summary>It has not been decoded again.</summary>
    Waiting,

    /// <summary>It is in the spool again, and its outcome is not known yet.</summary>
    Retried,

    /// <summary>It was decoded again, and nothing of it is missing any more.</summary>
    Resolved,

    /// <summary>It was decoded again and failed again.</summary>
    Failed,
}

/// <summary>A message that could not be decoded (whole or in part), as lists show it.</summary>
public sealed record QuarantineEntry
{
    private const int PayloadStartBytes = 120;

    /// <summary>Where it stood in the spool; its number.</summary>
    public required long Id { get; init; }

    /// <summary>When it arrived, nanoseconds since 1970.</summary>
    public required long ArrivalTime { get; init; }

    /// <summary>Where it stands: waiting, retried, resolved, failed.</summary>
    public required string State { get; init; }

    /// <summary>The client identifier or HTTP caller that sent it.</summary>
    public required string Client { get; init; }

    /// <summary>The gateway's key: its identity, else the client.</summary>
    public required string Gateway { get; init; }

    /// <summary>Its topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Name of the reason, for filters.</summary>
    public required string Code { get; init; }

    /// <summary>Why it was refused, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Byte in the payload at which the first fault stands.</summary>
    public required int FaultOffset { get; init; }

    /// <summary>Name of the decoder; empty when it was kept before names were.</summary>
    public required string Decoder { get; init; }

    /// <summary>Name of the route; empty likewise.</summary>
    public required string Route { get; init; }

    /// <summary>Version of program and route; empty likewise.</summary>
    public required string Version { get; init; }

    /// <summary>Length of the payload.</summary>
    public required int PayloadBytes { get; init; }

    /// <summary>The payload's first bytes as text, for people.</summary>
    public required string PayloadStart { get; init; }

    /// <summary>What became of it when it was decoded again last; null while it was not.</summary>
    public QuarantineRetryView? Retry { get; init; }

    internal static QuarantineEntry Of(in KeptMessage kept, QuarantineState state, QuarantineOutcome? outcome)
    {
        MessageRecord message = kept.Message;
        ReadOnlySpan<byte> start = message.Payload[..Math.Min(message.Payload.Length, PayloadStartBytes)];
        return new QuarantineEntry
        {
            Id = kept.Id,
            ArrivalTime = kept.ArrivalTime,
            State = NameOf(state),
            Client = Encoding.UTF8.GetString(message.Client),
            Gateway = Encoding.UTF8.GetString(message.Gateway),
            Topic = Encoding.UTF8.GetString(message.Topic),
            Code = kept.Verdict.Reason.ToString(),
            Reason = kept.Verdict.Words,
            FaultOffset = kept.Verdict.FaultOffset,
            Decoder = kept.Verdict.Decoder,
            Route = kept.Verdict.Route,
            Version = kept.Verdict.Version,
            PayloadBytes = message.Payload.Length,
            PayloadStart = Encoding.UTF8.GetString(start),
            Retry = outcome is null ? null : QuarantineRetryView.Of(outcome),
        };
    }

    /// <summary>A state's word in answers and filters.</summary>
    public static string NameOf(QuarantineState state) => state switch
    {
        QuarantineState.Waiting => "waiting",
        QuarantineState.Retried => "retried",
        QuarantineState.Resolved => "resolved",
        _ => "failed",
    };
}

/// <summary>What became of a message when it was decoded again.</summary>
/// <param name="Id">Number of the message.</param>
/// <param name="Offset">Where the retry stands in the spool.</param>
/// <param name="Resolved">True when nothing of it is missing any more.</param>
/// <param name="Points">How many points it gave.</param>
/// <param name="Reason">Why it failed again; empty when it did not.</param>
/// <param name="FaultOffset">Byte in the payload at which the first fault stands.</param>
/// <param name="Decoder">Name of the decoder.</param>
/// <param name="Route">Name of the route.</param>
/// <param name="Version">Version of program and route.</param>
public sealed record QuarantineRetryView(
    long Id,
    long Offset,
    bool Resolved,
    int Points,
    string Reason,
    int FaultOffset,
    string Decoder,
    string Route,
    string Version)
{
    internal static QuarantineRetryView Of(QuarantineOutcome outcome) => new(
        outcome.Id,
        outcome.Offset,
        outcome.IsResolved,
        outcome.Points,
        outcome.Words,
        outcome.Verdict.FaultOffset,
        outcome.Verdict.Decoder,
        outcome.Verdict.Route,
        outcome.Verdict.Version);
}
