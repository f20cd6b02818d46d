using Telemetry.Model;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Ingestion;

/// <summary>What the console shows: is the mine alive. Counters are since the service started.</summary>
public sealed record PipelineStatus
{
    public required long TimeMilliseconds { get; init; }

    public required string Health { get; init; }

    public required string HealthMessage { get; init; }

    public required long Messages { get; init; }

    public required long Points { get; init; }

    public required long Samples { get; init; }

    public required long PointsRefused { get; init; }

    public required long Quarantined { get; init; }

    public required long NotAMeasurement { get; init; }

    public required long NoRoute { get; init; }

    public required long PendingBytes { get; init; }

    /// <summary>How long the spool lasts.</summary>
    public required SpoolOutlook Spool { get; init; }

    /// <summary>What of the site's lanes gave way for want of room.</summary>
    public required IReadOnlyList<LaneView> Lanes { get; init; }

    public required int AlarmsUnacknowledged { get; init; }

    public required int UnboundNames { get; init; }

    public required IReadOnlyList<GatewayView> Gateways { get; init; }

    public required IReadOnlyList<BrokerView> Brokers { get; init; }

    public required IReadOnlyList<ConsumerView> Consumers { get; init; }

    /// <summary>The status now.</summary>
    public static PipelineStatus Of(IngestPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        HealthReport health = HealthReport.Of(pipeline);
        IngestionMetrics metrics = pipeline.Metrics;
        long appended = pipeline.Spool.AppendedOffset;
        return new PipelineStatus
        {
            TimeMilliseconds = pipeline.Clock.Now() / Timestamp.NanosecondsPerMillisecond,
            Health = health.Status.ToString().ToLowerInvariant(),
            HealthMessage = health.Message,
            Messages = metrics.MessagesDecoded + metrics.MessagesNotAMeasurement + metrics.MessagesWithoutRoute
                + metrics.MessagesQuarantined + metrics.MessagesDuplicate,
            Points = metrics.Points,
            Samples = metrics.Samples,
            PointsRefused = metrics.PointsRefused,
            Quarantined = pipeline.Quarantine.UnresolvedCount,
            NotAMeasurement = metrics.MessagesNotAMeasurement,
            NoRoute = metrics.MessagesWithoutRoute,
            PendingBytes = appended - pipeline.StorePump.DurablePosition,
            Spool = pipeline.Forecast.Now(),
            Lanes = pipeline.Lanes,
            AlarmsUnacknowledged = pipeline.Desk.Snapshot.Standing.Count(alarm => alarm.IsUnacknowledged),
            UnboundNames = pipeline.Unbound.Names.Count,
            Gateways = GatewaysOf(pipeline),
            Brokers = [.. pipeline.BrokerClients.Select(client => BrokerView.Of(client.Snapshot()))],
            Consumers =
            [
                .. pipeline.Pumps.Select(pump => new ConsumerView(
                    pump.Name, pump.Position, appended - pump.Position, appended - pump.DurablePosition)),
            ],
        };
    }

    /// <summary>All gateways that were heard, and those of the site file that should be.</summary>
    private static List<GatewayView> GatewaysOf(IngestPipeline pipeline)
    {
        var connected = new HashSet<string>(pipeline.Broker.Connections().Select(Identifier), StringComparer.Ordinal);
        var named = pipeline.Site.Gateways.ToDictionary(gateway => gateway.Id, StringComparer.Ordinal);
        var views = new Dictionary<string, GatewayView>(StringComparer.Ordinal);
        foreach (GatewayStatus status in pipeline.Gateways.All)
        {
            named.TryGetValue(status.Key, out Gateway? gateway);
            views[status.Key] = new GatewayView(
                status.Key,
                gateway is null ? null : LanguageText.Of(gateway.Name),
                connected.Contains(status.Key),
                status.LastArrival / Timestamp.NanosecondsPerMillisecond,
                status.Messages,
                status.Points,
                status.Refused,
                status.Quarantined,
                status.NotAMeasurement,
                status.NoRoute,
                status.Clock);
        }

        foreach (Gateway gateway in pipeline.Site.Gateways.Where(gateway => !views.ContainsKey(gateway.Id)))
        {
            LanguageText name = LanguageText.Of(gateway.Name);
            views[gateway.Id] = new GatewayView(gateway.Id, name, connected.Contains(gateway.Id), 0, 0, 0, 0, 0, 0, 0);
        }

        return [.. views.Values.OrderBy(view => view.Key, StringComparer.Ordinal)];
    }

    private static string Identifier(ConnectionSnapshot connection) => connection.ClientIdentifier;
}

/// <summary>One gateway.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Name">Its names from the site file; null when it is not there.</param>
/// <param name="Connected">Whether a connection of that client identifier is open.</param>
/// <param name="LastSeenMilliseconds">Arrival of its last message since 1970; 0: never.</param>
/// <param name="Messages">Messages received.</param>
/// <param name="Points">Points decoded.</param>
/// <param name="Refused">Points refused by name.</param>
/// <param name="Quarantined">Messages in quarantine.</param>
/// <param name="NotAMeasurement">Messages without a number or truth value, or on routes that take none.</param>
/// <param name="NoRoute">Messages on topics no route takes.</param>
/// <param name="Clock">Its clock; null until a time of its own was heard.</param>
public sealed record GatewayView(
    string Key,
    LanguageText? Name,
    bool Connected,
    long LastSeenMilliseconds,
    long Messages,
    long Points,
    long Refused,
    long Quarantined,
    long NotAMeasurement,
    long NoRoute,
    ClockView? Clock = null);

/// <summary>One consumer of the log.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Position">Offset up to which it has taken.</param>
/// <param name="PendingBytes">Bytes of spool it has not taken.</param>
/// <param name="UndoneBytes">Bytes of spool it has not made durable.</param>
public sealed record ConsumerView(string Name, long Position, long PendingBytes, long UndoneBytes);
