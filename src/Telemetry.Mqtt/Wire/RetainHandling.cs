namespace Telemetry.Mqtt;

/// <summary>What the server does with retained messages when a subscription is made (MQTT 5 §3.8.3.1).</summary>
public enum RetainHandling : byte
{
    /// <summary>Send them; what MQTT 3.1.1 always does.</summary>
    Send = 0,

    /// <summary>Send them if the subscription is new.</summary>
    SendIfNew = 1,

    /// <summary>Do not send them.</summary>
    DoNotSend = 2,
}
