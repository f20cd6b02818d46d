using Telemetry.Model;
using static Telemetry.Recognition.Clue;
using static Telemetry.Recognition.KnownFormat;
using static Telemetry.Recognition.ValueShape;

namespace Telemetry.Recognition;

/// <summary>Gateways that read controllers and meters and give on their tags.</summary>
internal static class PlcGatewayFormats
{
    private const double ChannelOff = 9999.9999; // WISE-4000 manual

    private static readonly string[] NeuronTopics = ["/neuron/+", "neuron/+"];

    private static readonly Tag[] NodeAndGroup = [new("node", "node"), new("group", "group")];

    private static readonly JsonMapping NeuronValues =
        new() { Samples = "values", Time = "timestamp", Tags = NodeAndGroup };

    private static readonly JsonMapping NeuronTags = new()
    {
        Samples = "tags[]",
        Name = "name",
        Value = "value",
        Time = "timestamp",
        Tags = NodeAndGroup,
        KeepsText = true,
    };

    private static readonly Clue[] OfNeuron = [Key("timestamp", Milliseconds), Key("node", Text), Key("group", Text)];

    private static readonly ValueShape AttributeAtObject = new(
        "only keys such as temperature@Tank_1",
        node => node.Kind == NodeKind.Object
            && node.Members.Count > 0
            && node.Members.All(member => member.Key.IndexOf('@') > 0 && member.Value.IsScalar),
        2);

    public static IReadOnlyList<KnownFormat> All { get; } =
    [
        new("EMQX Neuron values", MessageKind.Measurement)
        {
            Topics = NeuronTopics,
            Clues = [.. OfNeuron, Key("values", Members)],
            Lacks = ["gateway_info"],
            Route = Json(NeuronValues, "neuron"),
            Advice = "a tag that could not be read has a code in errors and no value",
        },
        new("EMQX Neuron tags", MessageKind.Measurement)
        {
            Topics = NeuronTopics,
            Clues = [.. OfNeuron, Key("tags.name", Text)],
            Lacks = ["tags.type"],
            Route = Json(NeuronTags, "neuron"),
        },
        new("EMQX Neuron ECP", MessageKind.Measurement)
        {
            Topics = NeuronTopics,
            Clues = [.. OfNeuron, Key("tags.name", Text), Key("tags.type", Between(1, 4))],
            Route = Json(NeuronTags, "neuron"),
        },
        new("EMQX Neuron values with gateway", MessageKind.Measurement)
        {
            Topics = NeuronTopics,
            Clues = [.. OfNeuron, Key("values", Members), Key("gateway_info", Members)],
            Route = Json(NeuronValues, "neuron"),
        },
        new("Neuron 1 telemetry", MessageKind.Measurement)
        {
            Topics = ["Neuron/Telemetry/+"],
            Clues = [new Clue([""], AttributeAtObject)],
            Route = Json(new JsonMapping { Names = "{field}@{asset}" }, "neuron"),
        },
        new("Siemens Industrial Edge values", MessageKind.Measurement)
        {
            Topics = ["ie/d/j/simatic/v1/+/dp/r/+/+", "ie/d/j/simatic/v1/+/dp/r/+"],
            Clues = [Key("vals.id", Text), Key("vals.val"), Key("vals.ts", IsoTime), Key("vals.qc", Between(0, 3))],
            Route = Json(
                new JsonMapping
                {
                    Samples = "vals[]",
                    Name = "id",
                    Value = "val",
                    Time = "ts",
                    Quality = "qc",
                    Qualities = new Dictionary<string, byte>
                    {
                        ["0"] = Quality.Bad,
                        ["1"] = Quality.Uncertain,
                        ["2"] = Quality.Good,
                        ["3"] = Quality.Good,
                    },
                },
                "simatic",
                new Tag("connection", "{9}")),
            Advice = "values are named by number; their names stand in the retained message on ie/m/j/simatic/v1/…/dp: "
                + "write them as json.rename",
        },
        new("Siemens Industrial Edge metadata", MessageKind.Metadata)
        {
            Topics = ["ie/m/j/simatic/v1/+/dp"],
            Clues = [Key("connections.dataPoints.dataPointDefinitions.id", Text), Key("applicationName", Text)],
        },
        new("Siemens Industrial Edge status", MessageKind.Status)
        {
            Topics = ["ie/s/j/simatic/v1/+/status"],
            Clues = [Key("connector.status", Text), Key("connections.status", Text), Key("ts", IsoTime)],
            Lacks = ["vals"],
        },
        new("Kepware IoT Gateway", MessageKind.Measurement)
        {
            Topics = ["iotgateway"],
            Clues =
            [
                Key("timestamp", Milliseconds),
                Key("values.id", Text),
                Key("values.v"),
                Key("values.q", Truth),
                Key("values.t", Milliseconds),
            ],
            Route = Json(
                new JsonMapping
                {
                    Samples = "values[]",
                    Name = "id",
                    Value = "v",
                    Time = "t",
                    Quality = "q",
                    Names = "{channel}.{device}.{field}",
                },
                "kepware"),
        },
        new("Kepware custom template", MessageKind.Measurement)
        {
            Topics = ["kepserver"],
            Clues = [Key("[].tagname", Text), Key("[].timestamp", Milliseconds), Key("[].value", Value)],
            Route = Json(new JsonMapping { Name = "tagname", Value = "value", Time = "timestamp" }, "kepware"),
        },
        new("HiveMQ Edge", MessageKind.Measurement)
        {
            Clues = [Key("tagName", Text), Key("value", Value)],
            Lacks = ["propertyValues", "metrics"],
            Route = Json(new JsonMapping { Name = "tagName", Value = "value", Time = "timestamp" }),
            Advice = "the edge can be set to leave out timestamp and tagName: then the topic has to name the value",
        },
        new("Moxa ThingsPro tags", MessageKind.Measurement)
        {
            Clues =
            [
                Key("tags", Members),
                Key("tags.*.*.*.values.updateTimeStamp", IsoTime),
                Key("tags.*.*.*.values.value", Value),
            ],
            Route = Json(
                new JsonMapping
                {
                    Samples = "tags.{source}.{device}.{name}.values[]",
                    Value = "value",
                    Time = "updateTimeStamp",
                },
                "moxa"),
        },
        new("Advantech WISE", MessageKind.Measurement)
        {
            Topics = ["Advantech/+/data"],
            Clues = [Key("s", Number), Key("t"), Key("q", Number), AnyKey("ai1", "di1", "ai2", "di2", "do1")],
            Route = Json(
                new JsonMapping { Time = "t", Quality = "q", Exclude = ["s", "c"], Invalid = [ChannelOff] },
                "wise",
                new Tag("device", "{2}")),
            Advice = "9999.9999 is a channel that is switched off",
        },
        new("ifm IO-Link master event", MessageKind.Measurement)
        {
            Clues =
            [
                Key("code", Word("event")),
                Key("cid", Number),
                Key("data.srcurl", Text),
                Key("data.payload", MembersWith("data")),
            ],
            Route = Json(
                new JsonMapping
                {
                    Samples = "data.payload",
                    Value = "data",
                    Quality = "code",
                    Qualities = new Dictionary<string, byte> { ["200"] = Quality.Good, ["*"] = Quality.Bad },
                    Exclude = ["*/pdin"],
                },
                "iolink"),
            Advice = "pdin is process data in hexadecimal: the device's IODD says which bits are which value, declare "
                + "hex and binary for them",
        },
        new("AWS IoT SiteWise", MessageKind.Measurement)
        {
            Clues =
            [
                Key("propertyAlias", Text),
                Key("propertyValues.timestamp.timeInSeconds", Seconds),
                Key("propertyValues.value", Members),
            ],
            Route = Json(
                new JsonMapping
                {
                    Samples = "propertyValues[]",
                    Name = "propertyAlias",
                    Value = "value.*",
                    Time = "timestamp.timeInSeconds",
                    TimeRest = "timestamp.offsetInNanos",
                    Precision = TimePrecision.Seconds,
                    Quality = "quality",
                    KeepsText = true,
                },
                "sitewise"),
            Advice = "the parts of an alias can become tags: write json.names such as /{site}/{asset}/{field}",
        },
    ];
}
