namespace Telemetry.Mqtt.Pipelines;

/// <summary>The ceilings of the MQTT server (law L6), each with the memory or time it stands for.</summary>
/// <remarks>
/// The host owns the listeners. Recommended: <see cref="PlainTransport"/> where there is neither TLS nor WebSocket;
/// else in <c>SocketTransportOptions</c> <c>MaxReadBufferSize</c> 1 MiB and <c>MaxWriteBufferSize</c> 256 KiB, so that
/// one read holds hundreds of packets and one write hundreds of acknowledgements; <c>UnsafePreferInlineScheduling</c>
/// off (it makes reads of 4 KiB and twenty times the writes); <c>WaitForDataBeforeAllocatingBuffer</c> off: an idle
/// gateway holds a block of 4 KiB, and each read saves a system call; <c>NoDelay</c> on.
/// </remarks>
public sealed class MqttServerOptions
{
    /// <summary>Connections with an accepted CONNECT; the next is answered with server busy.</summary>
    public int ConnectionsMax { get; set; } = 10_000;

    /// <summary>Bytes of one control packet, fixed header included; announced to MQTT 5 clients.</summary>
    public int PacketBytesMax { get; set; } = 1 << 20;

    /// <summary>
    /// QoS 1 and 2 messages of one connection received and not yet acknowledged. Announced as receive maximum to MQTT 5
    /// clients, who are disconnected beyond it; a 3.1.1 client is not read from until acknowledgements have left.
    /// 4 bytes each.
    /// </summary>
    public int ReceiveMaximum { get; set; } = 8_192;

    /// <summary>QoS 1 messages in flight to one client; an MQTT 5 client may ask for less.</summary>
    public int SendWindowMax { get; set; } = 1_024;

    /// <summary>Subscriptions of one connection; the next is answered with quota exceeded.</summary>
    public int SubscriptionsPerClientMax { get; set; } = 1_000;

    /// <summary>Topic levels of a topic name or filter: the depth of the subscription tree.</summary>
    public int TopicLevelsMax { get; set; } = 32;

    /// <summary>Topic aliases an MQTT 5 client may set up; each holds one topic name.</summary>
    public int TopicAliasMax { get; set; } = 16;

    /// <summary>Topic aliases set up towards one MQTT 5 client that takes them; each holds one topic name.</summary>
    public int TopicAliasToClientMax { get; set; } = 64;

    /// <summary>Sessions, those of clients that are away among them; beyond it no new one is kept.</summary>
    public int SessionsMax { get; set; } = 20_000;

    /// <summary>Seconds a session outlives its connection, at most; a client that asks for more is told.</summary>
    public uint SessionExpirySecondsMax { get; set; } = 30 * 86_400;

    /// <summary>Bytes waiting for all subscribers together, those that are away among them.</summary>
    public long QueuedBytesMax { get; set; } = 512L << 20;

    /// <summary>Messages a second of one connection; 0 for no ceiling.</summary>
    public int MessagesPerSecondMax { get; set; } = 200_000;

    /// <summary>Bytes a second of one connection; 0 for no ceiling.</summary>
    public long BytesPerSecondMax { get; set; } = 128L << 20;

    /// <summary>Bytes of messages of one connection that are held while the disk refuses them.</summary>
    public int HeldBytesMax { get; set; } = 64 * 1024;

    /// <summary>Bytes of a client identifier.</summary>
    public int ClientIdentifierBytesMax { get; set; } = 256;

    /// <summary>Seconds between the socket and a complete CONNECT.</summary>
    public int ConnectTimeoutSeconds { get; set; } = 10;

    /// <summary>
    /// Longest keep alive of an MQTT 5 client in seconds: one that wants more, or none, is told this. 0 for no limit.
    /// </summary>
    public int KeepAliveSecondsMax { get; set; }

    /// <summary>Messages waiting for one slow subscriber.</summary>
    public int QueuedMessagesPerSubscriberMax { get; set; } = 10_000;

    /// <summary>
    /// Bytes waiting for one slow subscriber; also the bound of unsent answers to one client. At least twice
    /// <see cref="PacketBytesMax"/>, so that half of it takes any retained message.
    /// </summary>
    public int QueuedBytesPerSubscriberMax { get; set; } = 8 << 20;

    /// <summary>Retained messages kept; a further topic is not retained and counted.</summary>
    public int RetainedMessagesMax { get; set; } = 10_000;

    /// <summary>Bytes of topics, payloads and properties of all retained messages together.</summary>
    public long RetainedBytesMax { get; set; } = 64 << 20;

    /// <summary>
    /// Whether to answer as mosquitto does where the standard leaves it to the server, since public suites were written
    /// beside it: PUBACK and PUBREC say that nobody subscribes (0x10, which is never true here), PUBREL for an unknown
    /// identifier says success, SUBACK of a denied filter says 0x80, and a subscription identifier in a PUBLISH is
    /// passed over.
    /// </summary>
    public bool AnswersLikeMosquitto { get; set; }

    /// <summary>Tell MQTT 5 clients in words why they are disconnected or refused.</summary>
    public bool SendsReasonStrings { get; set; } = true;

    /// <summary>Seconds for which a refused connection is still read, so that the peer sees why.</summary>
    public int LingerSeconds { get; set; } = 2;

    /// <summary>Seconds for which an appended will may wait for room when the connection is already gone.</summary>
    public int WillTimeoutSeconds { get; set; } = 5;
}
