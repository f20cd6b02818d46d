namespace Telemetry.Mqtt.Pipelines;

/// <summary>What the status page shows of one connected client.</summary>
/// <param name="ClientIdentifier">The client identifier, given or assigned.</param>
/// <param name="UserName">The authenticated user name; null when there is none.</param>
/// <param name="RemoteAddress">Address and port of the peer; empty when the transport has none.</param>
/// <param name="ProtocolLevel">4 for MQTT 3.1.1, 5 for MQTT 5.</param>
/// <param name="ConnectedSince">When its CONNECT was accepted.</param>
/// <param name="LastPacket">When bytes last came from it.</param>
/// <param name="MessagesIn">PUBLISH packets received.</param>
/// <param name="BytesIn">Bytes received, all packets.</param>
/// <param name="Subscriptions">Subscriptions it holds.</param>
/// <param name="Queued">Messages on their way to it.</param>
public sealed record ConnectionSnapshot(
    string ClientIdentifier,
    string? UserName,
    string RemoteAddress,
    int ProtocolLevel,
    DateTimeOffset ConnectedSince,
    DateTimeOffset LastPacket,
    long MessagesIn,
    long BytesIn,
    int Subscriptions,
    int Queued);
