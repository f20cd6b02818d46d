namespace Telemetry.Mqtt.Pipelines;

/// <summary>What became of a block that a connection wanted to append.</summary>
public enum IntakeOutcome
{
    /// <summary>It is accepted in memory and will be told durable.</summary>
    Appended,

    /// <summary>The buffers are full for the moment; the block is kept and the connection stops reading.</summary>
    NoRoom,

    /// <summary>The disk is full or has failed; the block is kept, nothing acknowledged, reading stops last.</summary>
    Refused,
}
