using Telemetry.Model;

namespace Telemetry.Recognition;

/// <summary>
/// JSON of an unknown maker: an array of samples that say their names, an object of samples under their names, or
/// numbers that are named by their keys.
/// </summary>
internal static class JsonStructure
{
    private const double OfNamedSamples = 0.5;
    private const double OfPlainNumbers = 0.4;

    public static Proposal Propose(TopicSample sample)
    {
        PayloadNode root = sample.Payloads[0].Root!;
        if (!root.All().Any(node => node.Kind is NodeKind.Number or NodeKind.Truth))
        {
            return UnknownFormat.NoMeasurement(sample, MessageKind.Event, "no number or truth value in it");
        }

        List<string> evidence = [];
        return ListOfSamples(root, "") is { } list ? Named(sample, list, evidence)
            : ObjectOfSamples(root, "") is { } members ? Keyed(sample, members, evidence)
            : IsSingle(sample, root) ? Single(sample, root, evidence)
            : Plain(sample, root, evidence);
    }

    private static Proposal Named(TopicSample sample, (string Path, PayloadNode Element) list, List<string> evidence)
    {
        string name = UsualKeys.NameIn(list.Element)!;
        string value = UsualKeys.ValueIn(list.Element)!;
        string place = list.Path.Length == 0 ? "the payload" : $"key {list.Path}";
        evidence.Add($"{place} is an array of objects with a name ({name}) and a value ({value})");
        var mapping = new JsonMapping { Samples = list.Path, Name = name, Value = value };
        return Of("JSON samples with names", sample, WithTime(mapping, sample, list.Element, evidence), evidence);
    }

    private static Proposal Keyed(TopicSample sample, (string Path, PayloadNode Element) members, List<string> evidence)
    {
        string value = UsualKeys.ValueIn(members.Element)!;
        evidence.Add($"key {members.Path} is an object of objects with a value ({value}) each, named by their keys");
        var mapping = new JsonMapping { Samples = members.Path, Value = value };
        return Of("JSON samples under names", sample, WithTime(mapping, sample, members.Element, evidence), evidence);
    }

    private static Proposal Plain(TopicSample sample, PayloadNode root, List<string> evidence)
    {
        int count = root.All().Count(node => node.Kind is NodeKind.Number or NodeKind.Truth);
        evidence.Add($"{count} numbers and truth values, named by their keys");
        PayloadNode first = root.At("").First();
        return Of("JSON values", sample, WithTime(new JsonMapping(), sample, first, evidence), evidence);
    }

    /// <summary>A value alone, or beside its time: the topic names it.</summary>
    private static Proposal Single(TopicSample sample, PayloadNode root, List<string> evidence)
    {
        string value = UsualKeys.ValueIn(root)!;
        evidence.Add($"key {value} has the one value; the last level of the topic names it: {sample.Levels[^1]}");
        JsonMapping mapping = WithTime(new JsonMapping { Value = value }, sample, root, evidence);
        Proposal proposal = Of("JSON value named by topic", sample, mapping, evidence);
        RouteDefinition route = UnknownFormat.NamedByLastLevel(proposal.Route);
        return proposal with { Route = route with { Name = RouteName.Of($"json {route.Filter}") } };
    }

    private static bool IsSingle(TopicSample sample, PayloadNode root) =>
        sample.Levels.Count > 1
        && UsualKeys.ValueIn(root) is { } value
        && root.Members.All(member => member.Key == value
            || member.Key == UsualKeys.QualityIn(root)
            || member.Key == UsualKeys.TimeIn(root)?.Key
            || member.Value.Kind is NodeKind.Text or NodeKind.Null);

    private static JsonMapping WithTime(
        JsonMapping mapping, TopicSample sample, PayloadNode element, List<string> evidence)
    {
        PayloadNode root = sample.Payloads[0].Root!.At("").First();
        string quality = mapping.Value.Length > 0 ? UsualKeys.QualityIn(element) ?? "" : "";
        if (quality.Length > 0)
        {
            evidence.Add($"key {quality} beside the value is taken for its quality");
        }

        if ((UsualKeys.TimeIn(element) ?? UsualKeys.TimeIn(root)) is not { } time)
        {
            evidence.Add("no time was found: the time of arrival stands for it");
            return mapping with { Quality = quality };
        }

        if (ValueShape.LocalTime.Fits(time.Node))
        {
            evidence.Add($"key {time.Key} is a local time without zone: the time of arrival stands for it");
            return mapping with { Quality = quality };
        }

        string unit = time.Node.Kind == NodeKind.Number ? time.Precision.ToString().ToLowerInvariant() : "ISO 8601";
        evidence.Add($"key {time.Key} is a time in {unit}: {time.Node.Text}");
        return mapping with { Quality = quality, Time = time.Key, Precision = time.Precision };
    }

    private static Proposal Of(string format, TopicSample sample, JsonMapping mapping, List<string> evidence)
    {
        RouteDefinition route = UnknownFormat.RouteOf(sample, KnownFormat.Json(mapping), "json");
        return new Proposal
        {
            Format = format,
            Kind = MessageKind.Measurement,
            Route = route,
            Confidence = mapping.Value.Length > 0 ? OfNamedSamples : OfPlainNumbers,
            Evidence = evidence,
        };
    }

    /// <summary>The first array all of whose elements have a name and a value, and the path to it.</summary>
    private static (string Path, PayloadNode Element)? ListOfSamples(PayloadNode node, string path)
    {
        if (node.Kind == NodeKind.Array && node.Items.Count > 0 && node.Items.All(item =>
            UsualKeys.NameIn(item) is not null && UsualKeys.ValueIn(item) is not null))
        {
            return (path, node.Items[0]);
        }

        return Below(node, path, ListOfSamples);
    }

    /// <summary>The first object all of whose members have a value.</summary>
    private static (string Path, PayloadNode Element)? ObjectOfSamples(PayloadNode node, string path)
    {
        bool isFound = path.Length > 0
            && node.Kind == NodeKind.Object
            && node.Members.Count > 0
            && node.Members.All(member => UsualKeys.ValueIn(member.Value) is not null);
        return isFound ? (path, node.Members[0].Value) : Below(node, path, ObjectOfSamples);
    }

    private static (string Path, PayloadNode Element)? Below(
        PayloadNode node, string path, Func<PayloadNode, string, (string Path, PayloadNode Element)?> find)
    {
        foreach ((string key, PayloadNode member) in node.Members)
        {
            string name = key.Replace(".", "\\.", StringComparison.Ordinal);
            string array = member.Kind == NodeKind.Array ? "[]" : "";
            if (find(member, path.Length == 0 ? name + array : $"{path}.{name}{array}") is { } found)
            {
                return found;
            }
        }

        return node.Items.Select(item => find(item, path)).FirstOrDefault(found => found is not null);
    }
}
