using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>Reads the section <c>routes</c>; a site without it has one route that takes every topic.</summary>
internal static class RouteReader
{
    private static readonly string[] Keys =
    [
        "name", "topic", "decoder", "measurement", "tags", "field", "gateway_key", "precision", "json", "csv", "binary",
        "binding", "bindings", "units",
    ];

    private static readonly string[] Decoders =
        ["line-protocol", "json", "cbor", "senml", "sparkplug", "frame", "csv", "binary", "auto", "ignore"];

    private static readonly Dictionary<string, TimePrecision> Precisions = new(StringComparer.Ordinal)
    {
        ["ns"] = TimePrecision.Nanoseconds,
        ["us"] = TimePrecision.Microseconds,
        ["ms"] = TimePrecision.Milliseconds,
        ["s"] = TimePrecision.Seconds,
        ["m"] = TimePrecision.Minutes,
        ["h"] = TimePrecision.Hours,
    };

    public static IReadOnlyList<RouteDefinition> Read(
        Section site, AssetTable assets, BindingReader bindings, FaultList faults)
    {
        IReadOnlyList<Node> items = site.Items("routes");
        bool isOwn = items.Count > 0 && site.Find("routes")!.File == site.Node.File;

        if (items.Count > SiteLimits.RouteCountMax)
        {
            string found = $"expected at most {SiteLimits.RouteCountMax} routes, found {items.Count}";
            site.Report("routes", $"{found}; use wildcards in topic filters");
        }

        var routes = new List<RouteDefinition>();
        var names = new Dictionary<string, Node>(StringComparer.Ordinal);
        for (int i = 0; i < items.Count; i++)
        {
            Section item = Section.Open(items[i], $"routes[{items[i].Index}]", faults, Keys);
            CheckOrder(item, names, routes);
            routes.Add(ReadRoute(item, assets, bindings, faults));
        }

        return isOwn ? routes : [.. routes, RouteDefinition.CatchAll];
    }

    /// <summary>A unit of time; the fallback where there is none or a wrong one, which is reported.</summary>
    public static TimePrecision ReadPrecision(Section section, TimePrecision fallback)
    {
        string text = section.Text("precision");
        if (text.Length == 0 || Precisions.TryGetValue(text, out TimePrecision precision))
        {
            return text.Length == 0 ? fallback : Precisions[text];
        }

        string known = string.Join(", ", Precisions.Keys);
        section.Report("precision", $"cannot use precision \"{text}\": unknown; write one of {known}");
        return fallback;
    }

    private static RouteDefinition ReadRoute(
        Section item, AssetTable assets, BindingReader bindings, FaultList faults)
    {
        string filter = item.RequireText("topic", "plant/+/data");
        if (filter.Length > 0 && TopicRules.FaultOf(filter) is { } fault)
        {
            item.Report("topic", $"cannot use topic filter \"{filter}\": {fault}");
        }

        string decoder = item.RequireText("decoder", "json");
        if (decoder.Length > 0 && !Decoders.Contains(decoder))
        {
            item.Report("decoder", $"cannot use decoder \"{decoder}\": unknown; {Suggestion.For(decoder, Decoders)}");
        }

        return new RouteDefinition
        {
            Name = item.RequireText("name", "crusher"),
            Filter = filter,
            Decoder = decoder,
            Measurement = ReadTemplate(item, "measurement", filter),
            Tags = ReadTags(item, filter, faults),
            Field = ReadTemplate(item, "field", filter),
            GatewayKey = ReadTemplate(item, "gateway_key", filter),
            Precision = ReadPrecision(item, TimePrecision.Nanoseconds),
            Json = ReadJson(item, decoder, faults),
            Csv = ReadCsv(item, decoder),
            Binary = ReadBinary(item, decoder, faults),
            Binding = ReadBinding(item),
            Bindings = bindings.ReadOf(item, item.Text("name")),
            Units = UnitReader.ReadUnits(item, assets, faults),
        };
    }

    private static void CheckOrder(Section item, Dictionary<string, Node> names, List<RouteDefinition> routes)
    {
        string name = item.Text("name");
        if (name.Length > 0 && !names.TryAdd(name, item.Node))
        {
            string place = names[name].PlaceSeenFrom(item.Node);
            item.Report("name", $"cannot use name \"{name}\" twice: {place} has it; write another name");
        }

        if (routes.Count > 0 && routes[^1].Filter == "#")
        {
            item.Report(
                "topic",
                $"cannot be reached: route \"{routes[^1].Name}\" before it takes every topic; put that one last");
        }
    }

    private static string ReadTemplate(Section item, string key, string filter)
    {
        string template = item.Text(key);
        if (TopicRules.FaultOfTemplate(template, filter) is { } fault)
        {
            item.Report(key, $"cannot use template \"{template}\": {fault}");
        }

        return template;
    }

    private static List<Tag> ReadTags(Section item, string filter, FaultList faults)
    {
        var tags = new List<Tag>();
        foreach (NodeEntry entry in item.Entries("tags"))
        {
            string path = $"{item.PathOf("tags")}.{entry.Key.Text}";
            Identifiers.Check(entry.Key.Text, entry.Key, path, faults);
            if (entry.Value.Kind != NodeKind.Scalar)
            {
                faults.Add(entry.Value, path, $"expected text, found {entry.Value.Describe()}; write one value");
            }
            else if (TopicRules.FaultOfTemplate(entry.Value.Text, filter) is { } fault)
            {
                faults.Add(entry.Value, path, $"cannot use template \"{entry.Value.Text}\": {fault}");
            }

            tags.Add(new Tag(entry.Key.Text, entry.Value.Text));
        }

        return tags;
    }

    private static JsonMapping? ReadJson(Section item, string decoder, FaultList faults)
    {
        if (item.Has("json") && decoder is not ("json" or "cbor" or "auto"))
        {
            item.Report("json", $"cannot use key \"json\" with decoder {decoder}; remove it or decode json");
        }

        return item.Has("json") ? JsonMappingReader.Read(item, faults) : null;
    }

    private static CsvMapping? ReadCsv(Section item, string decoder)
    {
        if (item.Has("csv") && decoder != "csv")
        {
            item.Report("csv", $"cannot use key \"csv\" with decoder {decoder}; remove it or decode csv");
        }

        return item.Has("csv") ? CsvMappingReader.Read(item) : null;
    }

    private static BinaryLayout? ReadBinary(Section item, string decoder, FaultList faults)
    {
        if (decoder == "binary")
        {
            return BinaryLayoutReader.Read(item, faults);
        }

        if (item.Has("binary"))
        {
            item.Report("binary", $"cannot use key \"binary\" with decoder {decoder}; remove it or decode binary");
        }

        return null;
    }

    private static string ReadBinding(Section item)
    {
        string binding = item.Text("binding");
        string rest = binding
            .Replace("{asset}", "", StringComparison.Ordinal)
            .Replace("{signal}", "", StringComparison.Ordinal);
        if (rest.Contains('{') || rest.Contains('}') || (binding.Length > 0 && !binding.Contains("{signal}")))
        {
            item.Report(
                "binding", $"cannot use binding \"{binding}\"; write {{signal}} and, when it is there, {{asset}}, "
                + "such as \"{asset}.{signal}\"");
        }

        return binding;
    }
}
