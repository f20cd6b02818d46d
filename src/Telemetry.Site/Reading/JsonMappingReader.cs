using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>Reads the section <c>json</c> of a route: one mapping, or several for the same message.</summary>
internal static class JsonMappingReader
{
    private static readonly string[] Keys =
    [
        "samples", "name", "value", "time", "quality", "unit", "tags", "when", "base64", "hex", "binary", "include",
        "exclude", "names", "rename", "words", "text", "invalid", "defaults", "qualities", "precision", "zone",
        "separator",
    ];

    private static readonly Dictionary<string, byte> QualityWords = new(StringComparer.Ordinal)
    {
        ["good"] = Quality.Good,
        ["uncertain"] = Quality.Uncertain,
        ["bad"] = Quality.Bad,
    };

    public static JsonMapping Read(Section route, FaultList faults)
    {
        Node node = route.Find("json")!;
        if (node.Kind != NodeKind.Sequence)
        {
            return ReadOne(route.Child("json", Keys), faults);
        }

        var mappings = new List<JsonMapping>();
        for (int i = 0; i < node.Items.Count; i++)
        {
            Section one = Section.Open(node.Items[i], $"{route.PathOf("json")}[{i}]", faults, Keys);
            mappings.Add(ReadOne(one, faults));
        }

        if (mappings.Count is 0 or > SiteLimits.MappingCountMax)
        {
            string found = $"expected 1 to {SiteLimits.MappingCountMax} mappings, found {mappings.Count}";
            route.Report("json", $"{found}; write those that the message needs");
            return new JsonMapping();
        }

        return mappings[0] with { Others = mappings[1..] };
    }

    private static JsonMapping ReadOne(Section json, FaultList faults)
    {
        string[] time = Texts(json, "time", 2);
        string bytes = json.Has("hex") ? ReadPath(json, "hex") : ReadPath(json, "base64");
        bool hasStatusCodes = json.Find("qualities") is { Kind: NodeKind.Scalar, Text: "opc-ua" };
        return new JsonMapping
        {
            Samples = ReadPath(json, "samples"),
            Name = ReadPath(json, "name"),
            Value = ReadPath(json, "value"),
            Time = CheckPath(json, "time", time.FirstOrDefault("")),
            TimeRest = CheckPath(json, "time", time.ElementAtOrDefault(1) ?? ""),
            Quality = ReadPath(json, "quality"),
            Unit = ReadPath(json, "unit"),
            Tags = ReadTags(json, faults),
            When = ReadConditions(json),
            Bytes = bytes,
            IsHex = json.Has("hex"),
            Layout = ReadLayout(json, bytes, faults),
            Include = Texts(json, "include", SiteLimits.NamePatternCountMax),
            Exclude = Texts(json, "exclude", SiteLimits.NamePatternCountMax),
            Names = ReadNames(json),
            Rename = Table(json, "rename").ToDictionary(entry => entry.Key.Text, entry => entry.Value.Text),
            Words = ReadConstants(json, "words", faults),
            KeepsText = json.Flag("text", false),
            Invalid = [.. ReadInvalid(json, faults)],
            Defaults = ReadConstants(json, "defaults", faults),
            Qualities = hasStatusCodes ? new Dictionary<string, byte>() : ReadQualities(json, faults),
            HasStatusCodes = hasStatusCodes,
            Precision = RouteReader.ReadPrecision(json, TimePrecision.Milliseconds),
            ZoneMinutes = CsvMappingReader.ReadZone(json),
            Separator = json.Text("separator", "_"),
        };
    }

    private static string ReadPath(Section json, string key) => CheckPath(json, key, json.Text(key));

    private static string CheckPath(Section json, string key, string path)
    {
        if (path.Length > 0 && path.Split('.').Any(part => part.Length == 0))
        {
            json.Report(key, $"cannot use path \"{path}\": it has an empty key; join keys by dots, such as a.b[]");
        }

        return path;
    }

    /// <summary>One text, or a list of texts.</summary>
    private static string[] Texts(Section json, string key, int countMax)
    {
        string[] texts = json.Find(key) switch
        {
            null => [],
            { Kind: NodeKind.Sequence } => [.. json.Items(key).Select(item => item.Text)],
            _ => [json.Text(key)],
        };
        if (texts.Length > countMax)
        {
            json.Report(key, $"expected at most {countMax}, found {texts.Length}; write fewer");
        }

        return texts;
    }

    private static List<NodeEntry> Table(Section json, string key)
    {
        List<NodeEntry> entries = [.. json.Entries(key)];
        if (entries.Count > SiteLimits.MappingTableCountMax)
        {
            json.Report(key, $"expected at most {SiteLimits.MappingTableCountMax}, found {entries.Count}; write fewer");
        }

        return entries;
    }

    private static List<Tag> ReadTags(Section json, FaultList faults)
    {
        var tags = new List<Tag>();
        foreach (NodeEntry entry in json.Entries("tags"))
        {
            Identifiers.Check(entry.Key.Text, entry.Key, $"{json.PathOf("tags")}.{entry.Key.Text}", faults);
            tags.Add(new Tag(entry.Key.Text, CheckPath(json, "tags", entry.Value.Text)));
        }

        int captures = json.Text("samples").Count(c => c == '{');
        if (tags.Count + captures > SiteLimits.MappingTagCountMax)
        {
            string found = $"expected at most {SiteLimits.MappingTagCountMax} tags, found {tags.Count + captures}";
            json.Report("tags", $"{found}, those of the path to the samples among them; write fewer");
        }

        return tags;
    }

    private static List<JsonCondition> ReadConditions(Section json)
    {
        var conditions = new List<JsonCondition>();
        foreach (NodeEntry entry in json.Entries("when"))
        {
            string[] values = entry.Value.Kind == NodeKind.Sequence
                ? [.. entry.Value.Items.Select(item => item.Text)]
                : [entry.Value.Text];
            conditions.Add(
                new JsonCondition(CheckPath(json, "when", entry.Key.Text), values.Contains("*") ? [] : values));
        }

        if (conditions.Count > SiteLimits.MappingConditionCountMax)
        {
            string found = $"expected at most {SiteLimits.MappingConditionCountMax} paths, found {conditions.Count}";
            json.Report("when", $"{found}; write fewer");
        }

        return conditions;
    }

    private static BinaryLayout? ReadLayout(Section json, string bytes, FaultList faults)
    {
        if (json.Has("hex") && json.Has("base64"))
        {
            json.Report("hex", "cannot read bytes in two places; keep hex or base64, or write a list of mappings");
        }

        if (bytes.Length == 0 && json.Has("binary"))
        {
            json.Report("binary", "cannot find the bytes; write their path as base64 or as hex");
        }

        if (bytes.Length > 0 && !json.Has("binary"))
        {
            json.Report(
                json.Has("hex") ? "hex" : "base64",
                "cannot read bytes without a layout; write key \"binary\" with bytes and fields");
            return null;
        }

        return bytes.Length > 0 ? BinaryLayoutReader.Read(json, faults) : null;
    }

    private static string ReadNames(Section json)
    {
        string names = json.Text("names");
        string[] pieces = names.Split('{', '}');
        bool areParted = pieces.Where((piece, i) => i % 2 == 0 && i > 0 && i < pieces.Length - 1 && piece.Length == 0)
            .Any();
        bool areNamed = pieces.Where((_, i) => i % 2 == 1).All(part => part.Length > 0);
        bool alternate = names.Count(c => c == '{') == names.Count(c => c == '}') && pieces.Length % 2 == 1;
        if (names.Length > 0 && (areParted || !areNamed || !alternate || !names.Contains("{field}")))
        {
            json.Report(
                "names",
                $"cannot use names \"{names}\"; write {{field}} and tags with text between them, such as "
                + "\"{field}@{device}\"");
            return "";
        }

        return names;
    }

    private static Dictionary<string, JsonConstant> ReadConstants(Section json, string key, FaultList faults)
    {
        var constants = new Dictionary<string, JsonConstant>(StringComparer.Ordinal);
        foreach (NodeEntry entry in Table(json, key))
        {
            string text = entry.Value.Text;
            string path = $"{json.PathOf(key)}.{entry.Key.Text}";
            constants[entry.Key.Text] = text is "true" or "false"
                ? new JsonConstant(FieldType.Boolean, text == "true" ? 1 : 0)
                : new JsonConstant(FieldType.Float, Section.NumberOf(entry.Value, path, faults, 0));
        }

        return constants;
    }

    private static IEnumerable<double> ReadInvalid(Section json, FaultList faults) => json.Find("invalid") switch
    {
        null => [],
        { Kind: NodeKind.Sequence } list => list.Items
            .Take(SiteLimits.NamePatternCountMax)
            .Select(item => Section.NumberOf(item, json.PathOf("invalid"), faults, double.NaN)),
        _ => [json.Number("invalid", double.NaN)],
    };

    private static Dictionary<string, byte> ReadQualities(Section json, FaultList faults)
    {
        var qualities = new Dictionary<string, byte>(StringComparer.Ordinal);
        foreach (NodeEntry entry in Table(json, "qualities"))
        {
            string text = entry.Value.Text;
            if (!QualityWords.TryGetValue(text, out byte quality)
                && !byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out quality))
            {
                string path = $"{json.PathOf("qualities")}.{entry.Key.Text}";
                string known = string.Join(", ", QualityWords.Keys);
                faults.Add(entry.Value, path, $"cannot use \"{text}\"; write one of {known}, or an OPC byte to 255");
            }

            qualities[entry.Key.Text] = quality;
        }

        return qualities;
    }
}
