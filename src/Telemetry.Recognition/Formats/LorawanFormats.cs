using Telemetry.Model;
using static Telemetry.Recognition.Clue;
using static Telemetry.Recognition.KnownFormat;
using static Telemetry.Recognition.ValueShape;

namespace Telemetry.Recognition;

/// <summary>Network servers of LoRaWAN and what their codecs give.</summary>
internal static class LorawanFormats
{
    private const string ChirpStack = "application/+/device/+/event/";
    private const string TheThings = "v3/+/devices/+/";
    private const string TheThingsTime = "uplink_message.received_at";

    private const string NoCodec =
        "without a codec the values are in the bytes alone: declare base64 and binary for them";

    private static readonly Clue[] OfChirpStack = [Key("deviceInfo", Members), Key("time", IsoTime)];

    private static readonly Clue[] ChirpStackNames =
        [Key("deviceInfo.devEui", Hex(16)), Key("deviceInfo.applicationId", Uuid)];

    private static readonly Tag[] DeviceName = [new("device", "deviceInfo.deviceName")];

    public static IReadOnlyList<KnownFormat> All { get; } =
    [
        new("ChirpStack v4 uplink", MessageKind.Measurement)
        {
            Topics = [ChirpStack + "up"],
            Hints = ChirpStackNames,
            Clues = [.. OfChirpStack, AnyKey("fPort", "fCnt", "data", "object", "rxInfo")],
            Lacks = ["level", "margin", "location"],
            Route = Json(
                [
                    new JsonMapping { Samples = "object", Time = "time", Tags = DeviceName },
                    new JsonMapping
                    {
                        Samples = "rxInfo[]",
                        Time = "time",
                        Tags = [.. DeviceName, new Tag("gateway", "gatewayId")],
                        Include = ["rssi", "snr"],
                    },
                ],
                "lorawan"),
            Advice = NoCodec,
        },
        new("ChirpStack v4 status", MessageKind.Measurement)
        {
            Topics = [ChirpStack + "status"],
            Hints = ChirpStackNames,
            Clues = [.. OfChirpStack, AnyKey("margin", "batteryLevel", "externalPowerSource")],
            Route = Json(new JsonMapping { Time = "time", Tags = DeviceName }, "lorawan"),
        },
        new("ChirpStack v4 join", MessageKind.Join)
        {
            Topics = [ChirpStack + "join"],
            Hints = ChirpStackNames,
            Clues = [.. OfChirpStack, Key("devAddr", Hex(8))],
            Lacks = ["fPort", "fCnt", "data", "object", "rxInfo", "level", "margin", "location", "acknowledged"],
        },
        new("ChirpStack v4 log", MessageKind.Log)
        {
            Topics = [ChirpStack + "log"],
            Hints = ChirpStackNames,
            Clues = [.. OfChirpStack, Key("level", Word("INFO", "WARNING", "ERROR")), Key("code", Text)],
        },
        new("ChirpStack v4 location", MessageKind.Measurement)
        {
            Topics = [ChirpStack + "location"],
            Hints = ChirpStackNames,
            Clues = [.. OfChirpStack, Key("location.latitude", Between(-90, 90))],
            Route = Json(new JsonMapping { Samples = "location", Time = "time", Tags = DeviceName }, "lorawan"),
        },
        new("ChirpStack v4 acknowledgement", MessageKind.Event)
        {
            Topics = [ChirpStack + "ack", ChirpStack + "txack"],
            Hints = ChirpStackNames,
            Clues = [.. OfChirpStack, AnyKey("acknowledged", "queueItemId", "downlinkId")],
            Lacks = ["data", "object", "rxInfo"],
        },
        new("ChirpStack v4 integration event", MessageKind.Event)
        {
            Topics = [ChirpStack + "integration"],
            Hints = ChirpStackNames,
            NeedsTopic = true,
            Clues = OfChirpStack,
        },
        new("The Things Stack v3 uplink", MessageKind.Measurement)
        {
            Topics = [TheThings + "up"],
            Clues =
            [
                Key("end_device_ids.device_id", Text),
                Key("uplink_message", Members),
                new Clue(["uplink_message.received_at", "received_at"], IsoTime),
            ],
            Route = Json(
                [
                    new JsonMapping { Samples = "uplink_message.decoded_payload", Time = TheThingsTime },
                    new JsonMapping
                    {
                        Samples = "uplink_message.rx_metadata[]",
                        Time = TheThingsTime,
                        Tags = [new Tag("gateway", "gateway_ids.gateway_id")],
                        Include = ["rssi", "snr"],
                        Defaults = new Dictionary<string, JsonConstant>
                        {
                            ["rssi"] = new(FieldType.Float, 0),
                            ["snr"] = new(FieldType.Float, 0),
                        },
                    },
                ],
                "lorawan",
                new Tag("device", "{4}")),
            Advice = "The Things Stack leaves out what is zero, false or empty: write json.defaults for such values",
        },
        new("The Things Stack v3 join", MessageKind.Join)
        {
            Topics = [TheThings + "join"],
            Clues = [Key("end_device_ids.device_id", Text), Key("join_accept", Members)],
        },
        new("The Things Stack v3 event", MessageKind.Event)
        {
            Topics = [TheThings + "down/+", TheThings + "service/data", TheThings + "location/solved"],
            Clues = [Key("end_device_ids.device_id", Text)],
            Lacks = ["uplink_message", "join_accept"],
        },
        new("Milesight gateway uplink", MessageKind.Measurement)
        {
            Clues =
            [
                Key("devEUI", Hex(16)),
                Key("applicationID", Number),
                AnyKey("rxInfo.loRaSNR", "fCnt", "fPort"),
            ],
            Route = Json(
                [
                    new JsonMapping { Samples = "object", Time = "time", Tags = [new Tag("device", "deviceName")] },
                    new JsonMapping
                    {
                        Samples = "rxInfo[]",
                        Time = "time",
                        Tags = [new Tag("device", "deviceName"), new Tag("gateway", "mac")],
                        Include = ["rssi", "loRaSNR"],
                        Rename = new Dictionary<string, string> { ["loRaSNR"] = "snr" },
                    },
                ],
                "lorawan"),
            Advice = NoCodec,
        },
        new("Milesight decoded object", MessageKind.Measurement)
        {
            Clues = [new Clue([""], MilesightVocabulary.Shape)],
            Route = Json(new JsonMapping { Words = MilesightVocabulary.Words }),
        },
    ];
}
