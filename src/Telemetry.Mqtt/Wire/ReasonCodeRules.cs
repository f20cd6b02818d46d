namespace Telemetry.Mqtt;

/// <summary>Which reason codes each packet may carry (MQTT 5 §2.4), and the return codes of MQTT 3.1.1.</summary>
internal static class ReasonCodeRules
{
    private const byte ReturnAccepted = 0;
    private const byte ReturnUnacceptableLevel = 1;
    private const byte ReturnIdentifierRejected = 2;
    private const byte ReturnServerUnavailable = 3;
    private const byte ReturnBadUserNameOrPassword = 4;
    private const byte ReturnNotAuthorized = 5;

    /// <summary>Whether a packet of this type may carry this code.</summary>
    public static bool IsAllowedIn(PacketType type, ReasonCode code) => type switch
    {
        PacketType.ConnAck => IsConnAck(code),
        PacketType.PubAck or PacketType.PubRec => IsPubAck(code),
        PacketType.PubRel or PacketType.PubComp => code is ReasonCode.Success or ReasonCode.PacketIdentifierNotFound,
        PacketType.SubAck => IsSubAck(code),
        PacketType.UnsubAck => IsUnsubAck(code),
        PacketType.Disconnect => IsDisconnect(code),
        PacketType.Auth =>
            code is ReasonCode.Success or ReasonCode.ContinueAuthentication or ReasonCode.ReAuthenticate,
        _ => false,
    };

    /// <summary>The reason code for a return code of CONNACK (MQTT 3.1.1 §3.2.2.3, table 3.1).</summary>
    /// <returns>False for a return code that is reserved.</returns>
    public static bool TryFromReturnCode(byte returnCode, out ReasonCode code)
    {
        code = returnCode switch
        {
            ReturnAccepted => ReasonCode.Success,
            ReturnUnacceptableLevel => ReasonCode.UnsupportedProtocolVersion,
            ReturnIdentifierRejected => ReasonCode.ClientIdentifierNotValid,
            ReturnServerUnavailable => ReasonCode.ServerUnavailable,
            ReturnBadUserNameOrPassword => ReasonCode.BadUserNameOrPassword,
            ReturnNotAuthorized => ReasonCode.NotAuthorized,
            _ => ReasonCode.UnspecifiedError,
        };
        return returnCode <= ReturnNotAuthorized;
    }

    /// <summary>The return code of MQTT 3.1.1 that comes nearest to a reason code.</summary>
    public static byte ToReturnCode(ReasonCode code) => code switch
    {
        ReasonCode.Success => ReturnAccepted,
        ReasonCode.UnsupportedProtocolVersion => ReturnUnacceptableLevel,
        ReasonCode.ClientIdentifierNotValid => ReturnIdentifierRejected,
        ReasonCode.BadUserNameOrPassword => ReturnBadUserNameOrPassword,
        ReasonCode.NotAuthorized or ReasonCode.Banned or ReasonCode.BadAuthenticationMethod => ReturnNotAuthorized,
        _ => ReturnServerUnavailable,
    };

    /// <summary>
    /// Whether a return code says what the reason code says; if none does, the server closes without CONNACK
    /// [MQTT-3.2.2-6].
    /// </summary>
    public static bool HasReturnCode(ReasonCode code) =>
        ToReturnCode(code) != ReturnServerUnavailable || code is ReasonCode.ServerUnavailable or ReasonCode.ServerBusy
            or ReasonCode.QuotaExceeded or ReasonCode.ConnectionRateExceeded;

    /// <summary>Whether SUBACK of MQTT 3.1.1 may carry this code (§3.9.3): granted QoS 0 to 2, or failure.</summary>
    public static bool IsSubAckV311(ReasonCode code) =>
        code is <= ReasonCode.GrantedQos2 or ReasonCode.UnspecifiedError;

    // Table 3-1 of §3.2.2.2.
    private static bool IsConnAck(ReasonCode code) => code switch
    {
        ReasonCode.Success => true,
        >= ReasonCode.UnspecifiedError and <= ReasonCode.Banned => true,
        ReasonCode.BadAuthenticationMethod or ReasonCode.TopicNameInvalid or ReasonCode.PacketTooLarge => true,
        ReasonCode.QuotaExceeded or ReasonCode.PayloadFormatInvalid => true,
        >= ReasonCode.RetainNotSupported and <= ReasonCode.ServerMoved => true,
        ReasonCode.ConnectionRateExceeded => true,
        _ => false,
    };

    // Tables 3-4 and 3-5 of §3.4.2.1 and §3.5.2.1.
    private static bool IsPubAck(ReasonCode code) => code is
        ReasonCode.Success or ReasonCode.NoMatchingSubscribers or ReasonCode.UnspecifiedError
        or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized or ReasonCode.TopicNameInvalid
        or ReasonCode.PacketIdentifierInUse or ReasonCode.QuotaExceeded or ReasonCode.PayloadFormatInvalid;

    // Table 3-8 of §3.9.3.
    private static bool IsSubAck(ReasonCode code) => code is
        <= ReasonCode.GrantedQos2 or ReasonCode.UnspecifiedError or ReasonCode.ImplementationSpecificError
        or ReasonCode.NotAuthorized or ReasonCode.TopicFilterInvalid or ReasonCode.PacketIdentifierInUse
        or ReasonCode.QuotaExceeded or ReasonCode.SharedSubscriptionsNotSupported
        or ReasonCode.SubscriptionIdentifiersNotSupported or ReasonCode.WildcardSubscriptionsNotSupported;

    // Table 3-9 of §3.11.3.
    private static bool IsUnsubAck(ReasonCode code) => code is
        ReasonCode.Success or ReasonCode.NoSubscriptionExisted or ReasonCode.UnspecifiedError
        or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized or ReasonCode.TopicFilterInvalid
        or ReasonCode.PacketIdentifierInUse;

    // Table 3-10 of §3.14.2.1.
    private static bool IsDisconnect(ReasonCode code) => code switch
    {
        ReasonCode.Success or ReasonCode.DisconnectWithWillMessage => true,
        >= ReasonCode.UnspecifiedError and <= ReasonCode.ImplementationSpecificError => true,
        ReasonCode.NotAuthorized or ReasonCode.ServerBusy or ReasonCode.ServerShuttingDown => true,
        >= ReasonCode.BadAuthenticationMethod and <= ReasonCode.TopicNameInvalid => true,
        >= ReasonCode.ReceiveMaximumExceeded and <= ReasonCode.WildcardSubscriptionsNotSupported => true,
        _ => false,
    };
}
