using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>Reads the section <c>lanes</c>: what may give way when the spool has little room.</summary>
internal static class LaneReader
{
    private static readonly string[] Keys = ["name", "topics", "gateways", "when_full", "thin_interval"];

    private static readonly Dictionary<string, WhenFull> Policies = new(StringComparer.Ordinal)
    {
        ["refuse"] = WhenFull.Refuse,
        ["drop-oldest"] = WhenFull.DropOldest,
        ["thin"] = WhenFull.Thin,
    };

    public static IReadOnlyList<TrafficLane> Read(Section site, FaultList faults)
    {
        IReadOnlyList<Node> items = site.Items("lanes");
        if (items.Count > SiteLimits.LaneCountMax)
        {
            string found = $"expected at most {SiteLimits.LaneCountMax} lanes, found {items.Count}";
            site.Report("lanes", $"{found}; give one lane more topics");
        }

        var lanes = new List<TrafficLane>();
        var names = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (Node node in items)
        {
            Section item = Section.Open(node, $"lanes[{node.Index}]", faults, Keys);
            string name = item.RequireText("name", "vibration");
            Identifiers.Check(name, item.Find("name"), item.PathOf("name"), faults);
            if (name.Length > 0 && !names.TryAdd(name, node))
            {
                string place = names[name].PlaceSeenFrom(node);
                item.Report("name", $"cannot use name \"{name}\" twice: {place} has it; write another name");
            }

            lanes.Add(ReadLane(item, name, faults));
        }

        return lanes;
    }

    private static TrafficLane ReadLane(Section item, string name, FaultList faults)
    {
        List<string> topics = ReadList(item, "topics", faults, TopicRules.FaultOf);
        List<string> gateways = ReadList(
            item, "gateways", faults, gateway => gateway.Length == 0 ? "it is empty; write a gateway's key" : null);
        if (!item.Has("topics") && !item.Has("gateways"))
        {
            const string Hint = "cannot do without topics or gateways; write \"topics: [plant/+/raw]\"";
            faults.Add(item.Node, item.Path, Hint);
        }

        WhenFull policy = ReadPolicy(item);
        return new TrafficLane(name, topics, gateways, policy, ReadInterval(item, policy));
    }

    private static List<string> ReadList(Section item, string key, FaultList faults, Func<string, string?> faultOf)
    {
        IReadOnlyList<Node> nodes = item.Items(key);
        if (nodes.Count > SiteLimits.LanePatternCountMax)
        {
            string found = $"expected at most {SiteLimits.LanePatternCountMax} {key}, found {nodes.Count}";
            item.Report(key, $"{found}; use wildcards in topic filters");
        }

        var texts = new List<string>();
        foreach (Node node in nodes)
        {
            string path = $"{item.PathOf(key)}[{texts.Count}]";
            if (node.Kind != NodeKind.Scalar)
            {
                faults.Add(node, path, $"expected text, found {node.Describe()}; write one value");
            }
            else if (faultOf(node.Text) is { } fault)
            {
                faults.Add(node, path, $"cannot use \"{node.Text}\": {fault}");
            }

            texts.Add(node.Text);
        }

        return texts;
    }

    private static WhenFull ReadPolicy(Section item)
    {
        string text = item.RequireText("when_full", "drop-oldest");
        if (text.Length > 0 && !Policies.ContainsKey(text))
        {
            string hint = Suggestion.For(text, [.. Policies.Keys]);
            item.Report("when_full", $"cannot use policy \"{text}\": unknown; {hint}");
        }

        return Policies.GetValueOrDefault(text);
    }

    private static long ReadInterval(Section item, WhenFull policy)
    {
        const string Key = "thin_interval";
        if (policy != WhenFull.Thin)
        {
            if (item.Has(Key))
            {
                item.Report(Key, $"cannot use key \"{Key}\" without \"when_full: thin\"; remove it");
            }

            return 0;
        }

        if (!item.Has(Key))
        {
            item.RequireText(Key, "10");
            return 0;
        }

        double seconds = item.Number(Key, 1, SiteLimits.ThinSecondsMin, SiteLimits.SecondsMax);
        return (long)(seconds * Timestamp.NanosecondsPerSecond);
    }
}
