using Telemetry.Mqtt;

namespace Telemetry.Access;

/// <summary>The topics on which the service itself speaks; nobody else publishes there, whatever its rights.</summary>
internal static class ServiceTopics
{
    private static ReadOnlySpan<byte> Alarms => "telemetry/+/alarms/#"u8;

    /// <summary>Whether a topic is one of the service's own.</summary>
    public static bool Contain(ReadOnlySpan<byte> topic) => TopicFilter.Matches(Alarms, topic);
}
