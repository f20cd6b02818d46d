using Telemetry.Model;
using static Telemetry.Recognition.Clue;
using static Telemetry.Recognition.KnownFormat;
using static Telemetry.Recognition.ValueShape;

namespace Telemetry.Recognition;

/// <summary>Formats of IoT platforms and of collectors of metrics.</summary>
internal static class PlatformFormats
{
    private const string ThinEdge = "te/+/+/+/+/";

    private static readonly RouteDefinition ThingsBoard = Json(
        [new JsonMapping { Samples = "values", Time = "ts" }, new JsonMapping { Exclude = ["values_*"] }],
        "thingsboard",
        new Tag("device", "{client}"));

    private static readonly ValueShape Entries = new("members", node => node.Kind == NodeKind.Object, 0);

    private static readonly ValueShape FlatValues = new(
        "values by their names",
        node => node.Kind == NodeKind.Object
            && node.Members.Count > 0
            && node.Members.All(member => member.Value.IsScalar));

    public static IReadOnlyList<KnownFormat> All { get; } =
    [
        new("ThingsBoard telemetry", MessageKind.Measurement)
        {
            Topics = ["v1/devices/me/telemetry"],
            NeedsTopic = true,
            Clues = [new Clue([""], FlatValues)],
            Lacks = ["ts", "values"],
            Route = ThingsBoard,
        },
        new("ThingsBoard telemetry", MessageKind.Measurement)
        {
            Topics = ["v1/devices/me/telemetry"],
            Clues = [Key("ts", Milliseconds), Key("values", Members)],
            Lacks = ["node", "group"],
            Route = ThingsBoard,
        },
        new("ThingsBoard gateway telemetry", MessageKind.Measurement)
        {
            Topics = ["v1/gateway/telemetry"],
            Clues = [Key("*", List), Key("*.ts", Milliseconds), Key("*.values", Members)],
            Route = Json(new JsonMapping { Samples = "{device}[].values", Time = "ts" }, "thingsboard"),
        },
        new("ThingsBoard attributes", MessageKind.Metadata)
        {
            Topics = ["v1/devices/me/attributes", "v1/gateway/attributes"],
            NeedsTopic = true,
            Clues = [new Clue([""], Entries)],
        },
        new("ThingsBoard call", MessageKind.Command)
        {
            Topics = ["v1/devices/me/rpc/request/+", "v1/devices/me/rpc/response/+", "v1/gateway/rpc"],
            NeedsTopic = true,
            Clues = [new Clue([""], Entries)],
        },
        new("thin-edge.io measurement", MessageKind.Measurement)
        {
            Topics = [ThinEdge + "m/+"],
            NeedsTopic = true,
            Clues = [new Clue([""], Entries)],
            Route = Json((JsonMapping?)null, "{7}", new Tag("device", "{3}")),
        },
        new("thin-edge.io event", MessageKind.Event)
        {
            Topics = [ThinEdge + "e/+"],
            NeedsTopic = true,
            Clues = [Key("text", Text)],
        },
        new("thin-edge.io alarm", MessageKind.Alarm)
        {
            Topics = [ThinEdge + "a/+"],
            NeedsTopic = true,
            Clues = [AnyKey("text", "severity")],
        },
        new("thin-edge.io status", MessageKind.Status)
        {
            Topics = [ThinEdge + "status/+", ThinEdge + "cmd/+/+", ThinEdge + "twin/+", "te/+/+/+/+"],
            NeedsTopic = true,
            Clues = [new Clue([""], Entries)],
        },
        new("United Manufacturing Hub time series", MessageKind.Measurement)
        {
            Topics = ["umh/v1/#"],
            Clues = [Key("timestamp_ms", Milliseconds), Key("value", Value)],
            Lacks = ["tagName"],
            Route = Json(
                new JsonMapping { Value = "value", Time = "timestamp_ms" },
                "{5}",
                new Tag("area", "{4}"),
                new Tag("line", "{6}"),
                new Tag("cell", "{7}"))
                with
            { Field = "{9+}" },
        },
        new("Telegraf JSON", MessageKind.Measurement)
        {
            Clues = [new Clue(["name", "metrics.name"], Text), new Clue(["fields", "metrics.fields"], Members)],
            Lacks = ["metrics.dataType"],
            Route = Json((JsonMapping?)null),
        },
        new("Alertmanager webhook", MessageKind.Alarm)
        {
            Clues =
            [
                Key("alerts.labels.alertname", Text),
                Key("status", Word("firing", "resolved")),
                Key("groupKey", Text),
            ],
        },
        new("SenML", MessageKind.Measurement)
        {
            Body = PlainFormats.ReadsAsSenml,
            Route = new RouteDefinition { Name = "", Filter = "", Decoder = "senml", Measurement = "senml" },
        },
    ];
}
