using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Ingestion;

/// <summary>The numbers of the external brokers.</summary>
internal static class BrokerMetrics
{
    /// <summary>The numbers now, each name with all its brokers together.</summary>
    public static IEnumerable<Metric> Of(IngestPipeline pipeline)
    {
        BrokerClientSnapshot[] brokers = [.. pipeline.BrokerClients.Select(client => client.Snapshot())];
        return
        [
            .. Each("telemetry_broker_connected", "1 while messages may come.", broker => IsConnected(broker) ? 1 : 0),
            .. Each(
                "telemetry_broker_connects_total",
                "Connections to a broker that came about.",
                broker => broker.Connects),
            .. Each("telemetry_broker_messages_total", "Messages received from a broker.", broker => broker.Messages),
            .. Each(
                "telemetry_broker_duplicates_total",
                "Messages a broker had sent before.",
                broker => broker.Duplicates),
            .. Each(
                "telemetry_broker_own_messages_total",
                "Alarms and canaries of ours.",
                broker => broker.OwnMessages),
            .. Each(
                "telemetry_broker_oversized_total",
                "Messages above the ceiling, dropped.",
                broker => broker.Oversized),
            .. Each(
                "telemetry_broker_acknowledgements_total",
                "Acknowledgements sent to a broker.",
                broker => broker.Acknowledged),
            .. Each(
                "telemetry_broker_silences_total",
                "Connections ended for being silent.",
                broker => broker.Silences),
            .. Each(
                "telemetry_broker_canary_age_seconds",
                "Time since a canary came back.",
                broker => broker.CanaryAge?.TotalSeconds),
        ];

        IEnumerable<Metric> Each(string name, string help, Func<BrokerClientSnapshot, double?> value) =>
            brokers.Where(broker => value(broker) is not null).Select(broker => new Metric(
                name, help, value(broker)!.Value, $"broker=\"{broker.Name}\""));
    }

    private static bool IsConnected(BrokerClientSnapshot broker) => broker.State == BrokerClientState.Connected;
}
