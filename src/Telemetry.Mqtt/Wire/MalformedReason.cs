namespace Telemetry.Mqtt;

/// <summary>
/// Every way in which a peer can break the protocol: what cannot be parsed (malformed packet) and what is parsed but
/// not allowed (protocol error). Words and reason codes stand in <see cref="MalformedReasonText"/>.
/// </summary>
public enum MalformedReason : byte
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>Packet type 0 (MQTT 5 §2.1.2).</summary>
    PacketTypeReserved,

    /// <summary>Reserved flag bits of the fixed header [MQTT-2.1.3-1].</summary>
    FlagsReserved,

    /// <summary>PUBLISH with QoS 3 [MQTT-3.3.1-4].</summary>
    QosReserved,

    /// <summary>PUBLISH with DUP and QoS 0 [MQTT-3.3.1-2].</summary>
    DupWithQos0,

    /// <summary>A remaining length of more than four bytes or longer than its value needs [MQTT-1.5.5-1].</summary>
    RemainingLengthMalformed,

    /// <summary>The packet is above the ceiling [MQTT-3.1.2-24].</summary>
    PacketTooLarge,

    /// <summary>A field runs past the end of the packet.</summary>
    PacketTooShort,

    /// <summary>Bytes are left after the last field.</summary>
    TrailingBytes,

    /// <summary>The packet type does not exist in the protocol level (AUTH before MQTT 5).</summary>
    PacketTypeNotInLevel,

    /// <summary>A string is not UTF-8 [MQTT-1.5.4-1] or holds U+0000 [MQTT-1.5.4-2].</summary>
    TextNotUtf8,

    /// <summary>A topic name has wildcards [MQTT-3.3.2-2], is empty [MQTT-4.7.3-1] or has too many levels.</summary>
    TopicNameMalformed,

    /// <summary>A topic filter breaks the rules of wildcards [MQTT-4.7.1-1] or has too many levels.</summary>
    TopicFilterMalformed,

    /// <summary>A packet identifier of 0 where there must be one [MQTT-2.2.1-3].</summary>
    PacketIdentifierZero,

    /// <summary>CONNECT with another protocol name [MQTT-3.1.2-1].</summary>
    ProtocolNameUnsupported,

    /// <summary>CONNECT with another protocol level [MQTT-3.1.2-2].</summary>
    ProtocolLevelUnsupported,

    /// <summary>The reserved connect flag is set [MQTT-3.1.2-3].</summary>
    ConnectFlagsReserved,

    /// <summary>Will QoS or will retain without a will [MQTT-3.1.2-11] [MQTT-3.1.2-13].</summary>
    WillFlagsWithoutWill,

    /// <summary>A will with QoS 3 [MQTT-3.1.2-12].</summary>
    WillQosReserved,

    /// <summary>MQTT 3.1.1: a password without a user name [MQTT-3.1.2-22].</summary>
    PasswordWithoutUserName,

    /// <summary>Reserved acknowledge flags of CONNACK [MQTT-3.2.2-1].</summary>
    ConnAckFlagsReserved,

    /// <summary>A reason or return code that this packet cannot have.</summary>
    ReasonCodeUnknown,

    /// <summary>The length of the properties is malformed or past the end of the packet.</summary>
    PropertyLengthMalformed,

    /// <summary>A property that does not exist (MQTT 5 §2.2.2.2).</summary>
    PropertyUnknown,

    /// <summary>A property that this packet cannot have (MQTT 5 §2.2.2.2).</summary>
    PropertyNotAllowed,

    /// <summary>A property twice that may stand once.</summary>
    PropertyDuplicate,

    /// <summary>A property with a value that it cannot have.</summary>
    PropertyValueOutOfRange,

    /// <summary>Authentication data without a method [MQTT-4.12.0-1].</summary>
    AuthenticationMethodMissing,

    /// <summary>PUBLISH with neither a topic name nor a topic alias (MQTT 5 §3.3.2.1).</summary>
    TopicMissing,

    /// <summary>A topic alias of 0 [MQTT-3.3.2-8].</summary>
    TopicAliasZero,

    /// <summary>A topic alias above the maximum that was offered [MQTT-3.3.2-9].</summary>
    TopicAliasTooLarge,

    /// <summary>A topic alias without a topic name that was never set (MQTT 5 §3.3.2.3.4).</summary>
    TopicAliasUnknown,

    /// <summary>SUBSCRIBE or UNSUBSCRIBE without a topic filter [MQTT-3.8.3-2] [MQTT-3.10.3-2].</summary>
    TopicFilterMissing,

    /// <summary>Reserved bits of the subscription options [MQTT-3.8.3-5].</summary>
    SubscriptionOptionsReserved,

    /// <summary>Subscription options with QoS 3 or retain handling 3 (MQTT 5 §3.8.3.1).</summary>
    SubscriptionOptionsOutOfRange,

    /// <summary>No Local on a shared subscription [MQTT-3.8.3-4].</summary>
    NoLocalOnSharedSubscription,

    /// <summary>A packet other than CONNECT came first [MQTT-3.1.0-1].</summary>
    ConnectMissing,

    /// <summary>A second CONNECT [MQTT-3.1.0-2].</summary>
    ConnectTwice,

    /// <summary>A packet that this side never receives, or not in this state.</summary>
    PacketNotExpected,

    /// <summary>A client sent a subscription identifier in PUBLISH [MQTT-3.3.4-6].</summary>
    SubscriptionIdentifierFromClient,

    /// <summary>More QoS 1 and 2 messages in flight than were allowed [MQTT-3.3.4-9].</summary>
    ReceiveMaximumExceeded,
}
