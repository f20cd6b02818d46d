namespace Telemetry.Mqtt.Pipelines;

/// <summary>What a broker client is doing.</summary>
public enum BrokerClientState
{
    /// <summary>It is not running.</summary>
    Stopped,

    /// <summary>A socket, TLS or CONNACK is waited for.</summary>
    Connecting,

    /// <summary>CONNACK came, SUBACK did not yet.</summary>
    Subscribing,

    /// <summary>Messages may come.</summary>
    Connected,

    /// <summary>The connection was lost or refused; the next attempt comes after a pause.</summary>
    Waiting,
}

/// <summary>What the status page shows of one broker. Counters are since the start.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="Url">Its address.</param>
/// <param name="ClientIdentifier">As whom.</param>
/// <param name="State">What goes on.</param>
/// <param name="Since">Since when.</param>
/// <param name="Protocol">"5.0", "3.1.1", or empty before the first CONNACK.</param>
/// <param name="Connects">Connections that were accepted.</param>
/// <param name="Messages">PUBLISH packets received.</param>
/// <param name="Duplicates">Those with the DUP flag: sent to us before.</param>
/// <param name="OwnMessages">Those on topics of our own, not taken in.</param>
/// <param name="Oversized">Those above the ceiling, acknowledged and not taken in.</param>
/// <param name="Acknowledged">Acknowledgements put behind their commit.</param>
/// <param name="LastMessage">When the last one came; null for never.</param>
/// <param name="Canary">How the canary does: "off", "waiting", "seen" or a reason for having none.</param>
/// <param name="CanaryAge">Time since a canary came back; null for never.</param>
/// <param name="Silences">Connections ended for being silent.</param>
/// <param name="LastError">The last thing that went wrong; empty for nothing since the connection stands.</param>
public sealed record BrokerClientSnapshot(
    string Name,
    string Url,
    string ClientIdentifier,
    BrokerClientState State,
    DateTimeOffset Since,
    string Protocol,
    long Connects,
    long Messages,
    long Duplicates,
    long OwnMessages,
    long Oversized,
    long Acknowledged,
    DateTimeOffset? LastMessage,
    string Canary,
    TimeSpan? CanaryAge,
    long Silences,
    string LastError);
