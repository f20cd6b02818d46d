namespace Telemetry.FirmwareSim;

/// <summary>One message of a gateway: borrowed, valid until the next one is asked for.</summary>
/// <param name="topic">Topic name in UTF-8.</param>
/// <param name="body">The payload.</param>
/// <param name="time">Event time of its samples, nanoseconds since 1970.</param>
/// <param name="sampleCount">How many samples it carries.</param>
public readonly ref struct GatewayPayload(
    ReadOnlySpan<byte> topic, ReadOnlySpan<byte> body, long time, int sampleCount)
{
    /// <summary>Topic name in UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; } = topic;

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>Event time of its samples, nanoseconds since 1970.</summary>
    public long Time { get; } = time;

    /// <summary>How many samples it carries.</summary>
    public int SampleCount { get; } = sampleCount;
}
