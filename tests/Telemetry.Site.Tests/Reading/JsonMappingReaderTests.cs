using Telemetry.Model;

namespace Telemetry.Site.Tests.Reading;

public sealed class JsonMappingReaderTests
{
    [Fact]
    public void A_mapping_keeps_all_that_was_written()
    {
        JsonMapping mapping = Load("""
            samples: "{device}[].v"
            name: n
            value: value.*
            time: [date, clock]
            quality: q
            unit: u
            tags: {asset: info.id}
            when: {type: data, port: [1, 2], object: "*"}
            hex: d
            binary: {bytes: 2, fields: {level: {at: 0, type: u16}}}
            include: [a, "b*"]
            exclude: c
            names: "{field}@{device}"
            rename: {"101": level}
            words: {open: true, low: 2}
            text: true
            invalid: [9999.9999, -1]
            defaults: {snr: 0, muted: false}
            qualities: {"0": bad, "1": uncertain, "2": good, "*": 24}
            precision: s
            zone: "-03:30"
            separator: "."
            """);
        var expected = new JsonMapping
        {
            Samples = "{device}[].v",
            Name = "n",
            Value = "value.*",
            Time = "date",
            TimeRest = "clock",
            Quality = "q",
            Unit = "u",
            Tags = [new Tag("asset", "info.id")],
            When =
            [
                new JsonCondition("type", ["data"]), new JsonCondition("port", ["1", "2"]),
                new JsonCondition("object", []),
            ],
            Bytes = "d",
            IsHex = true,
            Layout = mapping.Layout,
            Include = ["a", "b*"],
            Exclude = ["c"],
            Names = "{field}@{device}",
            Rename = new Dictionary<string, string> { ["101"] = "level" },
            Words = new Dictionary<string, JsonConstant>
            {
                ["open"] = new(FieldType.Boolean, 1),
                ["low"] = new(FieldType.Float, 2),
            },
            KeepsText = true,
            Invalid = [9999.9999, -1],
            Defaults = new Dictionary<string, JsonConstant>
            {
                ["snr"] = new(FieldType.Float, 0),
                ["muted"] = new(FieldType.Boolean, 0),
            },
            Qualities = new Dictionary<string, byte> { ["0"] = 0, ["1"] = 64, ["2"] = 192, ["*"] = 24 },
            Precision = TimePrecision.Seconds,
            ZoneMinutes = -210,
            Separator = ".",
        };
        Assert.Equivalent(expected, mapping, strict: true);
        Assert.Equal((2, "level"), (mapping.Layout!.RecordBytes, mapping.Layout.Fields.Single().Name));
    }

    [Fact]
    public void Status_codes_have_a_word_and_bytes_may_be_base64()
    {
        JsonMapping mapping = Load("""
            qualities: opc-ua
            base64: data
            binary: {bytes: 1, fields: {level: {at: 0, type: u8}}}
            """);
        Assert.True(mapping.HasStatusCodes);
        Assert.Empty(mapping.Qualities);
        Assert.Equal(("data", false), (mapping.Bytes, mapping.IsHex));
    }

    [Fact]
    public void A_list_of_mappings_is_one_with_others()
    {
        JsonMapping mapping = Load("- {samples: a}\n- {samples: b}\n- {samples: c}");
        Assert.Equal("a", mapping.Samples);
        Assert.Equal(["b", "c"], mapping.Others.Select(other => other.Samples));
    }

    [Theory]
    [InlineData("time: [a, b, c]", "json.time: expected at most 2, found 3; write fewer")]
    [InlineData("tags: {\"a b\": c}", "json.tags.a b: cannot use name \"a b\"")]
    [InlineData("tags: {a: b..c}", "json.tags: cannot use path \"b..c\": it has an empty key")]
    [InlineData("when: {\".a\": 1}", "json.when: cannot use path \".a\"")]
    [InlineData("hex: d", "json.hex: cannot read bytes without a layout")]
    [InlineData("binary: {bytes: 1}", "json.binary: cannot find the bytes; write their path as base64 or as hex")]
    [InlineData("names: \"{a}@{b}\"", "json.names: cannot use names \"{a}@{b}\"; write {field} and tags")]
    [InlineData("names: \"{field}{b}\"", "json.names: cannot use names \"{field}{b}\"")]
    [InlineData("names: \"{field\"", "json.names: cannot use names \"{field\"")]
    [InlineData("words: {open: wide}", "json.words.open: expected a number, found \"wide\"")]
    [InlineData("qualities: {\"1\": fair}", "json.qualities.1: cannot use \"fair\"; write one of good")]
    [InlineData("text: yes", "json.text: expected true or false, found \"yes\"")]
    [InlineData("zone: Ulaanbaatar", "json.zone: cannot use zone \"Ulaanbaatar\"; write hours and minutes")]
    [InlineData("wen: {a: b}", "json: cannot use key \"wen\": unknown; did you mean \"when\"")]
    public void A_mistake_is_told_with_its_place(string mapping, string fault) => CheckFault(mapping, fault);

    [Fact]
    public void Ceilings_hold_at_their_value_and_refuse_one_more()
    {
        Check(SiteLimits.MappingTagCountMax, i => $"t{i}: a", "tags: {", "}", "expected at most 16 tags, found 17");
        Check(SiteLimits.MappingConditionCountMax, i => $"t{i}: a", "when: {", "}", "at most 8 paths, found 9");
        Check(SiteLimits.NamePatternCountMax, i => $"t{i}", "include: [", "]", "expected at most 64, found 65");
        Check(SiteLimits.MappingTableCountMax, i => $"t{i}: 1", "words: {", "}", "expected at most 4096, found 4097");
        Check(SiteLimits.MappingCountMax, i => "{name: a}", "[", "]", "expected 1 to 16 mappings, found 17");

        static void Check(int max, Func<int, string> item, string before, string after, string fault)
        {
            Load(before + string.Join(", ", Enumerable.Range(0, max).Select(item)) + after);
            CheckFault(before + string.Join(", ", Enumerable.Range(0, max + 1).Select(item)) + after, fault);
        }
    }

    private static void CheckFault(string mapping, string fault) =>
        Assert.Contains(fault, string.Join('\n', Read(mapping).Faults), StringComparison.Ordinal);

    private static JsonMapping Load(string mapping)
    {
        SiteLoad load = Read(mapping);
        Assert.Empty(load.Faults);
        return load.Catalogue!.Routes.Single().Json!;
    }

    private static SiteLoad Read(string mapping) => SiteFile.Load(
        $"""
        site: p
        routes:
          - name: r
            topic: a
            decoder: json
            json:
              {mapping.Replace("\n", "\n      ", StringComparison.Ordinal)}
        """,
        "site.yaml");
}
