using Telemetry.Model;
using Telemetry.Payloads;
using static Telemetry.Recognition.Clue;
using static Telemetry.Recognition.KnownFormat;
using static Telemetry.Recognition.ValueShape;

namespace Telemetry.Recognition;

/// <summary>Sparkplug B 3.0: as protobuf, and as JSON where something in between has rendered it.</summary>
internal static class SparkplugFormats
{
    private const string Root = "spBv1.0/+/";

    private const string WithData = "nothing: the route of format Sparkplug B takes these too, confirm that one";

    private static readonly string[] DataTopics =
        [Root + "NBIRTH/+", Root + "NDATA/+", Root + "DBIRTH/+/+", Root + "DDATA/+/+"];

    private static readonly Tag[] Identity = [new("group", "{2}"), new("node", "{4}"), new("device", "{5}")];

    private static readonly JsonMapping Metrics = new()
    {
        Samples = "metrics[]",
        Name = "name",
        Value = "value",
        Time = "timestamp",
        KeepsText = true,
        Exclude = ["bdSeq", "Node Control/*"],
    };

    public static IReadOnlyList<KnownFormat> All { get; } =
    [
        new("Sparkplug B", MessageKind.Measurement)
        {
            Topics = DataTopics,
            NeedsTopic = true,
            Body = ReadsAsSparkplug,
            RouteFilter = "spBv1.0/#",
            Route = new RouteDefinition
            {
                Name = "",
                Filter = "",
                Decoder = "sparkplug",
                Measurement = "sparkplug",
                Tags = Identity,
            },
        },
        new("Sparkplug B death", MessageKind.Status)
        {
            Topics = [Root + "NDEATH/+", Root + "DDEATH/+/+"],
            NeedsTopic = true,
            Body = ReadsAsSparkplug,
            Missing = WithData,
        },
        new("Sparkplug B command", MessageKind.Command)
        {
            Topics = [Root + "NCMD/+", Root + "DCMD/+/+"],
            NeedsTopic = true,
            Body = _ => "orders to a device, by their topic",
            Missing = WithData,
        },
        new("Sparkplug B host state", MessageKind.Status)
        {
            Topics = ["spBv1.0/STATE/+", "STATE/+"],
            NeedsTopic = true,
            Body = _ => "the state of a host application, by its topic",
            Missing = WithData,
        },
        new("Sparkplug B as JSON", MessageKind.Measurement)
        {
            Topics = DataTopics,
            Clues =
            [
                Key("timestamp", Milliseconds),
                Key("metrics", List),
                Key("metrics.dataType", Text),
                Key("seq", Between(0, 255)),
            ],
            RouteFilter = "spBv1.0/#",
            Route = Json(Metrics, "sparkplug", Identity),
        },
        new("Sparkplug B as JSON of Cirrus Link", MessageKind.Measurement)
        {
            Clues =
            [
                Key("topic.namespace", Word("spBv1.0")),
                Key("topic.type", Word("NBIRTH", "DBIRTH", "NDATA", "DDATA")),
                Key("payload.metrics", List),
            ],
            Route = Json(
                Metrics with
                {
                    Samples = "payload.metrics[]",
                    Quality = "properties.Quality.value",
                    Tags =
                    [
                        new Tag("group", "topic.groupId"),
                        new Tag("node", "topic.edgeNodeId"),
                        new Tag("device", "topic.deviceId"),
                    ],
                    When = [new JsonCondition("topic.type", ["NBIRTH", "NDATA", "DBIRTH", "DDATA"])],
                },
                "sparkplug"),
        },
        new("Sparkplug B death or command as JSON", MessageKind.Status)
        {
            Clues =
            [
                Key("topic.namespace", Word("spBv1.0")),
                Key("topic.type", Word("NDEATH", "DDEATH", "NCMD", "DCMD", "STATE")),
            ],
        },
    ];

    private static string? ReadsAsSparkplug(ReadOnlyMemory<byte> payload)
    {
        DecodeStatus status = TrialDecoding.Run(new SparkplugDecoder(), payload.Span, out int points, out var fault);
        bool isRead = status != DecodeStatus.Faulted || fault.Reason == FaultReason.UnknownAlias;
        return !isRead ? null
            : points > 0 ? "it reads as a protobuf payload of Sparkplug B with metrics"
            : "it reads as a protobuf payload of Sparkplug B";
    }
}
