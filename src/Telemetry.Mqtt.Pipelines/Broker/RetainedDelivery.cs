namespace Telemetry.Mqtt.Pipelines;

/// <summary>A retained message on its way to one new subscription.</summary>
/// <param name="Message">The message.</param>
/// <param name="Qos">The smaller of its QoS and the one granted.</param>
internal readonly record struct RetainedDelivery(RetainedMessage Message, byte Qos);
