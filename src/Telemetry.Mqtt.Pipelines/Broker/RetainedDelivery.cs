namespace Telemetry.Mqtt.Pipelines;

/// <summary>A retained message on its way to one new subscription.</summary>
/// <param name="Message">The message.</param>
/// <param name="Qos">The smaller of its QoS and the one granted.</param>
/// <param name="SubscriptionIdentifiers">The subscription's identifier as a property; empty when it has none.</param>
internal readonly record struct RetainedDelivery(RetainedMessage Message, byte Qos, byte[] SubscriptionIdentifiers);
