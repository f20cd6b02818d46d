namespace Telemetry.Mqtt;

/// <summary>Where a network connection stands in the protocol (MQTT 5 §4.13).</summary>
public enum ConnectionState : byte
{
    /// <summary>Nothing came yet; CONNECT (at a server) or CONNACK (at a client) must be next.</summary>
    Opening = 0,

    /// <summary>An authentication exchange is under way before CONNACK (MQTT 5 §4.12).</summary>
    Authenticating = 1,

    /// <summary>CONNACK said success.</summary>
    Connected = 2,

    /// <summary>DISCONNECT came or went; nothing may follow [MQTT-3.14.4-1].</summary>
    Closed = 3,
}
