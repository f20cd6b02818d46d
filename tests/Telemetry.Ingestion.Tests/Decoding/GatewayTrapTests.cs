namespace Telemetry.Ingestion.Tests;

/// <summary>Where decoders of gateways' messages commonly go wrong, one test for each trap.</summary>
public sealed class GatewayTrapTests
{
    private const string Values = """
        - name: r
          topic: "#"
          decoder: json
          measurement: m
          field: "{2}"
          json: {samples: "v[]", name: n, value: v, time: t, quality: q}
        """;

    private const string Plain = """
        - {name: r, topic: "#", decoder: json, measurement: m, field: "{2}", json: {value: value, time: time}}
        """;

    [Fact]
    public async Task Trap_1_the_name_stands_in_the_topic_a_key_an_array_another_message_or_nowhere()
    {
        await Check(Plain, "a/level", """{"value":1}""", "out    m level=1 @arrival");
        await Check(
            Mapped("{names: \"{field}@{asset}\"}"), "a", """{"level@TK-1":1}""",
            "out    m,asset=TK-1 level=1 @arrival");
        await Check(Values, "a", """{"v":[{"n":"level","v":1}]}""", "out    m level=1 @arrival");
        await Check(
            Mapped("{samples: \"v[]\", name: n, value: v, rename: {\"7\": level}}"), "a",
            """{"v":[{"n":"7","v":1}]}""", "out    m level=1 @arrival");
        await Check(Values, "a", """{"v":[{"v":1}]}""", "fault  MissingName@6");
        await Check(
            "- {name: r, topic: \"#\", decoder: sparkplug}", "a", [0x12, 4, 0x10, 7, 0x70, 1],
            "fault  UnknownAlias@0");
    }

    [Theory]
    [InlineData("1768455902", "s")]
    [InlineData("1768455902000", "ms")]
    [InlineData("1768455902000000000", "ns")]
    [InlineData("\"1768455902\"", "s")]
    [InlineData("\"2026-01-15T05:45:02.0000000Z\"", "s")]
    [InlineData("\"2026-01-15T13:45:02.000000000+08:00\"", "s")]
    [InlineData("\"2026-01-15T13:45:02\"", "s")]
    public async Task Trap_2_a_time_has_many_forms(string time, string precision) =>
        await Check(
            Mapped($"{{time: time, precision: {precision}, zone: \"+08:00\"}}"), "a", $$"""{"time":{{time}},"v":1}""",
            "out    m v=1 @2026-01-15T05:45:02Z");

    [Fact]
    public async Task Trap_2_a_time_is_of_the_message_of_the_value_in_two_parts_or_not_there()
    {
        await Check(
            Mapped("{samples: \"v[]\", name: n, value: v, time: t}"), "a",
            """{"v":[{"n":"a","v":1},{"n":"b","v":2,"t":1768455903000}],"t":1768455902000}""",
            "out    m a=1 @2026-01-15T05:45:02Z", "out    m b=2 @2026-01-15T05:45:03Z");
        await Check(
            Mapped("{time: [t.s, t.n], precision: s, include: [v]}"), "a", """{"t":{"s":1768455902,"n":5},"v":1}""",
            "out    m v=1 @2026-01-15T05:45:02.000000005Z");
        await Check(
            Mapped("{time: [date, clock], zone: \"+08:00\"}"), "a",
            """{"date":"2026-01-15","clock":"13:45:02","v":1}""", "out    m v=1 @2026-01-15T05:45:02Z");
        await Check(Plain, "a/v", """{"value":1}""", "out    m v=1 @arrival");
        await Check(Plain, "a/v", """{"time":"2026-01-15T13:45:02","value":1}""", "fault  TimeWithoutZone@8");
    }

    [Fact]
    public async Task Trap_3_a_value_has_many_types()
    {
        await Check(Plain, "a/v", """{"value":1.5}""", "out    m v=1.5 @arrival");
        await Check(Plain, "a/v", """{"value":"1.5"}""", "out    m v=1.5 @arrival");
        await Check(Plain, "a/v", """{"value":true}""", "out    m v=true @arrival");
        await Check(Plain, "a/v", """{"value":null}""");
        await Check(
            Mapped("{name: n, value: value.*}"), "a", """{"n":"v","value":{"doubleValue":1.5}}""",
            "out    m v=1.5 @arrival");
        await Check(
            Mapped("{hex: d, binary: {bytes: 2, fields: {v: {at: 0, type: i16}}}}"), "a", """{"d":"FFFE"}""",
            "out    m v=-2 @arrival");
        await Check(
            Mapped("{base64: d, binary: {bytes: 2, fields: {v: {at: 0, type: i16}}}}"), "a", """{"d":"//4="}""",
            "out    m v=-2 @arrival");
        await Check(
            Mapped("{base64: d, binary: {bytes: 2, fields: {v: {at: 0, type: i16}}}}"), "a", """{"d":"/!4="}""",
            "fault  BytesNotReadable@5");
    }

    [Theory]
    [InlineData("", "192", "")]
    [InlineData("", "0", "(bad)")]
    [InlineData("", "64", "(uncertain)")]
    [InlineData("", "true", "")]
    [InlineData("", "false", "(bad)")]
    [InlineData("", "\"OK (0x0)\"", "")]
    [InlineData("", "2150694912", "(q24)")]
    [InlineData("qualities: opc-ua, ", "0", "")]
    [InlineData("qualities: opc-ua, ", "{\"Symbol\":\"BadNoCommunication\",\"Code\":2150694912}", "(q24)")]
    [InlineData("qualities: opc-ua, ", "{\"Symbol\":\"UncertainLastUsableValue\"}", "(q68)")]
    [InlineData("qualities: {\"2\": good, \"3\": good, \"1\": uncertain, \"0\": bad}, ", "3", "")]
    [InlineData("qualities: {\"2\": good, \"3\": good, \"1\": uncertain, \"0\": bad}, ", "0", "(bad)")]
    [InlineData("qualities: {\"200\": good, \"*\": bad}, ", "200", "")]
    [InlineData("qualities: {\"200\": good, \"*\": bad}, ", "530", "(bad)")]
    [InlineData("qualities: {\"200\": good}, ", "530", "(uncertain)")]
    public async Task Trap_4_quality_has_many_dialects(string qualities, string quality, string expected) =>
        await Check(
            Mapped($"{{{qualities}quality: q}}"), "a", $$"""{"v":1,"q":{{quality}}}""",
            $"out    m v=1{expected} @arrival");

    [Fact]
    public async Task Trap_4_what_has_no_quality_is_good_and_a_sentinel_or_an_error_is_no_value()
    {
        await Check(Mapped("{quality: q}"), "a", """{"v":1}""", "out    m v=1 @arrival");
        await Check(
            Mapped("{invalid: [9999.9999, -999]}"), "a", """{"v":9999.9999,"w":-999,"x":3}""",
            "out    m x=3 @arrival");
        await Check(
            Mapped("{samples: values}"), "a", """{"values":{"a":1},"errors":{"b":2014}}""", "out    m a=1 @arrival");
    }

    [Fact]
    public async Task Trap_5_what_is_left_out_because_it_is_zero_is_zero()
    {
        string routes = Mapped("{samples: \"rx[]\", defaults: {snr: 0, muted: false}}");
        await Check(routes, "a", """{"rx":[{"rssi":-90}]}""", "out    m rssi=-90 snr=0 muted=false @arrival");
        await Check(
            routes, "a", """{"rx":[{"rssi":-90,"snr":5,"muted":true}]}""",
            "out    m rssi=-90 snr=5 muted=true @arrival");
        await Check(routes, "a", """{"rx":[]}""");
    }

    [Theory]
    [InlineData("json")]
    [InlineData("auto")]
    [InlineData("senml")]
    [InlineData("csv")]
    [InlineData("sparkplug")]
    [InlineData("line-protocol")]
    [InlineData("cbor")]
    public async Task Trap_6_a_payload_of_no_bytes_is_no_measurement_and_no_fault(string decoder) =>
        await Check($"- {{name: r, topic: \"#\", decoder: {decoder}}}", "a", "");

    [Fact]
    public async Task Trap_7_one_message_is_of_many_devices_and_many_times()
    {
        await Check(
            Mapped("{samples: \"{device}[].values\", time: ts}"), "a",
            """
            {"A":[{"ts":1768455902000,"values":{"v":1}},{"ts":1768455903000,"values":{"v":2}}],
             "B":[{"values":{"v":3}}]}
            """,
            "out    m,device=A v=1 @2026-01-15T05:45:02Z",
            "out    m,device=A v=2 @2026-01-15T05:45:03Z",
            "out    m,device=B v=3 @arrival");
        await Check(
            Mapped("{samples: \"{name}[]\", time: \"[0]\", value: \"[1]\"}"), "a",
            """{"v":[[1768455902000,1],[1768455903000,"2"]],"w":[[1768455903000,null],[1768455904000,true]]}""",
            "out    m v=1 @2026-01-15T05:45:02Z",
            "out    m v=2 @2026-01-15T05:45:03Z",
            "out    m w=true @2026-01-15T05:45:04Z");
    }

    [Fact]
    public async Task Trap_8_of_equal_keys_the_last_one_counts()
    {
        await Check(Mapped("{quality: q}"), "a", """{"v":1,"v":2,"q":192,"q":0}""", "out    m v=2(bad) @arrival");
        await Check(Mapped("{quality: q}"), "a", """{"v":1,"v":null,"w":1}""", "out    m w=1 @arrival");
    }

    [Fact]
    public async Task Trap_9_events_joins_alarms_and_logs_in_the_same_tree_are_no_measurements()
    {
        string routes = Mapped("{samples: \"m[].p\", when: {kind: data, \"m.type\": [key, delta]}}");
        await Check(routes, "a", """{"kind":"data","m":[{"type":"key","p":{"v":1}}]}""", "out    m v=1 @arrival");
        await Check(routes, "a", """{"kind":"data","m":[{"type":"event","p":{"v":1}}]}""");
        await Check(routes, "a", """{"kind":"join","m":[{"type":"key","p":{"v":1}}]}""");
        await Check(routes, "a", """{"m":[{"type":"key","p":{"v":1}}]}""");
        await Check("- {name: r, topic: \"#\", decoder: ignore}", "a", """{"severity":3}""");
    }

    [Fact]
    public async Task Trap_11_what_is_no_JSON_fails_alone_and_says_where()
    {
        await Check(Plain, "a/v", """{"value":1,}""", "fault  UnexpectedCharacter@11");
        await Check(Plain, "a/v", """{"value":1} // x""", "fault  TextAfterValue@12");
        await Check(Plain, "a/v", """{"value":49,97}""", "fault  UnexpectedCharacter@12");
        await Check(Values, "a", """{"v":[{"n":"a","v":"1,5"},{"n":"b","v":2}]}""", "out    m b=2 @arrival");
    }

    [Fact]
    public async Task Trap_12_bytes_have_an_order_and_a_scale()
    {
        const string Meter = """
            {hex: d, binary: {bytes: 6, fields: {energy: {at: 0, type: u32, word_order: swapped, scale: 0.1},
            current: {at: 4, type: u16, scale: 0.001, ratio: 400/5}}}}
            """;
        await Check(Mapped(Meter), "a", """{"d":"0002000103E8"}""", "out    m energy=6553.8 current=80 @arrival");
    }

    [Fact]
    public async Task Trap_14_identifiers_have_spaces_and_letters_of_any_script()
    {
        await Check(
            Mapped("{tags: {device: d}}"), "a", """{"d":"Цех № 2, a=b","Температур °":-21.5}""",
            "out    m,device=Цех\\ №\\ 2\\,\\ a\\=b Температур °=-21.5 @arrival");
        await Check(
            "- {name: r, topic: \"+/+\", decoder: auto, measurement: m, tags: {node: \"{1}\"}, field: \"{2}\"}",
            "Sparkplug B Devices/овог", "7", "out    m,node=Sparkplug\\ B\\ Devices овог=7 @arrival");
    }

    private static string Mapped(string mapping) => $"""
        - name: r
          topic: "#"
          decoder: json
          measurement: m
          json: {mapping.Replace("\n", "\n    ", StringComparison.Ordinal)}
        """;

    private static Task Check(string routes, string topic, string payload, params string[] expected) =>
        Check(routes, topic, SmallMine.Bytes(payload), expected);

    private static async Task Check(string routes, string topic, byte[] payload, params string[] expected) =>
        Assert.Equal(
            string.Join('\n', expected),
            string.Join('\n', await GatewayDecoding.DecodeAsync(routes, topic, payload)));
}
