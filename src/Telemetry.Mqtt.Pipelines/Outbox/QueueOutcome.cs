namespace Telemetry.Mqtt.Pipelines;

/// <summary>What became of a message for one subscriber.</summary>
internal enum QueueOutcome
{
    /// <summary>It waits to be sent.</summary>
    Queued,

    /// <summary>Beyond the ceiling of the queue, with QoS 0 or for a client that is away: dropped.</summary>
    Dropped,

    /// <summary>QoS 1 or 2 beyond the ceiling of the queue: the subscriber must go.</summary>
    Overflowed,

    /// <summary>QoS 0 for a client that is away, or a client that is being ended: not for it.</summary>
    Gone,
}
