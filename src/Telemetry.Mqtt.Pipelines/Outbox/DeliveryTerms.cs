namespace Telemetry.Mqtt.Pipelines;

/// <summary>How one client takes messages, as agreed by CONNECT and CONNACK.</summary>
/// <param name="Level">The protocol level of its packets.</param>
/// <param name="SendWindow">QoS 1 and 2 messages in flight to it, at most.</param>
/// <param name="PacketBytesMax">The largest packet it accepts.</param>
/// <param name="TopicAliasMax">Topic aliases that may be set towards it.</param>
internal readonly record struct DeliveryTerms(
    ProtocolLevel Level, int SendWindow, int PacketBytesMax, int TopicAliasMax);
