namespace Telemetry.Service;

/// <summary>One external broker to subscribe to: an entry of <c>Mqtt:Brokers</c>.</summary>
public sealed class BrokerSection
{
    /// <summary>What logs, status and routes call it; also the gateway key of what no route names otherwise.</summary>
    public string Name { get; set; } = "";

    /// <summary>Address: <c>mqtt://</c>, <c>mqtts://</c>, <c>ws://</c> or <c>wss://</c>, host, port, path.</summary>
    public string Url { get; set; } = "";

    /// <summary>Client identifier; empty: <c>telemetry-SITE-NAME</c>. The broker keeps our session by it.</summary>
    public string ClientIdentifier { get; set; } = "";

    /// <summary>User name; empty: none.</summary>
    public string UserName { get; set; } = "";

    /// <summary>Password.</summary>
    public string Password { get; set; } = "";

    /// <summary>File with the password in its first line, instead of <see cref="Password"/>.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>PEM file of the authorities that are trusted instead of the system's.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>PEM file of our own certificate.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of its key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Topic filters.</summary>
    public string[] Filters { get; set; } = [];

    /// <summary>Group of a shared subscription; empty: none.</summary>
    public string Share { get; set; } = "";

    /// <summary>QoS asked for.</summary>
    public int Qos { get; set; } = 1;

    /// <summary>Keep alive; 0: none.</summary>
    public int KeepAliveSeconds { get; set; } = 30;

    /// <summary>How long an MQTT 5 broker keeps our session while we are away.</summary>
    public long SessionExpirySeconds { get; set; } = 7 * 24 * 3_600;

    /// <summary>Topic of the canary; empty: <c>telemetry/canary/CLIENT-IDENTIFIER</c>.</summary>
    public string CanaryTopic { get; set; } = "";

    /// <summary>Seconds between canaries; 0: none.</summary>
    public int CanarySeconds { get; set; } = 30;

    /// <summary>
    /// Sparkplug host identifier: the connection is that of a primary host, and of nothing else; empty: it is not.
    /// </summary>
    public string SparkplugHost { get; set; } = "";

    /// <summary><c>auto</c>, <c>5.0</c> or <c>3.1.1</c>.</summary>
    public string Protocol { get; set; } = "auto";
}
