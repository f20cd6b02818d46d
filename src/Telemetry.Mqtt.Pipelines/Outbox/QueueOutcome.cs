namespace Telemetry.Mqtt.Pipelines;

/// <summary>What became of a message for one subscriber.</summary>
internal enum QueueOutcome
{
    /// <summary>It waits to be sent.</summary>
    Queued,

    /// <summary>QoS 0 beyond the ceiling of the queue: dropped.</summary>
    Dropped,

    /// <summary>Above the packet size the client accepts: not sent [MQTT-3.1.2-24].</summary>
    TooLarge,

    /// <summary>QoS 1 beyond the ceiling of the queue: the subscriber must go.</summary>
    Overflowed,

    /// <summary>The connection is closing.</summary>
    Gone,
}
