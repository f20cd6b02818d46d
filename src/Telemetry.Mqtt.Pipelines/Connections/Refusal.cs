namespace Telemetry.Mqtt.Pipelines;

/// <summary>Why this server ends a connection: what the peer is told, and which rule it broke, if any.</summary>
/// <param name="Code">The reason code; success when there is no refusal.</param>
/// <param name="Malformed">The rule of the wire that was broken; none when the packet was well formed.</param>
internal readonly record struct Refusal(ReasonCode Code, MalformedReason Malformed)
{
    /// <summary>Nothing is refused.</summary>
    public static Refusal None => default;

    /// <summary>Whether something is refused.</summary>
    public bool IsSet => Code != ReasonCode.Success;

    /// <summary>The reason in words, for the log.</summary>
    public string Text => Malformed == MalformedReason.None ? Code.ToString() : MalformedReasonText.Of(Malformed);

    /// <summary>A refusal for a rule of the server.</summary>
    public static Refusal Of(ReasonCode code) => new(code, MalformedReason.None);

    /// <summary>A refusal for a rule of the wire.</summary>
    public static Refusal Of(MalformedReason reason) => new(MalformedReasonText.CodeOf(reason), reason);
}
