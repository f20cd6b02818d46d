namespace Telemetry.FirmwareSim;

/// <summary>One message of a gateway: borrowed, valid until the next one is asked for.</summary>
/// <param name="topic">Topic name in UTF-8.</param>
/// <param name="body">The payload.</param>
/// <param name="origin">Where it comes from: the truth about it.</param>
public readonly ref struct GatewayPayload(
    ReadOnlySpan<byte> topic, ReadOnlySpan<byte> body, MessageOrigin origin)
{
    /// <summary>Topic name in UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; } = topic;

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>Where it comes from: the truth about it.</summary>
    public MessageOrigin Origin { get; } = origin;

    /// <summary>Event time of its samples, nanoseconds since 1970.</summary>
    public long Time => Origin.Time;

    /// <summary>How many samples it carries.</summary>
    public int SampleCount => Origin.SampleCount;

    /// <summary>The first acknowledgement of it is lost on the way, so that it is sent once more.</summary>
    public bool LosesAcknowledgement { get; init; }
}
