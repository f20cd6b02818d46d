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

    /// <summary>The reason in words, for the log and the reason string.</summary>
    public string Text => Malformed == MalformedReason.None ? TextOf(Code) : MalformedReasonText.Of(Malformed);

    /// <summary>A refusal for a rule of the server.</summary>
    public static Refusal Of(ReasonCode code) => new(code, MalformedReason.None);

    /// <summary>A refusal for a rule of the wire.</summary>
    public static Refusal Of(MalformedReason reason) => new(MalformedReasonText.CodeOf(reason), reason);

    private static string TextOf(ReasonCode code) => code switch
    {
        ReasonCode.BadUserNameOrPassword => "user name or password are wrong",
        ReasonCode.NotAuthorized => "its identity may not do that here",
        ReasonCode.ClientIdentifierNotValid => "the client identifier is another's, or too long",
        ReasonCode.BadAuthenticationMethod => "no authentication method is offered, only user name and certificate",
        ReasonCode.ServerBusy => "too many connections, or too many passwords at once: try again later",
        ReasonCode.ServerShuttingDown => "the service stops",
        ReasonCode.QuotaExceeded => "a ceiling is reached: the service's /limits has them all",
        ReasonCode.KeepAliveTimeout => "no packet came within one and a half times the keep alive",
        ReasonCode.SessionTakenOver => "another connection uses the same client identifier",
        ReasonCode.MaximumConnectTime => "CONNECT did not come in time",
        ReasonCode.TopicNameInvalid => "the topic name has too many levels",
        ReasonCode.PacketTooLarge => "the client accepts no packet that could answer it",
        _ => code.ToString(),
    };
}
