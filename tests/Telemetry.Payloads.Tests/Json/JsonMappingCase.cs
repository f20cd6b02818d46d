using Telemetry.Model;

namespace Telemetry.Payloads.Tests.Json;

/// <summary>One thing that a mapping can say, and a payload that it reads.</summary>
public sealed record JsonMappingCase(
    string Name, JsonMapping Mapping, string Payload, string[] Points, string Fault = "")
{
    private static readonly JsonConstant On = new(FieldType.Boolean, 1);

    private static readonly BinaryLayout TwoBytes = new()
    {
        RecordBytes = 2,
        Fields = [new BinaryField { Name = "level", Place = new BinaryPlace(0, BinaryType.U16, false, false) }],
    };

    public static IReadOnlyList<JsonMappingCase> All { get; } =
    [
        new("tags of a sample and of what stands around it",
            new() { Samples = "v[]", Tags = [new Tag("device", "id.name"), new Tag("rack", "r")] },
            """{"id":{"name":"a b"},"v":[{"x":1,"r":7},{"x":2,"r":8},{"y":3,"r":8}]}""",
            ["{m,device=a\\ b,rack=7}x=f:1|@-", "{m,device=a\\ b,rack=8}x=f:2|y=f:3|@-"]),
        new("keys on the way to the samples",
            new() { Samples = "{site}.{name}[].d", Value = "v", Time = "t" },
            """
            {"s1":{"a":[{"t":1,"d":{"v":1}},{"t":2,"d":{"v":2}}],"b":[{"d":{"v":3}}]},
             "s2":{"a":[{"t":2,"d":{"v":4}}]}}
            """,
            [
                "{m,site=s1}a=f:1|@1000000", "{m,site=s1}a=f:2|@2000000", "{m,site=s1}b=f:3|@-",
                "{m,site=s2}a=f:4|@2000000",
            ]),
        new("places in arrays",
            new() { Samples = "rows", Time = "[0]", Value = "[2]", Name = "[1]" },
            """{"rows":[[1,"a",5],[1,"b",true],[2,"a",null],[3,"\u0061","x"]]}""",
            ["a=f:5|b=b:1|@1000000", "a=words|@3000000"]),
        new("a time in two parts",
            new() { Time = "s", TimeRest = "n", Precision = TimePrecision.Seconds },
            """{"s":"1768455902","n":"250","v":1}""",
            ["v=f:1|@1768455902000000250"]),
        new("a second part that is none",
            new() { Time = "s", TimeRest = "n", Precision = TimePrecision.Seconds },
            """[{"s":1,"n":1000000000,"v":1},{"s":"2026-01-15","n":"13:45:02","v":1}]""",
            [], "InvalidTime@6*2"),
        new("a date and a time of day of a known zone",
            new() { Time = "d", TimeRest = "c", ZoneMinutes = 480 },
            """{"d":"2026-01-15","c":"13:45:02.5","v":1}""",
            ["v=f:1|@1768455902500000000"]),
        new("a usual time of a known zone",
            new() { ZoneMinutes = 480 },
            """{"time":"2026-01-15 13:45:02","v":1}""",
            ["v=f:1|@1768455902000000000"]),
        new("conditions",
            new() { When = [new JsonCondition("kind", ["x", "y"]), new JsonCondition("o", [])] },
            """
            [{"kind":"x","o":{"a":1},"v":1},{"kind":"z","o":1,"v":2},{"kind":"y","v":3},{"kind":"y","o":null,"v":4}]
            """,
            ["o_a=f:1|v=f:1|@-"]),
        new("names that are kept and names that are not",
            new() { Include = ["a*", "b"], Exclude = ["*z"] },
            """{"a":1,"ab":2,"az":3,"b":4,"bc":5,"z":6}""",
            ["a=f:1|ab=f:2|b=f:4|@-"]),
        new("names in two parts",
            new() { Names = "{field}@{device}" },
            """{"a@x":1,"b@x":2,"a@y":3,"c":4,"@z":5,"d@":6}""",
            ["{m,device=x}a=f:1|b=f:2|@-", "{m,device=y}a=f:3|@-", "c=f:4|@z=f:5|d@=f:6|@-"]),
        new("other names",
            new() { Samples = "v[]", Name = "id", Value = "v", Rename = Names(("7", "level"), ("8", "flow")) },
            """{"v":[{"id":7,"v":1},{"id":"8","v":2},{"id":"9","v":3}]}""",
            ["level=f:1|flow=f:2|9=f:3|@-"]),
        new("words and text",
            new() { Words = Constants(("open", On), ("low", new(FieldType.Float, 2))), KeepsText = true },
            """{"a":"open","b":"low","c":"o\u0070en","d":"else \"x\"","e":"","f":1}""",
            ["a=b:1|b=f:2|c=b:1|d=s:else \"x\"|f=f:1|@-"]),
        new("text of samples behind each other",
            new() { Samples = "v[]", Name = "n", Value = "v", Time = "t", KeepsText = true, Unit = "u" },
            """{"u":"Cel","v":[{"n":"a","v":"on","t":1},{"n":"b","v":"off","t":2,"u":"kPa"},{"n":"b","v":3,"t":2}]}""",
            ["a=s:on[Cel]|@1000000", "b=s:off[kPa]|b=f:3[Cel]|@2000000"]),
        new("numbers that stand for no reading",
            new() { Invalid = [9999.9999, -1] },
            """{"a":9999.9999,"b":-1.0,"c":1,"c":-1,"d":2}""",
            ["d=f:2|@-"]),
        new("values that are left out",
            new() { Samples = "v", Defaults = Constants(("on", On), ("x", new(FieldType.Float, 0))) },
            """{"v":[{"x":1},{}]}""",
            ["x=f:1|on=b:1|on=b:1|x=f:0|@-"]),
        new("qualities of a table",
            new()
            {
                Samples = "v[]",
                Name = "n",
                Value = "v",
                Quality = "q",
                Qualities = new Dictionary<string, byte> { ["2"] = 192, ["true"] = 0, ["*"] = 64 },
            },
            """{"q":"2","v":[{"n":"a","v":1,"q":2},{"n":"b","v":2,"q":true},{"n":"c","v":3,"q":9},{"n":"d","v":4}]}""",
            ["a=f:1|b=f:2(q0)|c=f:3(q64)|d=f:4|@-"]),
        new("a quality that is null",
            new() { Samples = "v", Value = "v", Quality = "q" },
            """{"q":"good","v":{"a":{"v":1,"q":null},"b":{"v":2}}}""",
            ["a=f:1(q0)|b=f:2|@-"]),
        new("status codes",
            new() { Samples = "v", Value = "v", Quality = "s", HasStatusCodes = true },
            """
            {"v":{"a":{"v":1,"s":0},"b":{"v":2,"s":{"Symbol":"Bad","Code":1073741824}},
             "c":{"v":3,"s":{"Symbol":"BadX"}},"d":{"v":4,"s":{}}}}
            """,
            ["a=f:1|b=f:2(q64)|c=f:3(q0)|d=f:4|@-"]),
        new("bytes in base64, with the time of the sample",
            new() { Samples = "v[]", Bytes = "d", Layout = TwoBytes, Time = "t", Tags = [new Tag("n", "n")] },
            """{"v":[{"n":"a","d":"AQI=","t":1},{"n":"b","d":"AQI","t":2},{"n":"c","d":"","t":3},{"n":"d","t":4}]}""",
            ["{m,n=a}level=f:258|@1000000", "{m,n=b}level=f:258|@2000000"]),
        new("bytes of the payload itself",
            new() { Bytes = "d.x", Layout = TwoBytes, IsHex = true, Time = "t" },
            """{"d":{"x":"0102"},"other":5,"t":1}""",
            ["level=f:258|@1000000"]),
        new("bytes that are none",
            new() { Samples = "v[]", Bytes = "d", Layout = TwoBytes, IsHex = true },
            """{"v":[{"d":"0102"},{"d":"01"},{"d":"0x02"},{"d":"010"}]}""",
            ["level=f:258|@-"], "LengthDiffers@24*3"),
        new("one mapping after the other",
            new()
            {
                Samples = "a",
                Others =
                [
                    new() { Samples = "b", Tags = [new Tag("d", "id")] },
                    new() { Include = ["c"], When = [new JsonCondition("id", ["1"])] },
                ],
            },
            """{"id":1,"a":{"x":1},"b":{"y":2},"c":3}""",
            ["x=f:1|@-", "{m,d=1}y=f:2|@-", "c=f:3|@-"]),
        new("a value as one of several members",
            new() { Samples = "v[]", Name = "alias", Value = "value.*", KeepsText = true },
            """{"alias":"a","v":[{"value":{"double":1}},{"value":{"text":"x"}},{"value":{"flag":true},"alias":"b"}]}""",
            ["a=f:1|a=s:x|b=b:1|@-"]),
    ];

    public override string ToString() => Name;

    private static Dictionary<string, JsonConstant> Constants(params (string Word, JsonConstant Value)[] constants) =>
        constants.ToDictionary(pair => pair.Word, pair => pair.Value);

    private static Dictionary<string, string> Names(params (string From, string To)[] names) =>
        names.ToDictionary(pair => pair.From, pair => pair.To);
}
