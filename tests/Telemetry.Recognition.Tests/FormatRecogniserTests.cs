using System.Text;
using Telemetry.Model;

namespace Telemetry.Recognition.Tests;

public sealed class FormatRecogniserTests
{
    private const string Uplink = """
        {"deduplicationId":"5e","time":"2026-01-15T05:45:02.775+00:00","deviceInfo":
        {"applicationId":"3f2504e0-4f89-11d3-9a0c-0305e82c3301","deviceName":"VW-07","devEui":"24e1640000000007"},
        "devAddr":"00189440","fPort":2,"data":"BNz7Lg==","object":{"level":3.5}}
        """;

    [Fact]
    public void A_known_format_is_named_with_what_gave_it_away()
    {
        Proposal proposal = Examine("application/1f0c/device/24e1640000000007/event/up", Uplink);

        Assert.Equal("ChirpStack v4 uplink", proposal.Format);
        Assert.Equal(MessageKind.Measurement, proposal.Kind);
        Assert.Equal("application/+/device/+/event/up", proposal.Route.Filter);
        Assert.Equal("chirpstack-v4-uplink", proposal.Route.Name);
        Assert.Contains("key deviceInfo.devEui with 16 hex digits: 24e1640000000007", proposal.Evidence);
        Assert.Contains(
            "topic application/1f0c/device/24e1640000000007/event/up is taken by application/+/device/+/event/up, "
            + "which the maker documents",
            proposal.Evidence);
        Assert.InRange(proposal.Confidence, 0.9, 0.99);
    }

    [Fact]
    public void Behind_a_bridge_the_levels_of_templates_count_from_where_the_makers_topic_begins()
    {
        Proposal proposal = Examine("north/te/device/child01///m/weather", """{"temperature":-25}""");

        Assert.Equal("thin-edge.io measurement", proposal.Format);
        Assert.Equal("north/te/+/+/+/+/m/+", proposal.Route.Filter);
        Assert.Equal("{8}", proposal.Route.Measurement);
        Assert.Equal([new Tag("device", "{4}")], proposal.Route.Tags);
    }

    [Fact]
    public void On_a_topic_of_the_users_own_levels_that_name_a_device_are_left_open()
    {
        Proposal proposal = Examine("mine/lora/24e1640000000007/VW-07", Uplink);

        Assert.Equal("ChirpStack v4 uplink", proposal.Format);
        Assert.Equal("mine/lora/+/+", proposal.Route.Filter);
        Assert.True(proposal.Confidence < Examine("application/a/device/b/event/up", Uplink).Confidence);
    }

    [Fact]
    public void Each_message_of_another_kind_makes_it_less_sure_and_is_told()
    {
        Proposal alone = Examine("tele/plug/SENSOR", """{"Time":"2026-01-15T13:45:02","ENERGY":{"Power":2635}}""");
        Proposal mixed = Examine(
            "tele/plug/SENSOR", """{"Time":"2026-01-15T13:45:02","ENERGY":{"Power":2635}}""", """{"other":1}""");

        Assert.Equal(alone.Confidence / 2, mixed.Confidence, 0.01);
        Assert.Contains("1 of 2 messages fit, the others are of another kind", mixed.Evidence);
    }

    [Theory]
    [InlineData("plant/gw1/alarm", """{"code":7,"value":93.5}""", MessageKind.Alarm)]
    [InlineData("plant/gw1/data", """{"severity":"high","value":93.5}""", MessageKind.Alarm)]
    [InlineData("plant/gw1/data", """{"event":"restart","uptime":12}""", MessageKind.Event)]
    [InlineData("plant/gw1/data", """{"level":"ERROR","message":"no link","line":12}""", MessageKind.Log)]
    [InlineData("plant/gw1/cmd", "12.5;13.5", MessageKind.Command)]
    [InlineData("te/device/main///a/hot", """{"text":"hot","severity":"major","value":3}""", MessageKind.Alarm)]
    [InlineData("app/1/device/2/event/join", """{"deviceInfo":{"name":"a"},"attempts":3}""", MessageKind.Join)]
    [InlineData("plant/gw1/data", """{"status":"online","since":"08:00"}""", MessageKind.Event)]
    public void What_speaks_of_an_event_is_not_proposed_as_a_measurement(string topic, string payload, MessageKind kind)
    {
        Proposal proposal = Examine(topic, payload);

        Assert.Equal(kind, proposal.Kind);
        Assert.Equal("ignore", proposal.Route.Decoder);
    }

    [Theory]
    [InlineData("""{"d":{"list":[{"tag":"a","val":1,"ts":1768455902},{"tag":"b","val":2,"ts":1768455902}]}}""",
        "d.list[]", "tag", "val", "ts", TimePrecision.Seconds)]
    [InlineData("""[{"sensor":"a","value":1,"time":"2026-01-15T05:45:02Z"}]""",
        "", "sensor", "value", "time", TimePrecision.Milliseconds)]
    [InlineData("""{"points":{"T1":{"v":1,"q":true},"T2":{"v":2,"q":true}},"timestamp":1768455902000000}""",
        "points", "", "v", "timestamp", TimePrecision.Microseconds)]
    [InlineData("""{"ts":1768455902000,"motor":{"current":182.4}}""", "", "", "", "ts", TimePrecision.Milliseconds)]
    public void Unknown_JSON_is_described_by_its_structure(
        string payload, string samples, string name, string value, string time, TimePrecision precision)
    {
        Proposal proposal = Examine("plant/gw-07/data", payload);

        JsonMapping json = proposal.Route.Json!;
        Assert.Equal("plant/+/data", proposal.Route.Filter);
        Assert.Equal(
            (samples, name, value, time, precision), (json.Samples, json.Name, json.Value, json.Time, json.Precision));
        Assert.InRange(proposal.Confidence, 0.1, 0.5);
    }

    [Fact]
    public void A_value_alone_is_named_by_the_last_level_of_its_topic()
    {
        RouteDefinition route = Examine("plant/crusher/load", """{"value":182.25}""").Route;

        Assert.Equal(("plant/crusher/+", "{1}", "{3}"), (route.Filter, route.Measurement, route.Field));
        Assert.Equal([new Tag("level2", "{2}")], route.Tags);
    }

    [Fact]
    public void The_zone_of_a_local_time_is_told_by_the_times_of_arrival()
    {
        const long Second = 1_000_000_000;
        long arrival = 1_768_455_904 * Second; // 05:45:04
        string line = "GW01,2026-01-15 13:45:02,-23.5,182.1,OK";

        Proposal near = ExamineAt("site/gw01/data", line, arrival);
        Proposal late = ExamineAt("site/gw01/data", line, arrival + (900 * Second));

        Assert.Equal(8 * 60, near.Route.Csv!.ZoneMinutes);
        Assert.Equal(["device", "time", "value_2", "value_3", "quality"], near.Route.Csv.Columns);
        Assert.Equal("", late.Route.Csv!.Time);
        Assert.Null(late.Route.Csv.ZoneMinutes);
    }

    [Fact]
    public void Bytes_of_no_known_format_want_a_layout_before_they_can_be_confirmed()
    {
        var payloads = Enumerable.Range(0, 3).Select(i => new ReceivedPayload(new byte[] { 0, 1, 0xFF, (byte)i }));

        Proposal proposal = FormatRecogniser.Examine("plant/raw", [.. payloads])!;

        Assert.Equal("binary", proposal.Route.Decoder);
        Assert.StartsWith("a layout: ", proposal.Missing, StringComparison.Ordinal);
        Assert.Contains("all 3 payloads have 4 bytes: a fixed layout", proposal.Evidence);
    }

    [Fact]
    public void Nothing_is_proposed_of_empty_and_of_too_long_messages()
    {
        Assert.Null(FormatRecogniser.Examine("a", new ReceivedPayload(default)));
        Assert.Null(FormatRecogniser.Examine(
            "a", new ReceivedPayload(new byte[RecognitionLimits.PayloadBytesMax + 1])));
    }

    [Fact]
    public void Nothing_that_comes_makes_it_throw()
    {
        var random = new Random(7);
        byte[][] seeds =
        [
            Encoding.UTF8.GetBytes(Uplink),
            "[{\"bn\":\"a/\",\"n\":\"t\",\"v\":1},{\"k\":\"\\ud800\"}]"u8.ToArray(),
            "GW01;2026-01-15 13:45:02;1,5;OK"u8.ToArray(),
            Encoding.UTF8.GetBytes(new string('[', 200)),
        ];
        foreach (int i in Enumerable.Range(0, 4_000))
        {
            byte[] payload = [.. seeds[i % seeds.Length]];
            for (int changes = random.Next(8); changes > 0; changes--)
            {
                payload[random.Next(payload.Length)] = (byte)random.Next(256);
            }

            string topic = i % 2 == 0 ? "application/1/device/2/event/up" : "a//b/+/#";
            Proposal? proposal = FormatRecogniser.Examine(
                topic, new ReceivedPayload(payload.AsMemory(0, random.Next(payload.Length + 1))));
            Assert.InRange(proposal?.Confidence ?? 0, 0, 0.99);
        }
    }

    private static Proposal Examine(string topic, params string[] payloads) => FormatRecogniser.Examine(
        topic, [.. payloads.Select(payload => new ReceivedPayload(Encoding.UTF8.GetBytes(payload)))])!;

    private static Proposal ExamineAt(string topic, string payload, long arrival) =>
        FormatRecogniser.Examine(topic, new ReceivedPayload(Encoding.UTF8.GetBytes(payload), arrival))!;
}
