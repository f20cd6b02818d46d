namespace Telemetry.Mqtt;

/// <summary>The control packet types (MQTT 5 §2.1.2, table 2-1); 0 is reserved.</summary>
public enum PacketType : byte
{
    /// <summary>Reserved; no packet has it.</summary>
    None = 0,

    /// <summary>Client asks to connect.</summary>
    Connect = 1,

    /// <summary>Server answers CONNECT.</summary>
    ConnAck = 2,

    /// <summary>A message, either way.</summary>
    Publish = 3,

    /// <summary>QoS 1: received.</summary>
    PubAck = 4,

    /// <summary>QoS 2, part 1: received.</summary>
    PubRec = 5,

    /// <summary>QoS 2, part 2: released.</summary>
    PubRel = 6,

    /// <summary>QoS 2, part 3: complete.</summary>
    PubComp = 7,

    /// <summary>Client asks for topic filters.</summary>
    Subscribe = 8,

    /// <summary>Server answers SUBSCRIBE.</summary>
    SubAck = 9,

    /// <summary>Client gives topic filters up.</summary>
    Unsubscribe = 10,

    /// <summary>Server answers UNSUBSCRIBE.</summary>
    UnsubAck = 11,

    /// <summary>Client is alive.</summary>
    PingReq = 12,

    /// <summary>Server is alive.</summary>
    PingResp = 13,

    /// <summary>The last packet of a connection; from the server only in MQTT 5.</summary>
    Disconnect = 14,

    /// <summary>Authentication exchange; MQTT 5 only.</summary>
    Auth = 15,
}
