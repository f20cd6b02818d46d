namespace Telemetry.Mqtt;

/// <summary>The properties of MQTT 5 (§2.2.2.2, table 2-4).</summary>
public enum PropertyId : byte
{
    /// <summary>Byte: 1 when the payload is UTF-8 text.</summary>
    PayloadFormatIndicator = 1,

    /// <summary>Four bytes: lifetime of the message in seconds.</summary>
    MessageExpiryInterval = 2,

    /// <summary>Text: what the payload is.</summary>
    ContentType = 3,

    /// <summary>Text: topic name for the answer.</summary>
    ResponseTopic = 8,

    /// <summary>Binary: given back with the answer.</summary>
    CorrelationData = 9,

    /// <summary>Variable byte integer, 1 and up.</summary>
    SubscriptionIdentifier = 11,

    /// <summary>Four bytes: seconds for which a session outlives its connection; all ones: for ever.</summary>
    SessionExpiryInterval = 17,

    /// <summary>Text: the client identifier that the server chose.</summary>
    AssignedClientIdentifier = 18,

    /// <summary>Two bytes: the keep alive that the server wants, in seconds.</summary>
    ServerKeepAlive = 19,

    /// <summary>Text: name of the authentication method.</summary>
    AuthenticationMethod = 21,

    /// <summary>Binary: what the authentication method sends.</summary>
    AuthenticationData = 22,

    /// <summary>Byte: 0 when the client wants no reason strings.</summary>
    RequestProblemInformation = 23,

    /// <summary>Four bytes: seconds before the will is published.</summary>
    WillDelayInterval = 24,

    /// <summary>Byte: 1 when the client wants response information.</summary>
    RequestResponseInformation = 25,

    /// <summary>Text: basis of a response topic.</summary>
    ResponseInformation = 26,

    /// <summary>Text: another server.</summary>
    ServerReference = 28,

    /// <summary>Text: for a human reader.</summary>
    ReasonString = 31,

    /// <summary>Two bytes, 1 and up: QoS 1 and 2 messages that may be in flight.</summary>
    ReceiveMaximum = 33,

    /// <summary>Two bytes: the highest topic alias that is taken.</summary>
    TopicAliasMaximum = 34,

    /// <summary>Two bytes, 1 and up: stands for a topic name.</summary>
    TopicAlias = 35,

    /// <summary>Byte, 0 or 1: the highest QoS that the server takes.</summary>
    MaximumQos = 36,

    /// <summary>Byte: whether the server keeps retained messages.</summary>
    RetainAvailable = 37,

    /// <summary>A pair of texts; may stand more than once.</summary>
    UserProperty = 38,

    /// <summary>Four bytes, 1 and up: the largest packet that is taken.</summary>
    MaximumPacketSize = 39,

    /// <summary>Byte: whether wildcards may be subscribed to.</summary>
    WildcardSubscriptionAvailable = 40,

    /// <summary>Byte: whether subscription identifiers are supported.</summary>
    SubscriptionIdentifierAvailable = 41,

    /// <summary>Byte: whether shared subscriptions are supported.</summary>
    SharedSubscriptionAvailable = 42,
}
