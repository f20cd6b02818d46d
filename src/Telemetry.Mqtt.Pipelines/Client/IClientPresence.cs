namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// A retained message that says whether a broker client is there: its will, what it says once it has subscribed, and
/// what it says before it leaves. Who knows the payloads gives them.
/// </summary>
public interface IClientPresence
{
    /// <summary>The topic; it is subscribed to, and not taken in.</summary>
    string Topic { get; }

    /// <summary>The payload for "I am there".</summary>
    /// <param name="connectedAt">When the CONNECT was sent whose will it answers.</param>
    byte[] Online(DateTimeOffset connectedAt);

    /// <summary>The payload for "I am away".</summary>
    /// <param name="at">When it is sent, or for a will its CONNECT.</param>
    byte[] Offline(DateTimeOffset at);

    /// <summary>True when a payload says that the client is away.</summary>
    bool IsOffline(ReadOnlySpan<byte> payload);
}
