namespace Telemetry.Ingestion;

/// <summary>What a record of the spool holds. The spool itself does not interpret it; numbers are for ever.</summary>
public enum RecordKind : byte
{
    /// <summary>An MQTT PUBLISH; body as in <see cref="MessageRecord"/>.</summary>
    Publish = 1,

    /// <summary>
    /// Line protocol written over HTTP; body as in <see cref="MessageRecord"/>, the topic names the database.
    /// </summary>
    HttpWrite = 2,

    /// <summary>A second has passed: the clock of silence and delays. No body.</summary>
    Tick = 3,

    /// <summary>What happened to an MQTT session; body as in <see cref="Mqtt.SessionEventFormat"/>.</summary>
    SessionEvent = 4,

    /// <summary>
    /// A message of the service itself to subscribers; body as in <see cref="MessageRecord"/>. It is not decoded.
    /// </summary>
    OwnPublish = 5,

    /// <summary>Another site is in force from here on; body as in <see cref="SiteChangeRecord"/>.</summary>
    SiteChange = 6,

    /// <summary>
    /// A quarantined message, to be decoded again; body as in <see cref="RetryRecord"/>. It was received before.
    /// </summary>
    Retry = 7,

    /// <summary>
    /// Points of a message that was decoded anew; body as in <see cref="RedecodedRecord"/>. It was received before.
    /// </summary>
    Redecoded = 8,
}
