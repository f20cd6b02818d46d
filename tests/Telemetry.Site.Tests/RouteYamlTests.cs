using System.Collections;
using System.Reflection;
using Telemetry.Model;

namespace Telemetry.Site.Tests;

public sealed class RouteYamlTests
{
    private static readonly RouteDefinition Plain = new() { Name = "r", Filter = "a/+", Decoder = "json" };

    /// <summary>Routes that together set every property to something else than its default.</summary>
    private static readonly RouteDefinition[] Routes =
    [
        RouteDefinition.CatchAll,
        Plain with
        {
            Name = "every key",
            Filter = "\"quoted\"/\\/ü/+/#",
            Measurement = "{1}: #",
            Tags = [new Tag("site", "{2}"), new Tag("null", "null"), new Tag("n", "12")],
            Field = "{2+}",
            GatewayKey = "{client}",
            Precision = TimePrecision.Seconds,
            Binding = "{asset}.{signal}",
            Units = new Dictionary<string, string> { ["T: 1"] = "Cel" },
            Json = new JsonMapping
            {
                Samples = "values[]",
                Name = "a\\.b",
                Value = "*v",
                Time = "- t",
                Quality = "q",
                Precision = TimePrecision.Microseconds,
                Separator = " ",
                Unit = "unit",
                ZoneMinutes = 480,
                Tags = [new Tag("device", "a.b")],
                When = [new JsonCondition("kind", ["1", "true"]), new JsonCondition("there", [])],
                Include = ["a*", "b"],
                Exclude = ["*/pdin"],
                Names = "{field}@{device}",
                Rename = new Dictionary<string, string> { ["101"] = "running" },
                Words = new Dictionary<string, JsonConstant>
                {
                    ["open"] = new(FieldType.Boolean, 1),
                    ["shut"] = new(FieldType.Boolean, 0),
                    ["half"] = new(FieldType.Float, 0.5),
                },
                KeepsText = true,
                Invalid = [9999.9999, -1],
                Defaults = new Dictionary<string, JsonConstant> { ["snr"] = new(FieldType.Float, 0) },
                Qualities = new Dictionary<string, byte> { ["0"] = 0, ["1"] = 64, ["*"] = 192, ["5"] = 24 },
            },
        },
        Plain with
        {
            Name = "several",
            Json = new JsonMapping
            {
                Time = "s",
                TimeRest = "ns",
                Quality = "q",
                HasStatusCodes = true,
                Others =
                [
                    new JsonMapping(),
                    new JsonMapping
                    {
                        Bytes = "data",
                        IsHex = true,
                        Layout = new BinaryLayout
                        {
                            RecordBytes = 2,
                            Fields =
                            [
                                new BinaryField { Name = "a", Place = new BinaryPlace(0, BinaryType.U8, false, false) },
                            ],
                        },
                    },
                ],
            },
        },
        Plain with { Decoder = "cbor", Json = new JsonMapping() },
        Plain with
        {
            Decoder = "csv",
            Csv = new CsvMapping
            {
                Columns = ["device", "", "time", "on", "температур", "ok"],
                Time = "time",
                Quality = "ok",
                Tags = ["device"],
                Delimiter = ';',
                HasDecimalComma = true,
                HasHeader = true,
                Precision = TimePrecision.Milliseconds,
                ZoneMinutes = -210,
            },
        },
        Plain with { Decoder = "csv", Csv = new CsvMapping { Delimiter = '\t', ZoneMinutes = 0 } },
        Plain with
        {
            Decoder = "binary",
            Binary = new BinaryLayout
            {
                RecordBytes = 24,
                Repeats = true,
                Checksum = BinaryChecksum.Crc16Ccitt,
                Time = new BinaryPlace(1, BinaryType.U32, IsLittleEndian: true, IsWordSwapped: false),
                Precision = TimePrecision.Minutes,
                Fields =
                [
                    new BinaryField { Name = "a", Place = new BinaryPlace(5, BinaryType.I16, false, false) },
                    new BinaryField
                    {
                        Name = "b c",
                        Place = new BinaryPlace(7, BinaryType.U32, IsLittleEndian: true, IsWordSwapped: true),
                        Scale = 0.1,
                        Offset = -40.25,
                        Bit = 0,
                        Invalid = 65_535,
                    },
                ],
            },
        },
    ];

    [Fact]
    public void What_is_written_reads_back_as_the_same_route()
    {
        foreach (RouteDefinition route in Routes)
        {
            string yaml = RouteYaml.Render(route, "first line", "second\nline\u0001\u0085x");
            SiteLoad load = SiteFile.Load("site: s\n" + yaml, "route.yaml");

            Assert.Empty(load.Faults);
            RouteDefinition read = Assert.Single(load.Catalogue!.Routes);
            Assert.Equal(Text(route), Text(read));
        }
    }

    [Fact]
    public void No_property_of_a_route_is_left_out_of_that_test()
    {
        foreach (Type type in new[] { typeof(RouteDefinition), typeof(JsonMapping), typeof(CsvMapping) })
        {
            string[] unset =
            [
                .. Settable(type).Where(property => property.Name != "Bindings" && !Routes
                    .SelectMany(PartsOf)
                    .Any(part => part.GetType() == type
                        && Text(property.GetValue(part)) != Text(property.GetValue(Default(type)))))
                    .Select(property => property.Name),
            ];

            Assert.True(unset.Length == 0, $"{type.Name} is never written with {string.Join(", ", unset)}");
        }
    }

    [Fact]
    public void Bindings_read_back()
    {
        string site = DefaultSite.Yaml[..DefaultSite.Yaml.IndexOf("\nroutes:", StringComparison.Ordinal)] + "\n";
        SignalBinding[] bindings =
        [
            new() { From = "T: 1", Asset = "CR-201", Signal = "css", Route = Plain.Name },
            new() { From = "x", Asset = "CR-201", Signal = "motor_current", Route = Plain.Name },
        ];

        SiteLoad load = SiteFile.Load(site + RouteYaml.Render(Plain with { Bindings = bindings }), "route.yaml");

        Assert.Empty(load.Faults);
        Assert.Equivalent(bindings, load.Catalogue!.Routes[0].Bindings, strict: true);
    }

    [Fact]
    public void A_route_of_defaults_is_three_lines()
    {
        Assert.Equal(
            "routes:\n  - name: catch-all\n    topic: \"#\"\n    decoder: auto\n",
            RouteYaml.Render(RouteDefinition.CatchAll));
    }

    private static IEnumerable<object> PartsOf(RouteDefinition route) =>
        new object?[] { route, route.Csv, route.Json }.OfType<object>().Concat(route.Json?.Others ?? []);

    private static object Default(Type type) => type == typeof(RouteDefinition)
        ? new RouteDefinition { Name = "", Filter = "", Decoder = "" }
        : Activator.CreateInstance(type)!;

    private static IEnumerable<PropertyInfo> Settable(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite)
        .OrderBy(property => property.Name, StringComparer.Ordinal);

    /// <summary>All settable properties, to the leaves.</summary>
    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Text))}]",
        RouteDefinition or JsonMapping or JsonCondition or CsvMapping or BinaryLayout or BinaryField => string.Join(
            "; ", Settable(value.GetType()).Select(property => $"{property.Name} = {Text(property.GetValue(value))}")),
        _ => value.ToString()!,
    };
}
