using System.Text.RegularExpressions;
using Telemetry.Recognition;
using Telemetry.Site;

namespace Telemetry.Ingestion.Tests;

/// <summary>
/// The messages of <c>tests/vectors/gateways</c>: each is recognised by topic and payload alone, and the proposed route
/// reads it as the route does that a person wrote. Names of series are a matter of taste and not compared.
/// </summary>
public sealed class RecognisedVectorTests
{
    private const long Arrival = 1_768_455_905_000_000_000; // just behind the messages' own times

    /// <summary>Topic (the file's name before it where topics repeat) → format; the last one that fits.</summary>
    private static readonly (string Place, string Topic, string Format)[] Formats =
    [
        ("advantech", "", "Advantech WISE"),
        ("alarm-webhook", "", "Alertmanager webhook"),
        ("chirpstack", "/event/up", "ChirpStack v4 uplink"),
        ("chirpstack", "/event/status", "ChirpStack v4 status"),
        ("chirpstack", "/event/location", "ChirpStack v4 location"),
        ("chirpstack", "/event/join", "ChirpStack v4 join"),
        ("chirpstack", "/event/log", "ChirpStack v4 log"),
        ("home-made", "site/gw01/data", "CSV lines"),
        ("home-made", "plant/tree", "ESP32 database tree"),
        ("ifm", "", "ifm IO-Link master event"),
        ("kepware", "iotgateway", "Kepware IoT Gateway"),
        ("kepware", "kepserver", "Kepware custom template"),
        ("meshtastic.txt:9", "", "Meshtastic node"),
        ("meshtastic", "", "Meshtastic telemetry"),
        ("milesight", "milesight/gateway", "Milesight gateway uplink"),
        ("milesight", "", "Milesight decoded object"),
        ("moxa", "", "Moxa ThingsPro tags"),
        ("neuron", "values", "EMQX Neuron values"),
        ("neuron", "tags", "EMQX Neuron"),
        ("neuron", "Telemetry", "Neuron 1 telemetry"),
        ("one-value", "edge/mill_load", "JSON value named by topic"),
        ("one-value", "edge/", "HiveMQ Edge"),
        ("one-value", "umh/", "United Manufacturing Hub time series"),
        ("one-value", "/sensor/", "lone value"),
        ("opc-ua", "opcua/samples", "OPC Publisher samples"),
        ("opc-ua", "opcua/data", "OPC UA PubSub"),
        ("owntracks", "", "OwnTracks"),
        ("ruuvi", "", "Ruuvi Gateway"),
        ("senml", "", "SenML"),
        ("siemens", "ie/d/", "Siemens Industrial Edge values"),
        ("siemens", "ie/s/", "Siemens Industrial Edge status"),
        ("siemens", "ie/m/", "Siemens Industrial Edge metadata"),
        ("sitewise", "", "AWS IoT SiteWise"),
        ("sparkplug-json", "sparkplug/json", "Sparkplug B as JSON"),
        ("sparkplug-json", "sparkplug/injector", "Sparkplug B as JSON of Cirrus Link"),
        ("sparkplug", "", "Sparkplug B"),
        ("tasmota", "tele/bridge", "Tasmota Bluetooth bridge"),
        ("tasmota", "", "Tasmota sensors"),
        ("telegraf", "telegraf/json", "Telegraf JSON"),
        ("telegraf", "telegraf/influx", "InfluxDB line protocol"),
        ("teltonika", "modbus", "Teltonika Modbus data"),
        ("teltonika", "ble", "Teltonika Bluetooth data"),
        ("thin-edge", "/m/", "thin-edge.io measurement"),
        ("thin-edge", "/a/", "thin-edge.io alarm"),
        ("things-stack", "", "The Things Stack v3 uplink"),
        ("thingsboard", "gateway", "ThingsBoard gateway telemetry"),
        ("thingsboard", "", "ThingsBoard telemetry"),
        ("victron", "", "Victron Venus"),
    ];

    /// <summary>What no message tells, and the hand-written route therefore has before the proposed one.</summary>
    private static readonly (string Place, Difference Difference)[] Differences =
    [
        ("chirpstack", Difference.BytesNeedALayout),
        ("milesight", Difference.BytesNeedALayout),
        ("ifm", Difference.BytesNeedALayout),
        ("things-stack", Difference.BytesNeedALayout),
        ("ruuvi", Difference.ReadsMore), // all fields of the maker's format
        ("teltonika", Difference.ReadsMore),
        ("home-made", Difference.NamesAreThePersons), // a line of cells has none
        ("siemens", Difference.NamesAreThePersons), // they stand in another message
        ("sitewise", Difference.NamesAreThePersons), // which parts of the alias are tags
    ];

    private enum Difference
    {
        None,
        BytesNeedALayout,
        NamesAreThePersons,
        ReadsMore,
    }

    public static TheoryData<GatewayCase> Cases =>
        [.. GatewayCase.ReadAll().Where(message => message.Payload.Length > 0)];

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task It_is_recognised_by_name_and_reads_as_by_the_route_a_person_wrote(GatewayCase message)
    {
        Proposal proposal = Examine(message);

        Assert.StartsWith(FormatOf(message), proposal.Format, StringComparison.Ordinal);
        Assert.Equal("", proposal.Missing);
        List<string> found = await GatewayDecoding.DecodeAsync(RoutesOf(proposal), message.Topic, message.Payload);
        if (proposal.Kind != MessageKind.Measurement)
        {
            Assert.Empty(found);
        }

        Difference difference = Differences
            .FirstOrDefault(each => message.Place.StartsWith(each.Place, StringComparison.Ordinal)).Difference;
        List<string> byHand = await GatewayDecoding.DecodeAsync(message.Routes, message.Topic, message.Payload);
        switch (difference)
        {
            case Difference.BytesNeedALayout:
                found.RemoveAll(line => line.StartsWith("fault  PathFoundNothing", StringComparison.Ordinal));
                Assert.Subset(Points(byHand, named: true), Points(found, named: true));
                break;
            case Difference.ReadsMore:
                Assert.Superset(Points(byHand, named: true), Points(found, named: true));
                break;
            default:
                bool isNamed = difference == Difference.None;
                Assert.Equal(Points(byHand, isNamed), Points(found, isNamed));
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void It_is_taken_for_one_format_only(GatewayCase message)
    {
        double[] scores =
        [
            .. FormatRecogniser.Scores(message.Topic, new ReceivedPayload(message.Payload, Arrival))
                .Select(match => match.Score),
        ];

        Assert.True(scores.Length < 2 || scores[0] > scores[1], string.Join(", ", scores));
    }

    [Fact]
    public void Each_format_that_is_expected_is_known_or_told_by_structure()
    {
        string[] known = [.. FormatRecogniser.Formats, "CSV lines", "JSON value named by topic"];

        Assert.All(Formats, row =>
            Assert.Contains(known, format => format.StartsWith(row.Format, StringComparison.Ordinal)));
    }

    private static Proposal Examine(GatewayCase message) =>
        FormatRecogniser.Examine(message.Topic, new ReceivedPayload(message.Payload, Arrival))!;

    private static string FormatOf(GatewayCase message) => Formats.First(row =>
        message.Place.StartsWith(row.Place, StringComparison.Ordinal)
        && message.Topic.Contains(row.Topic, StringComparison.Ordinal)).Format;

    /// <summary>The items of the section, as a confirmation would write them.</summary>
    private static string RoutesOf(Proposal proposal)
    {
        string yaml = RouteYaml.Render(proposal.Route);
        return yaml[(yaml.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>Field, value, quality and time of each sample.</summary>
    private static SortedSet<string> Points(IEnumerable<string> lines, bool named)
    {
        var points = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            Match match = Regex.Match(line, @"^out    (?:\\.|[^ ])+ (.*) @([^ ]+)$");
            if (!match.Success)
            {
                points.Add(line);
            }

            foreach (Match field in Regex.Matches(match.Groups[1].Value, @"(.+?)=(""[^""]*""\S*|\S+)(?: |$)"))
            {
                string name = named ? field.Groups[1].Value : "";
                points.Add($"{name}={field.Groups[2].Value} @{match.Groups[2].Value}");
            }
        }

        return points;
    }
}
