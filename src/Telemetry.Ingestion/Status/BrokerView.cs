using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Ingestion;

/// <summary>One external broker on the status page. Counters are since the service started.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="Url">Its address.</param>
/// <param name="ClientIdentifier">As whom we are there.</param>
/// <param name="State">"connected", "subscribing", "connecting", "waiting" or "stopped".</param>
/// <param name="SinceMilliseconds">Since when, since 1970.</param>
/// <param name="Protocol">"5.0" or "3.1.1"; empty before the first connection.</param>
/// <param name="Connects">Connections that came about.</param>
/// <param name="Messages">Messages received.</param>
/// <param name="Duplicates">Those marked as sent before.</param>
/// <param name="OwnMessages">Alarms and canaries of ours among them.</param>
/// <param name="Oversized">Those above the ceiling, acknowledged and dropped.</param>
/// <param name="Acknowledged">Acknowledgements put behind their commit.</param>
/// <param name="LastMessageMilliseconds">When the last one came, since 1970; 0 for never.</param>
/// <param name="Canary">"seen", "waiting", "off", or why there is none.</param>
/// <param name="CanaryAgeSeconds">Time since a canary came back; null for never.</param>
/// <param name="Silences">Connections ended for being silent.</param>
/// <param name="LastError">What went wrong last; empty when nothing did since the connection stands.</param>
public sealed record BrokerView(
    string Name,
    string Url,
    string ClientIdentifier,
    string State,
    long SinceMilliseconds,
    string Protocol,
    long Connects,
    long Messages,
    long Duplicates,
    long OwnMessages,
    long Oversized,
    long Acknowledged,
    long LastMessageMilliseconds,
    string Canary,
    double? CanaryAgeSeconds,
    long Silences,
    string LastError)
{
    /// <summary>The view of a snapshot.</summary>
    public static BrokerView Of(BrokerClientSnapshot broker)
    {
        ArgumentNullException.ThrowIfNull(broker);
        return new BrokerView(
            broker.Name,
            broker.Url,
            broker.ClientIdentifier,
            broker.State.ToString().ToLowerInvariant(),
            broker.Since.ToUnixTimeMilliseconds(),
            broker.Protocol,
            broker.Connects,
            broker.Messages,
            broker.Duplicates,
            broker.OwnMessages,
            broker.Oversized,
            broker.Acknowledged,
            broker.LastMessage?.ToUnixTimeMilliseconds() ?? 0,
            broker.Canary,
            broker.CanaryAge?.TotalSeconds,
            broker.Silences,
            broker.LastError);
    }
}
