using Telemetry.Access;
using Telemetry.Api;
using Telemetry.Detection;
using Telemetry.Ingestion;
using Telemetry.Model;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Spool;
using Telemetry.Store;

namespace Telemetry.Service;

/// <summary>Every ceiling of the product in one table (law L6), as <c>/limits</c> shows it.</summary>
internal static class LimitTable
{
    public static IReadOnlyList<LimitView> Of(ServiceOptions options, MqttServerOptions mqtt) =>
    [
        new("Mqtt:ConnectionsMax", mqtt.ConnectionsMax, "connections", "CONNACK server busy"),
        new("Mqtt:PacketBytesMax", mqtt.PacketBytesMax, "bytes", "DISCONNECT packet too large"),
        new("Mqtt:SessionsMax", mqtt.SessionsMax, "sessions", "CONNACK quota exceeded"),
        new("Mqtt:SessionExpirySecondsMax", mqtt.SessionExpirySecondsMax, "s", "a client that asks for more is told"),
        new("mqtt.queued_bytes_total", mqtt.QueuedBytesMax, "bytes", "as mqtt.queue_bytes, for all subscribers"),
        new("mqtt.held_bytes", mqtt.HeldBytesMax, "bytes per connection", "reading pauses until the disk has room"),
        new("mqtt.topic_aliases_to_client", mqtt.TopicAliasToClientMax, "aliases", "topics are sent in full"),
        new("Mqtt:ReceiveMaximum", mqtt.ReceiveMaximum, "messages", "MQTT 5: DISCONNECT; 3.1.1: reading pauses"),
        new("Mqtt:MessagesPerSecondMax", mqtt.MessagesPerSecondMax, "messages/s per connection", "reading pauses"),
        new("Mqtt:BytesPerSecondMax", mqtt.BytesPerSecondMax, "bytes/s per connection", "reading pauses"),
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
        new("access.identities", AccessLimits.IdentitiesMax, "identities", "the identity file is refused"),
        new("access.filters", AccessLimits.FiltersPerIdentityMax, "filters per list", "the identity file is refused"),
        new("access.hash_queue", AccessLimits.HashQueueMax, "passwords", "CONNACK server busy"),
        new("access.failures_per_name", AccessLimits.FailuresPerNameMax, "failures a minute", "refused unseen"),
        new("access.failures_per_address", AccessLimits.FailuresPerAddressMax, "failures a minute", "refused unseen"),
        new("access.handshakes", HandshakeGate.HandshakesMax, "TLS handshakes", "the next waits its turn"),
        new("access.audit_bytes", AccessLimits.AuditBytesMax, "bytes per file", "the older of two files goes"),
        new("access.audit_queue", AccessLimits.AuditQueueMax, "entries", "lost and counted"),
        new("Spool:BytesMax", options.Spool.BytesMax, "bytes", "intake stops, nothing is acknowledged"),
        new("Spool:SegmentBytes", options.Spool.SegmentBytes, "bytes", "a new segment is begun"),
        new("Spool:ArchiveBytesMax", options.Spool.ArchiveBytesMax, "bytes", "the oldest archived messages go"),
        new("archive.free", ArchiveOptions.FreeBytesMinDefault, "bytes free", "the oldest archived messages go"),
        new("model.fields", Limits.FieldCountMaxDefault, "fields", "points of further fields are refused by name"),
        new("model.sources", Limits.SourceCountMax, "sources", "samples of further sources do not name theirs"),
        new("model.name_bytes", Limits.CatalogueNameBytesMax, "bytes", "points of further names are refused by name"),
        new("model.remembered_names", Limits.RememberedNameBytesMax, "bytes per route", "names are learned anew"),
        new("model.fields_per_point", Limits.FieldsPerPointMax, "fields", "the point is refused"),
        new("model.series_key", Limits.SeriesKeyBytesMax, "bytes", "the point is refused"),
        new("model.json_depth", Limits.JsonDepthMax, "levels", "the message is quarantined"),
        new("detection.anomalies", DetectionLimits.AnomalyCountMax, "signals", "watched for all but anomalies"),
        new("ingestion.notices", IngestionLimits.NoticeCountMax, "notices", "the oldest is no longer listed"),
        new("ingestion.findings", IngestionLimits.FindingsBytesMax, "bytes", "known until the next start, counted"),
        new("ingestion.findings_remembered", IngestionLimits.FindingsRememberedMax, "findings", "the oldest goes"),
        new("ingestion.verdicts", IngestionLimits.VerdictsInForceMax, "verdicts in force", "a further one is refused"),
        new("ingestion.listed_names", IngestionLimits.ListedNameBytesMax, "bytes per list", "counted, not listed"),
        new("ingestion.gateway_keys", IngestionLimits.GatewayKeyBytesMax, "bytes", "the rest shares one entry"),
        new("ingestion.remembered_topic", IngestionLimits.RememberedTopicBytesMax, "bytes", "resolved each time"),
        new("ingestion.route_table", IngestionLimits.RouteTableBytesMax, "bytes per table", "topics are learned anew"),
        new("ingestion.site_archive", IngestionLimits.SiteArchiveBytesMax, "bytes", "a changed site is refused"),
        new("ingestion.ledger_rows", IngestionLimits.LedgerRowsMax, "rows", "the answer says that there are more"),
        new("ingestion.ledger_pending", IngestionLimits.LedgerPendingBytesMax, "bytes", "the rest is not counted"),
        new("ingestion.quarantine", IngestionLimits.QuarantineBytesMax, "bytes", "counted, not kept"),
        new("ingestion.quarantine_messages", IngestionLimits.QuarantineMessagesMax, "messages", "counted, not kept"),
        new("ingestion.explained", IngestionLimits.ExplainedBytesMax, "bytes", "older messages are not looked at"),
        new("store.pending", StoreOptions.PendingBytesMaxDefault, "bytes", "what comes stays in the spool"),
        new("Http:WriteBytesMax", options.Http.WriteBytesMax, "bytes", "HTTP 413"),
        new("Http:QuerySecondsMax", options.Http.QuerySecondsMax, "s", "the query ends with an error"),
        new("Http:QueryRowsMax", options.Http.QueryRowsMax, "rows", "the query ends with an error"),
    ];
}
