namespace Telemetry.Site.Tests;

/// <summary>Each case is a small site file and the faults it must give, as "line:column: path: message".</summary>
public sealed class SiteFaultTests
{
    [Fact]
    public void A_file_that_is_not_yaml_says_where_it_breaks()
    {
        Check("site: pilot\nassets: [", "cannot read YAML");
        Check("", "1:1: cannot read the site: the file is empty");
        Check("site: pilot\n---\nsite: other\n", "2:1: cannot read a second document");
        Check("- a\n- b\n", "1:1: expected a mapping, found a list", "cannot do without key \"site\"");
    }

    [Fact]
    public void Anchors_and_aliases_are_refused_so_that_a_short_file_stays_short()
    {
        Check(
            "site: &a pilot\nassets: *a\n",
            "1:7: cannot use anchor \"&a\"",
            "2:9: cannot use alias \"*a\"");
    }

    [Fact]
    public void Endless_nesting_ends_in_a_fault()
    {
        Check("site: " + new string('[', 100_000), "cannot read YAML: nested deeper than 16 levels");
    }

    [Fact]
    public void An_unknown_key_suggests_the_one_that_was_meant()
    {
        Check("site: pilot\nasets: []\n", "2:1: cannot use key \"asets\": unknown; did you mean \"assets\"");
        Check(
            "site: pilot\nzzz: 1\n",
            "2:1: cannot use key \"zzz\": unknown; write one of site, gateways, equipment, assets, routes");
    }

    [Theory]
    [InlineData("zone: Asia/Ulan", "clock.zone: cannot use zone \"Asia/Ulan\": this machine knows none of that name")]
    [InlineData("zone: \"08:00\"", "or hours and minutes from UTC, such as +08:00")]
    [InlineData("zone: \"+25:00\"", "cannot use zone \"+25:00\"")]
    [InlineData("policy: server", "cannot use policy \"server\": unknown; write one of own, arrival, relative")]
    [InlineData("delay: -1", "clock.delay: cannot use -1: out of bounds")]
    [InlineData("correct: sometimes", "clock.correct: expected true or false, found \"sometimes\"")]
    [InlineData("skew: 1", "cannot use key \"skew\": unknown; write one of policy, correct, delay, zone")]
    public void What_a_clock_cannot_be_is_said(string clock, string fault)
    {
        Check($"site: pilot\nclock: {{{clock}}}\n", fault);
        Check($"site: pilot\ngateways:\n  - {{id: a, clock: {{{clock}}}}}\n", fault);
    }

    [Fact]
    public void A_repeated_key_names_the_line_that_has_it()
    {
        Check("site: pilot\nsite: other\n", "2:1: cannot use key \"site\" twice: line 1 has it");
        Check(
            Signal("a: {unit: m, range: [0, 1]}\n      a: {unit: m, range: [0, 1]}"),
            "6:7: equipment.T.signals: cannot use key \"a\" twice: line 5 has it");
    }

    [Fact]
    public void A_missing_key_is_named_with_an_example()
    {
        Check("routes: []\n", "1:1: cannot do without key \"site\"; write \"site: pilot\"");
        Check(Signal("a: {range: [0, 1]}"), "5:10: equipment.T.signals.a: cannot do without key \"unit\"");
        Check(Signal("a: {unit: m}"), "5:10: equipment.T.signals.a: cannot do without key \"range\"");
        Check("site: p\nassets:\n  - {area: x}\n", "3:5: assets[0]: cannot do without key \"id\"", "key \"type\"");
    }

    [Theory]
    [InlineData("{unit: m, range: [0, 1], normal: high}", "5:43: equipment.T.signals.a.normal: expected a number")]
    [InlineData("{unit: m, range: [0, 1], normal: \"0,5\"}", "write the decimal point as \".\"")]
    [InlineData("{unit: m, range: [0, 1], normal: [1]}", "expected a number, found a list")]
    [InlineData("{unit: m, range: [0, 1], normal: nan}", "expected a number, found \"nan\"")]
    [InlineData("{unit: m, range: [0, 1], normal: 2}", "cannot use 2: out of bounds; write a number of 0 to 1")]
    [InlineData("{unit: m, range: [0, 1], noise: -1}", "cannot use -1: out of bounds; write a number of at least 0")]
    [InlineData("{unit: m, range: [0, 1], period: 1e9}", "write a number of 0 to 31622400")]
    [InlineData("{unit: m, range: [0]}", "expected two numbers, found 1; write \"range: [0, 100]\"")]
    [InlineData("{unit: m, range: 5}", "expected a list, found \"5\"")]
    [InlineData("{unit: m, range: [5, 5]}", "cannot use range: 5 is not below 5")]
    [InlineData("{unit: [m], range: [0, 1]}", "expected text, found a list")]
    public void A_signal_with_a_wrong_value_says_what_to_write(string signal, string fault) =>
        Check(Signal($"a: {signal}"), fault);

    [Theory]
    [InlineData("{l: 5, ll: 6}", "equipment.T.signals.a.limits: cannot use limits: l is 5 and ll is 6; write them asc")]
    [InlineData("{l: 5, h: 5}", "cannot use limits: h is 5 and l is 5")]
    [InlineData("{ll: 1, h: 4, hh: 3}", "cannot use limits: hh is 3 and h is 4")]
    [InlineData("{h: 11}", "cannot use limit 11: the range is 0 to 10")]
    [InlineData("{high: 4}", "cannot use key \"high\": unknown; write one of ll, l, h, hh")]
    [InlineData("{h: discharge+35}", "expected a number, found \"discharge+35\"")]
    public void Limits_ascend_and_lie_in_the_range(string limits, string fault) =>
        Check(Signal($"a: {{unit: m, range: [0, 10], limits: {limits}}}"), fault);

    [Fact]
    public void An_asset_names_a_type_and_a_gateway_that_exist()
    {
        const string Head = "site: p\ngateways:\n  - {id: GW-MILL}\nequipment: {CR1: {signals: {}}}\nassets:\n";
        Check(
            Head + "  - {id: A, type: CR2}\n",
            "6:19: assets[0].type: cannot use type \"CR2\": the section equipment does not have it; "
            + "did you mean \"CR1\"");
        Check(
            Head + "  - {id: A, type: CR1, gateway: GW-MIL}\n",
            "6:33: assets[0].gateway: cannot use gateway \"GW-MIL\": the section gateways does not have it; "
            + "did you mean \"GW-MILL\"");
        Check(
            Head + "  - {id: A, type: CR1}\n  - {id: A, type: CR1}\n",
            "7:10: assets[1].id: cannot use id \"A\" twice: line 6 has it");
        Check(Head + "  - {id: GW-MILL, type: CR1}\n", "cannot use id \"GW-MILL\" twice: line 3 has it");
        Check(Head + "  - {id: \"A/1\", type: CR1}\n", "6:10: assets[0].id: cannot use name \"A/1\": it has '/'");
        Check(Head + "  - {id: A, type: CR1, enabled: yes}\n", "expected true or false, found \"yes\"");
    }

    [Fact]
    public void An_override_names_a_signal_of_the_type()
    {
        const string Asset = "assets:\n  - {id: A, type: T, limits: {";
        string head = Signal("css: {unit: mm, range: [0, 10], limits: {h: 8}}");
        Check(
            head + Asset + "cs: {h: 1}}}\n",
            "7:31: assets[0].limits.cs: cannot use signal \"cs\": type T has none such; did you mean \"css\"");
        Check(head + Asset + "css: {l: 9}}}\n", "assets[0].limits.css: cannot use limits: h is 8 and l is 9");
    }

    [Theory]
    [InlineData("topic: a/#/b, decoder: json", "\"#\" must be the whole last level")]
    [InlineData("topic: a/b+, decoder: json", "\"+\" must be a whole level, found \"b+\"")]
    [InlineData("topic: a, decoder: jsn", "cannot use decoder \"jsn\": unknown; did you mean \"json\"")]
    [InlineData("topic: a, decoder: json, precision: sec", "\"sec\": unknown; write one of ns, us, ms, s, m, h")]
    [InlineData("topic: a/+, decoder: json, tags: {x: \"{3}\"}", "{3} is beyond the 2 levels of the filter")]
    [InlineData("topic: a/+, decoder: json, tags: {x: \"{levl}\"}", "{levl} is unknown; write {1}")]
    [InlineData("topic: a/+, decoder: json, gateway_key: \"{1\"", "brace at character 1 has no partner")]
    [InlineData("topic: a, decoder: line-protocol, json: {time: t}", "cannot use key \"json\" with decoder line")]
    [InlineData("topic: a, decoder: senml, json: {time: t}", "cannot use key \"json\" with decoder senml")]
    [InlineData("topic: a, decoder: json, json: {time: a..b}", "cannot use path \"a..b\": it has an empty key")]
    [InlineData("topic: a, decoder: json, json: {precision: 1}", "routes[0].json.precision: cannot use")]
    [InlineData("topic: a, decoder: json, binding: \"{tag}\"", "cannot use binding \"{tag}\"")]
    [InlineData("topic: a, decoder: json, bindings: {t1: A.b}", "cannot bind to \"A.b\": no enabled asset")]
    public void A_route_with_a_wrong_value_says_what_to_write(string route, string fault) =>
        Check($"site: p\nroutes:\n  - {{name: r, {route}}}\n", fault);

    [Theory]
    [InlineData("json", "bytes: 2", "routes[0].binary: cannot use key \"binary\" with decoder json")]
    [InlineData("binary", "fields: {a: {at: 0, type: u8}}", "cannot do without key \"bytes\"")]
    [InlineData("binary", "bytes: 2", "routes[0].binary.fields: cannot decode without fields")]
    [InlineData("binary", "bytes: 2, fields: {a: {at: 1, type: u16}}", "cannot read 2 bytes at 1 of a record of 2")]
    [InlineData("binary", "bytes: 2, fields: {a: {at: 0, type: u17}}", "cannot use type \"u17\": unknown; did")]
    [InlineData("binary", "bytes: 2, fields: {a: {type: u16}}", "fields.a: cannot do without key \"at\"")]
    [InlineData("binary", "bytes: 2, fields: {a: {at: 0, type: u8, bit: 8}}", "cannot take bit 8 of u8")]
    [InlineData("binary", "bytes: 4, fields: {a: {at: 0, type: f32, bit: 0}}", "cannot take bit 0 of f32")]
    [InlineData("binary", "bytes: 2, fields: {a: {at: 0, type: u8, ratio: 5/0}}", "cannot use ratio \"5/0\"")]
    [InlineData("binary", "bytes: 2, checksum: crc, fields: {a: {at: 0, type: u8}}", "cannot use checksum \"crc\"")]
    [InlineData("binary", "bytes: 2, checksum: crc32, fields: {a: {at: 0, type: u8}}", "record of 2 has no room")]
    [InlineData("binary", "bytes: 2, byte_order: net, fields: {a: {at: 0, type: u8}}", "write one of big, little")]
    public void A_binary_layout_that_does_not_fit_says_what_to_write(string decoder, string layout, string fault) =>
        Check($"site: p\nroutes:\n  - {{name: r, topic: a, decoder: {decoder}, binary: {{{layout}}}}}\n", fault);

    [Theory]
    [InlineData("json", "columns: [a]", "routes[0].csv: cannot use key \"csv\" with decoder json")]
    [InlineData("csv", "columns: [a, b, a]", "cannot name two columns \"a\"")]
    [InlineData("csv", "columns: [a, time], time: tme", "csv.time: cannot find column \"tme\"; did you mean \"time\"")]
    [InlineData("csv", "columns: [a], tags: [b]", "csv.tags: cannot find column \"b\"")]
    [InlineData("csv", "columns: [a], delimiter: \";\"", "write one of comma, semicolon, tab, pipe, space")]
    [InlineData("csv", "columns: [a], decimal: comma", "cannot tell a decimal comma from a delimiter")]
    [InlineData("csv", "columns: [a], decimal: dot", "cannot use decimal \"dot\": unknown; write point or comma")]
    [InlineData("csv", "columns: [a], zone: Asia/Ulaanbaatar", "such as +08:00")]
    public void A_CSV_mapping_that_does_not_fit_says_what_to_write(string decoder, string mapping, string fault) =>
        Check($"site: p\nroutes:\n  - {{name: r, topic: a, decoder: {decoder}, csv: {{{mapping}}}}}\n", fault);

    [Fact]
    public void Binary_needs_its_layout() => Check(
        "site: p\nroutes:\n  - {name: r, topic: a, decoder: binary}\n",
        "routes[0].decoder: cannot decode binary without a layout");

    [Fact]
    public void Routes_have_names_of_their_own_and_can_all_be_reached()
    {
        Check(
            "site: p\nroutes:\n  - {name: r, topic: \"#\", decoder: auto}\n  - {name: r, topic: a, decoder: auto}\n",
            "4:12: routes[1].name: cannot use name \"r\" twice",
            "4:22: routes[1].topic: cannot be reached: route \"r\" before it takes every topic");
    }

    [Theory]
    [InlineData("topics: [a/+/raw]", "4:5: lanes[1]: cannot do without key \"when_full\"; write \"when_full: drop")]
    [InlineData("topics: [a], when_full: drop", "4:42: lanes[1].when_full: cannot use policy \"drop\": unknown; ")]
    [InlineData("topics: [a/#/b], when_full: refuse", "4:27: lanes[1].topics[0]: cannot use \"a/#/b\": \"#\" mu")]
    [InlineData("topics: a, when_full: refuse", "lanes[1].topics: expected a list, found \"a\"")]
    [InlineData("gateways: [\"\"], when_full: refuse", "lanes[1].gateways[0]: cannot use \"\": it is empty; wr")]
    [InlineData("gateways: [[a]], when_full: refuse", "lanes[1].gateways[0]: expected text, found a list")]
    [InlineData("when_full: refuse", "4:5: lanes[1]: cannot do without topics or gateways; write \"topics: [")]
    [InlineData("topics: [a], when_full: thin", "4:5: lanes[1]: cannot do without key \"thin_interval\"; write")]
    [InlineData("topics: [a], when_full: thin, thin_interval: 0", "thin_interval: cannot use 0: out of bounds; wri")]
    [InlineData("topics: [a], when_full: refuse, thin_interval: 1", "cannot use key \"thin_interval\" without")]
    [InlineData("topics: [a], topic: [a], when_full: refuse", "cannot use key \"topic\": unknown; did you mean \"topi")]
    public void A_lane_that_does_not_fit_says_what_to_write(string lane, string fault) => Check(
        "site: p\nlanes:\n  - {name: a, topics: [b], when_full: refuse}\n" + $"  - {{name: lane, {lane}}}\n", fault);

    [Fact]
    public void Lanes_have_names_of_their_own_and_there_are_not_too_many_of_them()
    {
        const string Lane = "  - {name: a, topics: [b], when_full: refuse}\n";
        Check("site: p\nlanes:\n" + Lane + Lane, "4:12: lanes[1].name: cannot use name \"a\" twice: line 3 has it");
        Check(
            "site: p\nlanes:\n" + string.Concat(Enumerable.Range(0, 33).Select(i => Lane.Replace(": a", $": a{i}"))),
            "3:3: lanes: expected at most 32 lanes, found 33");
        string many = string.Join(", ", Enumerable.Repeat("b", 257));
        Check(
            $"site: p\nlanes:\n  - {{name: a, topics: [{many}], when_full: refuse}}\n",
            "lanes[0].topics: expected at most 256 topics, found 257");
    }

    [Fact]
    public void All_faults_are_found_in_one_pass_and_told_in_file_order()
    {
        const string Yaml = """
            site: "pi lot"
            colour: red
            gateways:
              - {id: GW-1, format: xml}
            equipment:
              CR1:
                signals:
                  css: {unit: mm, range: [0, 1O], limits: {h: 5}}
            assets:
              - {id: CR-201, type: CR3}
            routes:
              - {name: r, topic: a, decoder: xml}
            """;

        SiteLoad load = SiteFile.Load(Yaml, "site.yaml");

        Assert.Null(load.Catalogue);
        Assert.Equal([1, 2, 4, 8, 10, 12], load.Faults.Select(fault => fault.Line));
        Assert.Equal(
            "site.yaml:12:34: routes[0].decoder: cannot use decoder \"xml\": unknown; "
            + "write one of line-protocol, json, cbor, senml, sparkplug, frame, csv, binary, auto, "
            + "ignore",
            load.Faults[^1].ToString());
    }

    [Fact]
    public void A_file_of_nothing_but_faults_stops_counting_at_the_ceiling()
    {
        string yaml = "site: p\nassets:\n" + string.Concat(Enumerable.Repeat("  - {}\n", 5_000));

        Assert.Equal(SiteLimits.FaultCountMax, SiteFile.Load(yaml, "site.yaml").Faults.Count);
    }

    private static string Signal(string signal) =>
        $"site: p\nequipment:\n  T:\n    signals:\n      {signal}\n";

    private static void Check(string yaml, params string[] faults)
    {
        SiteLoad load = SiteFile.Load(yaml, "f");

        Assert.Null(load.Catalogue);
        string[] told = [.. load.Faults.Select(fault => fault.ToString())];
        Assert.True(faults.Length == told.Length, string.Join('\n', told));
        for (int i = 0; i < faults.Length; i++)
        {
            Assert.Contains(faults[i], told[i], StringComparison.Ordinal);
        }
    }
}
