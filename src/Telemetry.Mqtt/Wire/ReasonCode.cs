namespace Telemetry.Mqtt;

/// <summary>
/// The reason codes of MQTT 5 (§2.4, table 2-6). From 0x80 on the operation failed. The return codes of MQTT 3.1.1 are
/// translated at the wire, so that the rest of the product knows one vocabulary.
/// </summary>
public enum ReasonCode : byte
{
    /// <summary>Success; also normal disconnection and granted QoS 0.</summary>
    Success = 0x00,

    /// <summary>SUBACK: granted QoS 1.</summary>
    GrantedQos1 = 0x01,

    /// <summary>SUBACK: granted QoS 2.</summary>
    GrantedQos2 = 0x02,

    /// <summary>DISCONNECT: publish the will all the same.</summary>
    DisconnectWithWillMessage = 0x04,

    /// <summary>PUBACK, PUBREC: taken, but nobody subscribes.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>UNSUBACK: there was no such subscription.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>AUTH: the exchange goes on.</summary>
    ContinueAuthentication = 0x18,

    /// <summary>AUTH: the client begins anew.</summary>
    ReAuthenticate = 0x19,

    /// <summary>No reason is told.</summary>
    UnspecifiedError = 0x80,

    /// <summary>The packet could not be parsed.</summary>
    MalformedPacket = 0x81,

    /// <summary>The packet was parsed and is not allowed.</summary>
    ProtocolError = 0x82,

    /// <summary>Valid, but not accepted by this implementation.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>The protocol name or level is not spoken here.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>The client identifier is not allowed.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>User name or password are wrong.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>The peer may not do this.</summary>
    NotAuthorized = 0x87,

    /// <summary>The server cannot serve.</summary>
    ServerUnavailable = 0x88,

    /// <summary>Try later.</summary>
    ServerBusy = 0x89,

    /// <summary>The client is banned.</summary>
    Banned = 0x8A,

    /// <summary>The server goes down.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>The authentication method is unknown or changed.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>One and a half keep alives without a packet.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>Another connection came with the same client identifier.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>The topic filter is well formed but not accepted.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>The topic name is well formed but not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>The packet identifier is in use.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>The packet identifier is not known.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>More QoS 1 and 2 messages in flight than were allowed.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>A topic alias of zero, above the maximum, or never set.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>The packet is larger than was allowed.</summary>
    PacketTooLarge = 0x95,

    /// <summary>Messages come too fast.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>A quota is used up.</summary>
    QuotaExceeded = 0x97,

    /// <summary>Closed by an operator.</summary>
    AdministrativeAction = 0x98,

    /// <summary>The payload is not what its format indicator says.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>Retained messages are not supported.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>The QoS is above the maximum.</summary>
    QosNotSupported = 0x9B,

    /// <summary>For now, use another server.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>For good, use another server.</summary>
    ServerMoved = 0x9D,

    /// <summary>Shared subscriptions are not supported.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>Connections come too fast.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>The time of this connection is over.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>Subscription identifiers are not supported.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>Wildcard subscriptions are not supported.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
