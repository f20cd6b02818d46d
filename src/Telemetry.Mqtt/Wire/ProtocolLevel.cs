namespace Telemetry.Mqtt;

/// <summary>The protocol levels spoken here, as CONNECT writes them (MQTT 5 §3.1.2.2 calls it the version).</summary>
public enum ProtocolLevel : byte
{
    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V50 = 5,
}
