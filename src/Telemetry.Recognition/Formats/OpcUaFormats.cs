using Telemetry.Model;
using static Telemetry.Recognition.Clue;
using static Telemetry.Recognition.KnownFormat;
using static Telemetry.Recognition.ValueShape;

namespace Telemetry.Recognition;

/// <summary>OPC UA PubSub in JSON (OPC 10000-14 §7.2.5), and OPC Publisher before it.</summary>
internal static class OpcUaFormats
{
    private static readonly JsonMapping DataSets = new()
    {
        Samples = "Messages[].Payload",
        Value = "Value",
        Time = "SourceTimestamp",
        Quality = "StatusCode",
        HasStatusCodes = true,
        Tags = [new Tag("writer", "DataSetWriterName")],
        When = [new JsonCondition("MessageType", ["ua-deltaframe", "ua-keyframe", "ua-data"])],
    };

    private static readonly Clue[] NetworkMessage = [Key("MessageType", Word("ua-data")), Key("Messages", List)];

    public static IReadOnlyList<KnownFormat> All { get; } =
    [
        new("OPC UA PubSub data", MessageKind.Measurement)
        {
            Clues =
            [
                .. NetworkMessage,
                Key("Messages.Payload", MembersWith("Value", "StatusCode", "SourceTimestamp")),
            ],
            Lacks = ["Messages.Payload.EventId", "Messages.Payload.EventType"],
            Route = Json(DataSets, "opcua"),
        },
        new("OPC UA PubSub event", MessageKind.Event)
        {
            Clues = [.. NetworkMessage, Key("Messages.Payload.EventId", Text)],
            Route = Json(DataSets, "opcua"),
            Advice = SharedTopic,
        },
        new("OPC UA PubSub metadata", MessageKind.Metadata)
        {
            Clues = [Key("MessageType", Word("ua-metadata", "ua-application", "ua-connection", "ua-status"))],
        },
        new("OPC Publisher samples", MessageKind.Measurement)
        {
            Topics = ["devices/+/messages/events"],
            Clues =
            [
                Key("NodeId", Text),
                AnyKey("Value.Value", "Value.StatusCode"),
                AnyKey("EndpointUrl", "ApplicationUri", "DisplayName", "Value.SourceTimestamp"),
            ],
            Route = Json(
                new JsonMapping
                {
                    Name = "DisplayName",
                    Value = "Value.Value",
                    Time = "Value.SourceTimestamp",
                    Quality = "Value.StatusCode",
                    HasStatusCodes = true,
                },
                "opcua"),
        },
    ];
}
