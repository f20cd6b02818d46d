namespace Telemetry.Mqtt.Pipelines;

/// <summary>Why the read loop ended.</summary>
internal enum PumpEnd
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>The peer closed between two packets.</summary>
    Ended,

    /// <summary>The peer closed inside a packet, or the connection broke.</summary>
    Truncated,

    /// <summary>The stream cannot be read any further.</summary>
    Malformed,

    /// <summary>This side wants no more: a refusal, a DISCONNECT, a take-over, a shut-down.</summary>
    Stopped,
}
