using System.Net.Security;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>Which protocol level a broker is spoken to in.</summary>
public enum BrokerProtocol
{
    /// <summary>5.0, and 3.1.1 with a broker that does not know it.</summary>
    Auto,

    /// <summary>3.1.1 only.</summary>
    V311,

    /// <summary>5.0 only.</summary>
    V50,
}

/// <summary>One external broker that is subscribed to. All of it has been validated by whoever made it.</summary>
public sealed record BrokerClientOptions
{
    /// <summary>Where canaries are unless the settings say otherwise; those of other instances are ours, too.</summary>
    public const string CanaryFilter = "telemetry/canary/#";

    /// <summary>What logs, status and gateway keys call it.</summary>
    public required string Name { get; init; }

    /// <summary><c>mqtt</c>, <c>mqtts</c>, <c>ws</c> or <c>wss</c>, without user and password.</summary>
    public required Uri Url { get; init; }

    /// <summary>The client identifier; the session at the broker hangs on it, so it never changes.</summary>
    public required string ClientIdentifier { get; init; }

    /// <summary>Topic filters, at least one.</summary>
    public required IReadOnlyList<string> Filters { get; init; }

    /// <summary>Group of a shared subscription; empty for none.</summary>
    public string Share { get; init; } = "";

    /// <summary>The QoS asked for, 0 to 2.</summary>
    public byte Qos { get; init; } = 1;

    /// <summary>User name; null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Trust and certificates of <c>mqtts</c> and <c>wss</c>; null for the system's trust alone.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Keep alive in seconds; 0 for none.</summary>
    public ushort KeepAliveSeconds { get; init; } = 30;

    /// <summary>Seconds for which an MQTT 5 broker keeps the session of an absent client.</summary>
    public uint SessionExpirySeconds { get; init; } = 7 * 24 * 3_600;

    /// <summary>Topic of the canary: a message of our own that proves that the subscription flows.</summary>
    public required string CanaryTopic { get; init; }

    /// <summary>Seconds between two canaries; 0 for none.</summary>
    public int CanarySeconds { get; init; } = 30;

    /// <summary>Which protocol level to speak.</summary>
    public BrokerProtocol Protocol { get; init; }

    /// <summary>Filters of topics that are ours: acknowledged, and not taken in.</summary>
    public IReadOnlyList<string> OwnFilters { get; init; } = [];

    /// <summary>
    /// What tells others whether this client is there; null for nothing. With it each connection is a session of its
    /// own.
    /// </summary>
    public IClientPresence? Presence { get; init; }

    /// <summary>Largest message that is taken in, in bytes of its packet.</summary>
    public int PacketBytesMax { get; init; } = 4 << 20;

    /// <summary>Seconds for a socket, TLS and CONNACK together.</summary>
    public int ConnectTimeoutSeconds { get; init; } = 10;
}
