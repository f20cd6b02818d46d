namespace Telemetry.Mqtt;

/// <summary>One subscription of a session, as it was granted (MQTT 5 §3.8.3).</summary>
/// <param name="Filter">The topic filter as the client wrote it, with the share's name if it has one.</param>
/// <param name="Qos">The granted QoS.</param>
/// <param name="NoLocal">Not for messages that the client itself published.</param>
/// <param name="RetainAsPublished">The retain flag is passed on as it came.</param>
/// <param name="Handling">Whether retained messages are wanted at its begin.</param>
/// <param name="Identifier">The subscription identifier; 0 for none.</param>
public sealed record SessionSubscription(
    string Filter, byte Qos, bool NoLocal, bool RetainAsPublished, RetainHandling Handling, uint Identifier);
