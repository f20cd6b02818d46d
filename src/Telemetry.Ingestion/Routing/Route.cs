using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>A compiled route: which topics it takes, and what a topic's levels say about its series.</summary>
internal sealed class Route
{
    private const int SparkplugLevels = 4; // namespace, group, kind, node
    private readonly TopicTemplate _measurement;
    private readonly TopicTemplate _field;
    private readonly TopicTemplate _gatewayKey;
    private readonly (string Key, TopicTemplate Value)[] _tags;

    public Route(RouteDefinition definition)
    {
        Definition = definition;
        Filter = Encoding.UTF8.GetBytes(definition.Filter);
        _measurement = new TopicTemplate(definition.Measurement);
        _field = new TopicTemplate(definition.Field);
        _gatewayKey = new TopicTemplate(definition.GatewayKey);
        _tags = [.. definition.Tags.Select(tag => (tag.Key, new TopicTemplate(tag.Value)))];
        Decoder = definition.Decoder == "ignore" ? null : DecoderCatalogue.Create(definition);
        NamesClient = _measurement.NamesClient || _field.NamesClient || _gatewayKey.NamesClient
            || _tags.Any(tag => tag.Value.NamesClient);
    }

    public RouteDefinition Definition { get; }

    public byte[] Filter { get; }

    /// <summary>Null for a route whose messages are received and no measurement.</summary>
    public IRouteDecoder? Decoder { get; }

    /// <summary>True when what a topic means depends on who sent it.</summary>
    public bool NamesClient { get; }

    /// <summary>True when the gateway is named by the topic and not by the connection.</summary>
    public bool NamesGateway => !_gatewayKey.IsEmpty || Decoder is SparkplugRouteDecoder;

    /// <summary>What a topic means on this route.</summary>
    public ResolvedTopic Resolve(string topic, string client)
    {
        string[] levels = topic.Split('/');
        string measurement = _measurement.Render(topic, client);
        IEnumerable<Tag> tags = _tags.Select(tag => new Tag(tag.Key, tag.Value.Render(topic, client)));
        if (_measurement.IsEmpty && Decoder is SparkplugRouteDecoder && levels.Length >= SparkplugLevels)
        {
            measurement = levels[1];
            string device = levels.ElementAtOrDefault(4) ?? "";
            tags = tags.Append(new Tag("node", levels[3])).Append(new Tag("device", device));
        }
        else if (_measurement.IsEmpty)
        {
            measurement = levels[0].Length > 0 ? levels[0] : "message";
            tags = tags.Concat(levels.Skip(1).Select((level, i) => new Tag(LevelTag(i + 2), level)));
        }

        byte[] series = SeriesKey.Render(measurement, tags);
        byte[] ownTags = SeriesKey.Render("m", _tags.Select(tag => new Tag(tag.Key, tag.Value.Render(topic, client))));
        string gateway = _gatewayKey.Render(topic, client);
        gateway = gateway.Length == 0 && Decoder is SparkplugRouteDecoder && levels.Length >= SparkplugLevels
            ? $"{levels[1]}/{levels[3]}"
            : gateway;
        return new ResolvedTopic(this, series, ownTags[1..], gateway.Length > 0 ? gateway : null)
        {
            Field = Encoding.UTF8.GetBytes(_field.Render(topic, client)),
        };
    }

    /// <summary>Name of the tag that carries a topic level of a route without tags of its own.</summary>
    private static string LevelTag(int level) => string.Create(null, $"level{level}");
}

/// <summary>What a topic means on its route; made once per topic.</summary>
/// <param name="Route">The route that takes it.</param>
/// <param name="Series">Measurement and tags for formats that have none of their own, line-protocol form.</param>
/// <param name="ExtraTags">Tags for formats with their own, <c>,key=value…</c>; may be empty.</param>
/// <param name="GatewayKey">The gateway as the topic names it; null: the sender is the gateway.</param>
internal sealed record ResolvedTopic(Route Route, byte[] Series, byte[] ExtraTags, string? GatewayKey)
{
    /// <summary>
    /// The route leaves the format open, and fewer messages of the topic than wanted were kept to tell it by.
    /// </summary>
    public bool WantsSample { get; set; } = Route.Definition.Decoder == "auto";

    /// <summary>Name of a value that comes without one; may be empty.</summary>
    public byte[] Field { get; init; } = [];

    /// <summary>The gateway key as UTF-8, made once: every message of the topic asks for it.</summary>
    public byte[]? GatewayKeyBytes { get; } = GatewayKey is null ? null : Encoding.UTF8.GetBytes(GatewayKey);
}
