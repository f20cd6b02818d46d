namespace Telemetry.Mqtt.Pipelines;

/// <summary>One subscription of one client: who, and how it wants its messages.</summary>
/// <param name="Owner">The subscriber.</param>
/// <param name="Qos">The granted QoS, 0 or 1.</param>
/// <param name="NoLocal">Not for messages that the client itself published.</param>
/// <param name="RetainAsPublished">The retain flag is passed on as it came.</param>
internal sealed record Subscription(Subscriber Owner, byte Qos, bool NoLocal, bool RetainAsPublished);
