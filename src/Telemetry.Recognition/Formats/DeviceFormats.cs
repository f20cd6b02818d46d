using System.Text.RegularExpressions;
using Telemetry.Model;
using static Telemetry.Recognition.Clue;
using static Telemetry.Recognition.KnownFormat;
using static Telemetry.Recognition.ValueShape;

namespace Telemetry.Recognition;

/// <summary>Devices that speak MQTT themselves: power systems, plugs, routers, trackers, home-made boards.</summary>
internal static class DeviceFormats
{
    private const string Meshtastic = "msh/+/2/json/+/+";
    private const string LastUpdated = "last_updated";
    private const string OwnTracks = "owntracks/+/+";

    private static readonly RouteDefinition Places = Json(
        new JsonMapping
        {
            Time = "tst",
            Precision = TimePrecision.Seconds,
            Tags = [new Tag("device", "tid")],
            When = [new JsonCondition("_type", ["location"])],
            Exclude = ["created_at"],
        },
        "location");

    private static readonly RouteDefinition Mesh = Json(
        new JsonMapping
        {
            Samples = "payload",
            Time = "timestamp",
            Precision = TimePrecision.Seconds,
            Tags = [new Tag("node", "from")],
            When = [new JsonCondition("type", ["telemetry", "position"])],
            Exclude = ["time"],
        },
        "mesh");

    private static readonly Clue[] OfMeshtastic =
        [Key("from", Number), Key("sender", TextFrom("!")), Key("payload"), Key("timestamp", Seconds)];

    private static readonly ValueShape ObjectsOfRadios = new(
        "an object for each radio, such as ATC-52680f",
        node => node.Members.Any(member =>
            member.Value.Kind == NodeKind.Object && Regex.IsMatch(member.Key, "-[0-9a-f]{6}$")));

    private static readonly ValueShape OnlyObjects = new(
        "units as objects",
        node => node.Kind == NodeKind.Object && node.Members.All(member => member.Value.Kind == NodeKind.Object));

    public static IReadOnlyList<KnownFormat> All { get; } =
    [
        new("Victron Venus", MessageKind.Measurement)
        {
            Topics = ["N/+/+/+/#"],
            NeedsTopic = true,
            Clues = [Key("value")],
            Route = Json(
                new JsonMapping { Value = "value" },
                "victron",
                new Tag("portal", "{2}"),
                new Tag("service", "{3}"),
                new Tag("instance", "{4}"))
                with
            { Field = "{5+}" },
            Advice = "it is silent unless something publishes to R/‹portal›/keepalive every minute",
        },
        new("Tasmota sensors", MessageKind.Measurement)
        {
            Topics = ["tele/+/SENSOR"],
            Clues = [Key("Time", LocalTime), Key("*", Anything)],
            Lacks = ["UptimeSec", "Wifi"],
            Route = Json(new JsonMapping { Time = "Time" }, "tasmota", new Tag("device", "{2}")),
            Fit = WithZone,
        },
        new("Tasmota Bluetooth bridge", MessageKind.Measurement)
        {
            Topics = ["tele/+/SENSOR"],
            Clues = [Key("Time", LocalTime), new Clue([""], ObjectsOfRadios)],
            Route = Json(
                new JsonMapping { Samples = "{device}", Time = "Time", Exclude = ["TempUnit"] },
                "tasmota",
                new Tag("bridge", "{2}")),
            Fit = WithZone,
        },
        new("Tasmota state", MessageKind.Status)
        {
            Topics = ["tele/+/STATE"],
            Clues = [Key("Time", LocalTime), Key("Uptime", Text), AnyKey("UptimeSec", "Wifi", "Heap")],
        },
        new("Ruuvi Gateway", MessageKind.Measurement)
        {
            Topics = ["ruuvi/+/+"],
            Clues =
            [
                Key("gw_mac", Mac),
                Key("rssi", Between(-130, 20)),
                Key("data", HexBytes),
                Key("ts", SecondsInText),
            ],
            Route = Json(
                [
                    new JsonMapping { Time = "ts", Precision = TimePrecision.Seconds, Include = ["rssi"] },
                    RuuviAdvertisement.In("data", "ts"),
                ],
                "ruuvi",
                new Tag("device", "{3}")),
            Advice = "data is a Bluetooth advertisement in hexadecimal, read as Ruuvi's data format 5",
        },
        new("Teltonika Bluetooth data", MessageKind.Measurement)
        {
            Clues = [Key("TS", SecondsInText), Key("D", HexBytes), Key("MAC", Mac), Key("DT", Text)],
            Route = Json(
                RuuviAdvertisement.In("D", "TS") with
                {
                    Tags = [new Tag("device", "MAC")],
                    When = [new JsonCondition("DT", ["RuuviTag"])],
                },
                "teltonika"),
            Advice = "D is a Bluetooth advertisement in hexadecimal; only those of RuuviTags are read",
        },
        new("Teltonika Modbus data", MessageKind.Measurement)
        {
            Clues = [Key("TS", SecondsInText), Key("N", Text), Key("D", Text)],
            Lacks = ["MAC"],
            Route = Json(
                new JsonMapping
                {
                    Name = "N",
                    Value = "D",
                    Time = "TS",
                    Precision = TimePrecision.Seconds,
                    Tags = [new Tag("device", "SN")],
                },
                "teltonika"),
            Advice = "the router's own template says which keys there are",
        },
        new("OwnTracks location", MessageKind.Measurement)
        {
            Topics = [OwnTracks],
            Clues = [Key("_type", Word("location")), Key("lat", Between(-90, 90)), Key("lon", Between(-180, 180))],
            Route = Places,
        },
        new("OwnTracks event", MessageKind.Event)
        {
            Topics = [OwnTracks, OwnTracks + "/event", OwnTracks + "/waypoint", OwnTracks + "/info"],
            Clues = [Key("_type", Word("transition", "waypoint", "waypoints", "lwt", "card", "cmd", "status"))],
            Route = Places,
            Advice = SharedTopic,
        },
        new("Meshtastic telemetry", MessageKind.Measurement)
        {
            Topics = [Meshtastic],
            Clues = [.. OfMeshtastic, Key("type", Word("telemetry"))],
            Route = Mesh,
        },
        new("Meshtastic position", MessageKind.Measurement)
        {
            Topics = [Meshtastic],
            Clues = [.. OfMeshtastic, Key("type", Word("position"))],
            Route = Mesh,
        },
        new("Meshtastic node", MessageKind.Metadata)
        {
            Topics = [Meshtastic],
            Clues = [.. OfMeshtastic, Key("type", Word("nodeinfo"))],
            Route = Mesh,
            Advice = SharedTopic,
        },
        new("Meshtastic message", MessageKind.Event)
        {
            Topics = [Meshtastic],
            Clues = [.. OfMeshtastic, Key("type", Word("text", "sendtext", "neighborinfo", "traceroute", "detection"))],
            Route = Mesh,
            Advice = SharedTopic,
        },
        new("ESP32 database tree", MessageKind.Measurement)
        {
            Clues =
            [
                new Clue(["*.last_updated", "*.*.last_updated"], Milliseconds),
                new Clue([""], OnlyObjects),
            ],
            Route = Json(new JsonMapping(), "plant"),
            Fit = WithBranches,
        },
    ];

    private static Proposal WithZone(TopicSample sample, Proposal proposal)
    {
        int? zone = LocalTimeZone.Of(sample.Payloads
            .Where(payload => payload.Root?.Member("Time") is not null)
            .Select(payload => (payload.Root!.Member("Time")!.Text, payload.Arrival)));
        return proposal with
        {
            Route = proposal.Route with { Json = proposal.Route.Json! with { ZoneMinutes = zone } },
            Missing = zone is null ? "the zone of its local times: key json.zone, such as +08:00" : "",
            Evidence =
            [
                .. proposal.Evidence,
                zone is { } minutes
                    ? $"Time is local and names no zone; by the times of arrival it is {LocalTimeZone.Text(minutes)}"
                    : "Time is local and names no zone, and the times of arrival tell none",
            ],
        };
    }

    /// <summary>Each branch of the tree has its own time; a branch of branches has units below it.</summary>
    private static Proposal WithBranches(TopicSample sample, Proposal proposal)
    {
        var mappings = new List<JsonMapping>();
        var evidence = new List<string>(proposal.Evidence);
        PayloadNode root = sample.Payloads.First(payload => payload.Root is not null).Root!;
        foreach ((string key, PayloadNode branch) in root.Members)
        {
            if (branch.At("*.firmware").Any())
            {
                evidence.Add($"branch {key} is about the boards themselves and is left out");
                continue;
            }

            bool isUnit = branch.Members.Any(member => member.Value.Kind == NodeKind.Number);
            mappings.Add(isUnit ? OfUnit(key, branch) : OfUnits(key, branch));
        }

        return mappings.Count == 0 ? proposal : proposal with
        {
            Evidence = evidence,
            Route = proposal.Route with { Json = mappings[0] with { Others = mappings[1..] } },
        };
    }

    private static JsonMapping OfUnit(string key, PayloadNode branch) => new()
    {
        Include = [$"{key}_*"],
        Exclude = [$"{key}_{LastUpdated}"],
        Time = branch.Member(LastUpdated) is null ? "" : $"{key}.{LastUpdated}",
    };

    private static JsonMapping OfUnits(string key, PayloadNode branch) => new()
    {
        Samples = $"{key}.{{asset}}",
        Time = branch.At($"*.{LastUpdated}").Any() ? LastUpdated : "",
    };
}
