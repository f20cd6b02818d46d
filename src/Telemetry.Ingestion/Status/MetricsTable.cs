using Telemetry.Detection.Assets;
using Telemetry.Model;
using Telemetry.Mqtt;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Spool;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>One number for Prometheus.</summary>
/// <param name="Name">telemetry_room_noun_unit[_total].</param>
/// <param name="Help">One sentence.</param>
/// <param name="Value">The number.</param>
/// <param name="Label">A label as <c>name="value"</c>; empty for none.</param>
public readonly record struct Metric(string Name, string Help, double Value, string Label = "")
{
    /// <summary>True when the value only grows.</summary>
    public bool IsCounter => Name.EndsWith("_total", StringComparison.Ordinal);
}

/// <summary>All numbers of the service, in the order in which they are shown.</summary>
public static class MetricsTable
{
    private const double NanosecondsPerSecond = Timestamp.NanosecondsPerSecond;

    /// <summary>The numbers now.</summary>
    public static IEnumerable<Metric> Of(IngestPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return Ingestion(pipeline)
            .Concat(CatalogueMetrics.Of(pipeline.CatalogueGuard))
            .Concat(Ledger(pipeline.LedgerAudit))
            .Concat(Detection(pipeline.Findings))
            .Concat(Relations(pipeline.Detection?.RelationRows ?? default))
            .Concat(ClockMetrics.Of(pipeline))
            .Concat(Mqtt(pipeline.MqttMetrics, pipeline.Broker))
            .Concat(BrokerMetrics.Of(pipeline))
            .Concat(Spool(pipeline.Spool.Metrics))
            .Concat(ArchiveMetrics.Of(pipeline))
            .Concat(ForecastMetrics.Of(pipeline.Forecast))
            .Concat(LaneMetrics.Of(pipeline.Lanes))
            .Concat(Store(pipeline.Store.Metrics))
            .Concat(SinkMetrics.Of(pipeline))
            .Concat(pipeline.FurtherMetrics)
            .Concat(Process());
    }

    private static IEnumerable<Metric> Detection(FindingDesk findings) =>
    [
        new(
            "telemetry_detection_notices_total",
            "Anomalies worth a look that were no alarm yet.",
            findings.NoticeCount),
        new("telemetry_detection_held_total", "Anomalies that a verdict held back.", findings.HeldCount),
        new(
            "telemetry_detection_findings_not_kept_total",
            "Findings beyond the ceiling of their journal.",
            findings.NotKept),
    ];

    private static IEnumerable<Metric> Relations(RelationRows rows)
    {
        const string Name = "telemetry_detection_relation_rows_total";
        const string Help = "Rows of values of assets whose relations are watched, by what became of them.";
        yield return new(Name, Help, rows.Learnt, "fate=\"learnt\"");
        yield return new(Name, Help, rows.Judged, "fate=\"judged\"");
        yield return new(Name, Help, rows.Skipped, "fate=\"skipped\"");
    }

    private static IEnumerable<Metric> Ledger(LedgerAudit audit) =>
    [
        new(
            "telemetry_ledger_audited_messages_total",
            "Messages of the log that the ledger was compared with.",
            audit.Audited),
        new("telemetry_ledger_off_messages_total", "Messages by which ledger and log differ.", audit.Off),
    ];

    private static IEnumerable<Metric> Ingestion(IngestPipeline pipeline)
    {
        IngestionMetrics metrics = pipeline.Metrics;
        const string messages = "telemetry_ingestion_messages_total";
        const string help = "Messages by what became of them.";
        yield return new(messages, help, metrics.MessagesDecoded, "fate=\"decoded\"");
        yield return new(messages, help, metrics.MessagesNotAMeasurement, "fate=\"not_a_measurement\"");
        yield return new(messages, help, metrics.MessagesWithoutRoute, "fate=\"no_route\"");
        yield return new(messages, help, metrics.MessagesQuarantined, "fate=\"quarantined\"");
        yield return new(messages, help, metrics.MessagesDuplicate, "fate=\"duplicate\"");
        yield return new("telemetry_ingestion_points_total", "Points decoded.", metrics.Points);
        yield return new("telemetry_ingestion_samples_total", "Field values decoded.", metrics.Samples);
        yield return new("telemetry_ingestion_points_refused_total", "Points refused by name.", metrics.PointsRefused);
        const string unlisted = "telemetry_ingestion_names_unlisted_total";
        const string unlistedHelp = "Times a name did not fit in its list.";
        yield return new(unlisted, unlistedHelp, pipeline.Unbound.Unlisted, "list=\"unbound\"");
        yield return new(unlisted, unlistedHelp, pipeline.Refused.Unlisted, "list=\"refused\"");
        yield return new(
            "telemetry_ingestion_arrival_ahead_seconds",
            "How far arrival times are ahead of the machine's clock.",
            pipeline.Clock.Ahead.TotalSeconds);
        const string reloads = "telemetry_site_reloads_total";
        const string reloadsHelp = "Times the site's files were read while running, by what came of it.";
        yield return new(reloads, reloadsHelp, pipeline.Sites.Changed, "outcome=\"changed\"");
        yield return new(reloads, reloadsHelp, pipeline.Sites.Unchanged, "outcome=\"unchanged\"");
        yield return new(reloads, reloadsHelp, pipeline.Sites.Refused, "outcome=\"refused\"");
        yield return new("telemetry_ingestion_fields", "Fields known.", pipeline.Catalogue.FieldCount);
        yield return new("telemetry_ingestion_series", "Series known.", pipeline.Catalogue.SeriesCount);
        foreach (QuarantineState state in Enum.GetValues<QuarantineState>())
        {
            yield return new(
                "telemetry_ingestion_quarantine_messages",
                "Messages in quarantine, by where they stand.",
                pipeline.Quarantine.CountOf(state),
                $"state=\"{QuarantineEntry.NameOf(state)}\"");
        }

        yield return new(
            "telemetry_ingestion_messages_retried_total",
            "Quarantined messages decoded again.",
            metrics.MessagesRetried);
        yield return new(
            "telemetry_ingestion_feed_points_dropped_total",
            "Points slow watchers lost.",
            pipeline.PointFeed.Dropped);
        foreach (CursorPump pump in pipeline.Pumps)
        {
            yield return new(
                "telemetry_ingestion_consumer_pending_bytes",
                "Bytes of spool a consumer has not taken.",
                pipeline.Spool.AppendedOffset - pump.Position,
                $"consumer=\"{pump.Name}\"");
        }

        foreach (Metric metric in Sparkplug(pipeline.SparkplugNodes))
        {
            yield return metric;
        }

        foreach (IGrouping<string, Alarms.Alarm> state in pipeline.Desk.Snapshot.Standing.GroupBy(
            alarm => AlarmMessage.NameOf(alarm.State)))
        {
            yield return new(
                "telemetry_alarms_standing",
                "Alarms that are not normal.",
                state.Count(),
                $"state=\"{state.Key}\"");
        }
    }

    private static IEnumerable<Metric> Sparkplug(IReadOnlyList<SparkplugNodeView> nodes)
    {
        const string Nodes = "telemetry_sparkplug_nodes";
        const string Help = "Edge nodes of Sparkplug B.";
        int online = nodes.Count(node => node.Online);
        yield return new(Nodes, Help, online, "state=\"online\"");
        yield return new(Nodes, Help, nodes.Count - online, "state=\"offline\"");
        yield return new(
            "telemetry_sparkplug_gaps_total", "Gaps in sequence numbers.", nodes.Sum(node => node.Gaps));
        yield return new(
            "telemetry_sparkplug_rebirths_requested_total",
            "Requests for births.",
            nodes.Sum(node => node.RebirthsRequested));
        yield return new(
            "telemetry_sparkplug_held_messages", "Messages that wait for a birth.", nodes.Sum(node => node.Held));
    }

    private static IEnumerable<Metric> Mqtt(MqttMetrics metrics, Broker broker)
    {
        yield return new("telemetry_mqtt_connections", "Connections now.", metrics.Connections);
        yield return new(
            "telemetry_mqtt_connections_accepted_total",
            "Connections accepted.",
            metrics.ConnectionsAccepted);
        yield return new(
            "telemetry_mqtt_connections_truncated_total",
            "Connections that ended inside a packet.",
            metrics.ConnectionsTruncated);
        yield return new(
            "telemetry_mqtt_take_overs_total",
            "Connections taken over by the same client identifier.",
            metrics.TakeOvers);
        yield return new("telemetry_mqtt_received_bytes_total", "Bytes received.", metrics.BytesReceived);
        yield return new("telemetry_mqtt_acknowledgements_total", "Acknowledgements sent.", metrics.Acknowledgements);
        yield return new(
            "telemetry_mqtt_messages_delivered_total",
            "Messages sent to subscribers.",
            metrics.MessagesDelivered);
        yield return new(
            "telemetry_mqtt_messages_dropped_total",
            "QoS 0 messages slow subscribers lost.",
            metrics.MessagesDropped);
        yield return new(
            "telemetry_mqtt_intake_stalls_total",
            "Times reading was paused for want of room.",
            metrics.IntakeStalls);
        yield return new(
            "telemetry_mqtt_paced_reads_total",
            "Times a connection sent faster than its ceiling.",
            metrics.PacedReads);
        yield return new(
            "telemetry_mqtt_qos0_refused_total",
            "QoS 0 messages lost because the disk was full.",
            metrics.Qos0Refused);
        foreach (Metric metric in Sessions(metrics, broker))
        {
            yield return metric;
        }

        foreach (PacketType type in Enum.GetValues<PacketType>().Where(type => metrics.Received(type) > 0))
        {
            string label = $"type=\"{type.ToString().ToUpperInvariant()}\"";
            yield return new(
                "telemetry_mqtt_packets_received_total",
                "Control packets by type.",
                metrics.Received(type),
                label);
        }

        foreach (ReasonCode reason in Enum.GetValues<ReasonCode>().Where(reason => metrics.Refused(reason) > 0))
        {
            yield return new(
                "telemetry_mqtt_refusals_total",
                "Refusals by reason code.",
                metrics.Refused(reason),
                $"reason=\"{reason}\"");
        }

        foreach (MalformedReason reason in Enum.GetValues<MalformedReason>().Where(r => metrics.Malformed(r) > 0))
        {
            yield return new(
                "telemetry_mqtt_malformed_total",
                "Malformed packets by reason.",
                metrics.Malformed(reason),
                $"reason=\"{reason}\"");
        }
    }

    private static IEnumerable<Metric> Spool(SpoolMetrics metrics)
    {
        yield return new("telemetry_spool_appended_bytes_total", "Bytes appended.", metrics.AppendedBytes);
        yield return new("telemetry_spool_commits_total", "Group commits.", metrics.CommitCount);
        yield return new("telemetry_spool_committed_bytes_total", "Bytes committed.", metrics.CommittedBytes);
        yield return new("telemetry_spool_syncs_total", "Calls of fdatasync.", metrics.SyncCount);
        yield return new(
            "telemetry_spool_sync_seconds_total",
            "Time spent in fdatasync.",
            metrics.SyncNanoseconds / NanosecondsPerSecond);
        yield return new("telemetry_spool_sync_failures_total", "Failed fdatasync calls.", metrics.SyncFailureCount);
        yield return new(
            "telemetry_spool_full_episodes_total",
            "Times the disk or the quota was full.",
            metrics.FullEpisodeCount);
        yield return new(
            "telemetry_spool_skipped_bytes_total",
            "Bytes readers could not be given.",
            metrics.SkippedBytes);
        yield return new("telemetry_spool_segments", "Segments on disk.", metrics.SegmentCount);
        yield return new(
            "telemetry_spool_segment_bytes", "Bytes of all segments, spare files among them.", metrics.SegmentBytes);
        yield return new(
            "telemetry_spool_reused_segments_total",
            "Segments begun in a file that was another before.",
            metrics.ReusedSegmentCount);
    }

    private static IEnumerable<Metric> Store(StoreMetrics metrics)
    {
        yield return new("telemetry_store_samples_appended_total", "Samples taken.", metrics.SamplesAppended);
        yield return new(
            "telemetry_store_samples_overwritten_total",
            "Samples replaced by a later one of the same time.",
            metrics.SamplesOverwritten);
        yield return new("telemetry_store_checkpoints_total", "Checkpoints written.", metrics.Checkpoints);
        yield return new(
            "telemetry_store_checkpoints_failed_total",
            "Checkpoints the disk refused.",
            metrics.CheckpointsFailed);
        yield return new(
            "telemetry_store_checkpoint_seconds_total",
            "Time spent in checkpoints.",
            metrics.CheckpointNanoseconds / NanosecondsPerSecond);
        yield return new(
            "telemetry_store_chunks_corrupt_total",
            "Chunks that could not be read.",
            metrics.ChunksCorrupt);
        yield return new(
            "telemetry_store_chunks_forgotten_total",
            "Chunks that were older than their retention.",
            metrics.ChunksForgotten);
        yield return new("telemetry_store_rollup_bytes_total", "Bytes of roll-ups written.", metrics.RollupBytes);
        yield return new("telemetry_store_file_bytes", "Size of the database file.", metrics.FileBytes);
        yield return new("telemetry_store_pending_bytes", "Bytes not yet checkpointed.", metrics.PendingBytes);
    }

    private static IEnumerable<Metric> Sessions(MqttMetrics metrics, Broker broker)
    {
        yield return new("telemetry_mqtt_sessions", "Sessions, of clients that are away too.", broker.SessionCount);
        yield return new("telemetry_mqtt_subscriptions", "Subscriptions.", broker.SubscriptionCount);
        yield return new("telemetry_mqtt_queued_bytes", "Bytes that wait for subscribers.", broker.QueuedBytes);
        yield return new("telemetry_mqtt_retained_messages", "Retained messages.", broker.RetainedCount);
        yield return new(
            "telemetry_mqtt_sessions_expired_total",
            "Sessions that ended because their client stayed away.",
            metrics.SessionsExpired);
        yield return new(
            "telemetry_mqtt_messages_expired_total",
            "Messages whose expiry was over before their subscriber took them.",
            metrics.MessagesExpired);
        yield return new(
            "telemetry_mqtt_messages_too_large_total",
            "Messages above what their subscriber accepts.",
            metrics.MessagesTooLarge);
        yield return new(
            "telemetry_mqtt_retained_refused_total",
            "Retained messages not kept because of a ceiling.",
            metrics.RetainedRefused);
        yield return new(
            "telemetry_mqtt_duplicates_total",
            "QoS 2 messages that came again and were not taken twice.",
            metrics.Duplicates);
        yield return new(
            "telemetry_mqtt_cloned_clients_total",
            "Times two devices were found to fight over one client identifier.",
            metrics.ClonedClients);
    }

    private static IEnumerable<Metric> Process()
    {
        yield return new(
            "telemetry_process_allocated_bytes_total",
            "Bytes allocated on the managed heap since the process began.",
            GC.GetTotalAllocatedBytes());
        yield return new(
            "telemetry_process_gen2_collections_total",
            "Full garbage collections.",
            GC.CollectionCount(2));
        yield return new("telemetry_process_working_set_bytes", "Memory in use.", Environment.WorkingSet);
    }
}
