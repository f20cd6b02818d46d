namespace Telemetry.Mqtt;

/// <summary>How far the delivery of one message to one client has come (MQTT 5 §4.3).</summary>
public enum OutgoingState : byte
{
    /// <summary>It has not been sent.</summary>
    Waiting = 0,

    /// <summary>PUBLISH was sent; PUBACK or PUBREC is to come.</summary>
    Sent = 1,

    /// <summary>QoS 2: PUBREC came, the client owns the message; PUBREL is sent, PUBCOMP is to come.</summary>
    Received = 2,

    /// <summary>Nothing is left to do.</summary>
    Done = 3,
}
