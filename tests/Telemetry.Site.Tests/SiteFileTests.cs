using Telemetry.Model;

namespace Telemetry.Site.Tests;

public sealed class SiteFileTests
{
    [Fact]
    public void The_smallest_site_takes_every_topic()
    {
        SiteCatalogue site = Load("site: mine-7\n");

        Assert.Equal("mine-7", site.Site);
        Assert.Empty(site.Assets);
        Assert.Equal([RouteDefinition.CatchAll], site.Routes);
    }

    [Fact]
    public void Lanes_say_what_may_give_way_and_stand_in_the_order_of_the_files()
    {
        Assert.Empty(Load("site: p\n").Lanes);
        const string Own = """
            site: p
            lanes:
              - {name: dam, topics: [plant/dam/#], when_full: refuse}
              - {name: raw, topics: [plant/+/raw, plant/raw], gateways: [GW-VIB], when_full: drop-oldest}
            """;
        const string More = "lanes:\n  - {name: fast, gateways: [GW-2], when_full: thin, thin_interval: 2.5}\n";
        var fragment = new SiteSource("more.yaml", More) { IsFragment = true };
        var set = new SiteSet(new SiteSource("site.yaml", Own), [fragment]);
        foreach (SiteSet read in new[] { set, SiteSetFormat.TryRead(SiteSetFormat.Write(set))! })
        {
            IReadOnlyList<TrafficLane> lanes = SiteFile.Load(read).Catalogue!.Lanes;
            Assert.Equal(["dam", "raw", "fast"], lanes.Select(lane => lane.Name));
            Assert.Equal([WhenFull.Refuse, WhenFull.DropOldest, WhenFull.Thin], lanes.Select(lane => lane.WhenFull));
            Assert.Equal(["plant/+/raw", "plant/raw"], lanes[1].Topics);
            Assert.Equal(["GW-VIB"], lanes[1].Gateways);
            Assert.Equal([0, 0, 2_500_000_000L], lanes.Select(lane => lane.ThinNanoseconds));
        }
    }

    [Theory]
    [InlineData("level", "%", 5, 60)]
    [InlineData("feed", "m3/h", 5, 15)]
    [InlineData("feed", "t/h", 5, 15)]
    [InlineData("pressure", "kPa", 2, 15)]
    [InlineData("oil", "Cel", 1, 60)]
    [InlineData("vibration", "mm/s", 1, 10)]
    [InlineData("switch", "{bool}", 0, 0)]
    public void Deadband_and_delays_follow_the_quantity(string key, string unit, double deadband, double delay)
    {
        AlarmRule rule = Rule($"{key}: {{unit: \"{unit}\", range: [0, 100], normal: 50, limits: {{h: 90}}}}");

        Assert.Equal((deadband, delay, delay), (rule.Deadband, rule.OnDelaySeconds, rule.OffDelaySeconds));
    }

    [Fact]
    public void A_default_deadband_never_reaches_past_the_normal_value()
    {
        Assert.Equal(1, Rule("level: {unit: m, range: [0, 100], normal: 50, limits: {h: 52}}").Deadband);
    }

    [Theory]
    [InlineData("period: 1", 60, 0)]
    [InlineData("period: 60", 600, 0)]
    [InlineData("period: 1, noise: 0.1", 60, 300)]
    [InlineData("period: 60, noise: 0.1", 600, 3600)]
    [InlineData("noise: 0.1", 0, 0)]
    public void Silence_is_ten_periods_and_only_noisy_signals_are_watched_for_standing_still(
        string settings, double silence, double flatline)
    {
        AlarmRule rule = Rule($"a: {{unit: m, range: [0, 1], {settings}}}");

        Assert.Equal((silence, flatline), (rule.SilenceSeconds, rule.FlatlineSeconds));
        Assert.True(double.IsNaN(rule.RatePerMinuteMax));
    }

    [Fact]
    public void What_the_file_says_goes_before_the_defaults()
    {
        AlarmRule rule = Rule(
            "a: {unit: m, range: [0, 9], period: 1, limits: {ll: 1, l: 2, h: 7, hh: 8}, deadband: 0.5, on_delay: 1, "
            + "off_delay: 2, rate_per_minute: 3, flatline: 4, silence: 5}");

        Assert.Equal(new AlarmRule(new LimitSet(1, 2, 7, 8), 0.5, 1, 2, 3, 4, 5), rule);
    }

    [Fact]
    public void A_gateway_has_the_clock_policy_of_the_site_where_it_has_none_of_its_own()
    {
        SiteCatalogue site = Load("""
            site: p
            clock: {zone: Asia/Ulaanbaatar}
            gateways:
              - {id: a}
              - {id: b, clock: {correct: false, delay: 0.5, zone: "-03:30"}}
              - {id: c, clock: {policy: relative}}
            """);

        ClockPolicy[] clocks = [.. site.Gateways.Select(gateway => gateway.Clock!)];
        Assert.NotNull(site.Clock.Zone);
        Assert.Same(site.Clock.Zone, clocks[0].Zone);
        Assert.Same(site.Clock.Zone, clocks[2].Zone);
        Assert.Equal([true, false, true], clocks.Select(clock => clock.Correct));
        Assert.Equal([0, 500_000_000, 0], clocks.Select(clock => clock.DelayNanoseconds));
        Assert.Equal(
            [TimeSource.Own, TimeSource.Own, TimeSource.Relative], clocks.Select(clock => clock.Times));
        Assert.Equal(-12_600, clocks[1].Zone!.OffsetAt(0));
    }

    [Theory]
    [InlineData("Asia/Ulaanbaatar", 1_768_003_200, 28_800)]
    [InlineData("Asia/Ulaanbaatar", 1_467_331_200, 32_400)] // 2016-07-01: the last summer with another time
    [InlineData("Asia/Ulaanbaatar", 1_458_928_799, 28_800)]
    [InlineData("Asia/Ulaanbaatar", 1_458_928_800, 32_400)] // 2016-03-25T18:00Z
    [InlineData("Asia/Seoul", 1_768_003_200, 32_400)]
    [InlineData("UTC", 1_768_003_200, 0)]
    [InlineData("+05:45", 1_768_003_200, 20_700)]
    public void A_zone_has_the_distances_of_the_time_zone_database(string zone, long seconds, int offset)
    {
        SiteCatalogue site = Load($"site: p\nclock: {{zone: \"{zone}\"}}\n");
        Assert.Equal(offset, site.Clock.Zone!.OffsetAt(seconds));
    }

    [Fact]
    public void An_asset_may_change_and_remove_limits_of_its_type()
    {
        SiteCatalogue site = Load("""
            site: p
            equipment:
              T:
                signals:
                  a: {unit: m, range: [0, 9], limits: {l: 2, h: 7}}
            assets:
              - {id: A1, type: T}
              - {id: A2, type: T, limits: {a: {l: none, h: 6, silence: 7}}}
              - {id: A3, type: T, enabled: false}
            """);

        Assert.Equal(["A1.a", "A2.a"], site.Signals.Select(signal => signal.Id));
        Assert.Equal(new LimitSet(double.NaN, 2, 7, double.NaN), site.Signals[0].Definition.Alarm.Limits);
        Assert.Equal(new LimitSet(double.NaN, double.NaN, 6, double.NaN), site.Signals[1].Definition.Alarm.Limits);
        Assert.Equal(7, site.Signals[1].Definition.Alarm.SilenceSeconds);
    }

    [Fact]
    public void A_gateway_with_a_type_has_signals_of_its_own()
    {
        SiteCatalogue site = Load("""
            site: p
            gateways:
              - {id: GW-1, name: {en: One, mn: Нэг, ko: 하나}, type: GW, area: it, format: json-flat}
              - {id: "aa:bb", name: Two}
            equipment:
              GW:
                signals:
                  rssi: {unit: dB, range: [-125, -30]}
            """);

        Assert.Empty(site.Assets);
        Assert.Equal(["GW-1.rssi"], site.Signals.Select(signal => signal.Id));
        Assert.Equal("GW-1", site.Signals[0].Asset.Gateway);
        Assert.Equal(new DisplayName("One", "Нэг", "하나"), site.Gateways[0].Name);
        Assert.Equal(new DisplayName("Two"), site.Gateways[1].Name);
    }

    [Fact]
    public void A_CSV_mapping_keeps_all_that_was_written()
    {
        CsvMapping mapping = Load("""
            site: p
            routes:
              - name: r
                topic: logger/+
                decoder: csv
                csv:
                  columns: [device, time, temp, "", state]
                  time: time
                  quality: state
                  tags: [device]
                  delimiter: semicolon
                  decimal: comma
                  header: true
                  precision: ms
                  zone: "-01:30"
            """).Routes.Single().Csv!;

        Assert.Equal(["device", "time", "temp", "", "state"], mapping.Columns);
        Assert.Equal(["device"], mapping.Tags);
        Assert.Equal(("time", "state", ';'), (mapping.Time, mapping.Quality, mapping.Delimiter));
        Assert.Equal((true, true, -90), (mapping.HasDecimalComma, mapping.HasHeader, mapping.ZoneMinutes));
        Assert.Equal(TimePrecision.Milliseconds, mapping.Precision);
    }

    [Fact]
    public void A_binary_layout_keeps_all_that_was_written()
    {
        BinaryLayout layout = Load("""
            site: p
            routes:
              - name: r
                topic: ct/+
                decoder: binary
                binary:
                  bytes: 12
                  repeats: true
                  word_order: swapped
                  checksum: crc16-modbus
                  time: {at: 0, type: u32, precision: ms, word_order: straight}
                  fields:
                    current: {at: 4, type: u16, scale: 0.1, ratio: 400/5, offset: -1, invalid: 65535}
                    total: {at: 6, type: f32, byte_order: little}
                    running: {at: 4, type: u8, bit: 3}
            """).Routes.Single().Binary!;

        Assert.Equal((12, true, BinaryChecksum.Crc16Modbus), (layout.RecordBytes, layout.Repeats, layout.Checksum));
        Assert.Equal(new BinaryPlace(0, BinaryType.U32, false, false), layout.Time);
        Assert.Equal(TimePrecision.Milliseconds, layout.Precision);
        Assert.Equal(
            [
                new BinaryField
                {
                    Name = "current",
                    Place = new BinaryPlace(4, BinaryType.U16, false, true),
                    Scale = 8,
                    Offset = -1,
                    Invalid = 65_535,
                },
                new BinaryField { Name = "total", Place = new BinaryPlace(6, BinaryType.F32, true, true) },
                new BinaryField { Name = "running", Place = new BinaryPlace(4, BinaryType.U8, false, true), Bit = 3 },
            ],
            layout.Fields);
    }

    [Fact]
    public void A_route_keeps_all_that_was_written()
    {
        RouteDefinition route = Load("""
            site: p
            equipment: {T: {signals: {b: {unit: m, range: [0, 1]}}}}
            assets: [{id: A, type: T}]
            routes:
              - name: r
                topic: plant/+/#
                decoder: json
                measurement: "{2}"
                tags: {area: "{2}", site: p}
                gateway_key: "{client}-{7}"
                precision: s
                json: {samples: "values[]", name: id, value: v, time: t, quality: q, precision: us, separator: "."}
                binding: "{asset}/{signal}"
                bindings: {"Tag 1": A.b}
            """).Routes.Single();

        Assert.Equal(("r", "plant/+/#", "json", "{2}"), (route.Name, route.Filter, route.Decoder, route.Measurement));
        Assert.Equal([new Tag("area", "{2}"), new Tag("site", "p")], route.Tags);
        Assert.Equal(("{client}-{7}", TimePrecision.Seconds), (route.GatewayKey, route.Precision));
        Assert.Equal("{asset}/{signal}", route.Binding);
        SignalBinding binding = Assert.Single(route.Bindings);
        Assert.Equal(("Tag 1", "A", "b"), (binding.From, binding.Asset, binding.Signal));
        Assert.Equivalent(
            new JsonMapping
            {
                Samples = "values[]",
                Name = "id",
                Value = "v",
                Time = "t",
                Quality = "q",
                Precision = TimePrecision.Microseconds,
                Separator = ".",
            },
            route.Json);
    }

    private static AlarmRule Rule(string signal)
    {
        string yaml = $"site: p\nequipment: {{T: {{signals: {{{signal}}}}}}}\nassets: [{{id: A, type: T}}]\n";
        return Load(yaml).Signals.Single().Definition.Alarm;
    }

    private static SiteCatalogue Load(string yaml)
    {
        SiteLoad load = SiteFile.Load(yaml, "site.yaml");
        Assert.True(load.IsUsable, string.Join('\n', load.Faults));
        return load.Catalogue!;
    }
}
