namespace Telemetry.Recognition;

/// <summary>What the messages of a format are about. Of all but measurements nothing is stored.</summary>
public enum MessageKind
{
    /// <summary>Values of a machine or of the device that sends them.</summary>
    Measurement,

    /// <summary>Something happened: a start of a cycle, an acknowledgement, a restart.</summary>
    Event,

    /// <summary>A device joined its network.</summary>
    Join,

    /// <summary>An alarm of the sender's own.</summary>
    Alarm,

    /// <summary>A line of the sender's log.</summary>
    Log,

    /// <summary>Names and types of values that other messages carry, or who the sender is.</summary>
    Metadata,

    /// <summary>Whether the sender and its connections are well.</summary>
    Status,

    /// <summary>An order to a device.</summary>
    Command,
}
