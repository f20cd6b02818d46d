namespace Telemetry.Mqtt;

/// <summary>
/// What a server keeps of one client beside its subscriptions (MQTT 5 §4.1): messages on their way in both directions,
/// the will, and when it ends. Not thread-safe; one owner.
/// </summary>
public sealed class ClientSession
{
    /// <summary>The session expiry interval of a session that never ends by itself (MQTT 5 §3.1.2.11.2).</summary>
    public const uint NeverExpires = uint.MaxValue;

    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>A session without anything.</summary>
    public ClientSession(string clientIdentifier) => ClientIdentifier = clientIdentifier;

    /// <summary>The client identifier.</summary>
    public string ClientIdentifier { get; }

    /// <summary>Whose it is: the name its client proved to have; null for an anonymous client.</summary>
    public string? Owner { get; set; }

    /// <summary>Seconds it outlives its connection; 0: it ends with it.</summary>
    public uint ExpirySeconds { get; set; }

    /// <summary>Whether it outlives its connection, and so a restart: then it is kept in the log.</summary>
    public bool IsDurable => ExpirySeconds > 0;

    /// <summary>When its connection ended, nanoseconds since 1970; 0 while it has one.</summary>
    public long ClosedAt { get; set; }

    /// <summary>The will; null when there is none, or it was sent or taken back.</summary>
    public SessionWill? Will { get; set; }

    /// <summary>QoS 2 messages of the client that it has not released.</summary>
    public ReceivedIdentifiers Received { get; } = new();

    /// <summary>Messages on their way to the client.</summary>
    public OutgoingQueue Outgoing { get; } = new();

    /// <summary>Whether the session is over at a time.</summary>
    public bool IsExpired(long now) =>
        ClosedAt > 0 && ExpirySeconds != NeverExpires && now - ClosedAt >= ExpirySeconds * NanosecondsPerSecond;

    /// <summary>Whether the will is due at a time: its delay or the session is over [MQTT-3.1.3-9].</summary>
    public bool IsWillDue(long now) => Will is not null && ClosedAt > 0
        && (IsExpired(now) || now - ClosedAt >= Will.DelaySeconds * NanosecondsPerSecond);
}
