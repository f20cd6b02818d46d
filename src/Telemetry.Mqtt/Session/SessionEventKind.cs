namespace Telemetry.Mqtt;

/// <summary>What happened to a session, for a restart to know. Numbers are for ever: they are on disk.</summary>
public enum SessionEventKind : byte
{
    /// <summary>A client connected: the session begins, or goes on.</summary>
    Opened = 1,

    /// <summary>The connection of a session that goes on has ended.</summary>
    Closed = 2,

    /// <summary>The session is over.</summary>
    Ended = 3,

    /// <summary>A subscription was granted.</summary>
    Subscribed = 4,

    /// <summary>A subscription was given up.</summary>
    Unsubscribed = 5,

    /// <summary>The client has released a QoS 2 message of its own (PUBREL).</summary>
    Released = 6,

    /// <summary>A message to the client has been delivered, or is the client's by PUBREC.</summary>
    Delivered = 7,

    /// <summary>The will has been published.</summary>
    WillSent = 8,
}
