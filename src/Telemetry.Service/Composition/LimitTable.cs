using Telemetry.Api;
using Telemetry.Model;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Service;

/// <summary>Every ceiling of the product in one table (law L6), as <c>/limits</c> shows it.</summary>
internal static class LimitTable
{
    public static IReadOnlyList<LimitView> Of(ServiceOptions options, MqttServerOptions mqtt) =>
    [
        new("Mqtt:ConnectionsMax", mqtt.ConnectionsMax, "connections", "CONNACK server busy"),
        new("Mqtt:PacketBytesMax", mqtt.PacketBytesMax, "bytes", "DISCONNECT packet too large"),
        new("mqtt.receive_maximum", mqtt.ReceiveMaximum, "messages", "MQTT 5: DISCONNECT; 3.1.1: reading pauses"),
        new("mqtt.send_window", mqtt.SendWindowMax, "messages", "further messages wait in the subscriber's queue"),
        new("mqtt.subscriptions_per_client", mqtt.SubscriptionsPerClientMax, "subscriptions", "SUBACK quota exceeded"),
        new("mqtt.topic_levels", mqtt.TopicLevelsMax, "levels", "refused by reason code"),
        new("mqtt.topic_aliases", mqtt.TopicAliasMax, "aliases", "DISCONNECT topic alias invalid"),
        new("mqtt.client_identifier", mqtt.ClientIdentifierBytesMax, "bytes", "CONNACK identifier not valid"),
        new("mqtt.connect_timeout", mqtt.ConnectTimeoutSeconds, "s", "the connection is closed"),
        new(
            "mqtt.queue_messages",
            mqtt.QueuedMessagesPerSubscriberMax,
            "messages",
            "QoS 0 dropped, QoS 1 disconnected"),
        new("mqtt.queue_bytes", mqtt.QueuedBytesPerSubscriberMax, "bytes", "QoS 0 dropped, QoS 1 disconnected"),
        new("mqtt.retained_messages", mqtt.RetainedMessagesMax, "messages", "a further topic is not retained"),
        new("mqtt.retained_bytes", mqtt.RetainedBytesMax, "bytes", "a further message is not retained"),
        new("Spool:BytesMax", options.Spool.BytesMax, "bytes", "intake stops, nothing is acknowledged"),
        new("Spool:SegmentBytes", options.Spool.SegmentBytes, "bytes", "a new segment is begun"),
        new("model.fields", Limits.FieldCountMaxDefault, "fields", "points of further fields are refused by name"),
        new("model.fields_per_point", Limits.FieldsPerPointMax, "fields", "the point is refused"),
        new("model.series_key", Limits.SeriesKeyBytesMax, "bytes", "the point is refused"),
        new("model.json_depth", Limits.JsonDepthMax, "levels", "the message is quarantined"),
        new("Http:WriteBytesMax", options.Http.WriteBytesMax, "bytes", "HTTP 413"),
        new("Http:QuerySecondsMax", options.Http.QuerySecondsMax, "s", "the query ends with an error"),
        new("Http:QueryRowsMax", options.Http.QueryRowsMax, "rows", "the query ends with an error"),
    ];
}
