using Telemetry.Model;

namespace Telemetry.Recognition;

/// <summary>A format by what gives it away, and the route that reads it.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">What its messages are about.</param>
internal sealed record KnownFormat(string Name, MessageKind Kind)
{
    /// <summary>
    /// Filters of the topics that the maker documents; none where the topic is the user's. Levels in templates of
    /// <see cref="Route"/> count from the first level of these.
    /// </summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>The body alone is not enough: many others look like it.</summary>
    public bool NeedsTopic { get; init; }

    /// <summary>What stands in every payload; none where the topic says all.</summary>
    public IReadOnlyList<Clue> Clues { get; init; } = [];

    /// <summary>What stands in most payloads of it and makes it surer.</summary>
    public IReadOnlyList<Clue> Hints { get; init; } = [];

    /// <summary>What stands in no payload of it, since then it is another format.</summary>
    public IReadOnlyList<string> Lacks { get; init; } = [];

    /// <summary>A test of the payload itself, for formats that are no JSON.</summary>
    public Func<ReadOnlyMemory<byte>, string?>? Body { get; init; }

    /// <summary>The route that reads it; name and topic filter are set by who proposes it.</summary>
    public RouteDefinition Route { get; init; } = Ignored;

    /// <summary>Adds what only the messages themselves can say; null when nothing.</summary>
    public Func<TopicSample, Proposal, Proposal>? Fit { get; init; }

    /// <summary>Why it cannot be confirmed; empty when it can.</summary>
    public string Missing { get; init; } = "";

    /// <summary>The filter of the route where it takes more than the topics; empty when it does not.</summary>
    public string RouteFilter { get; init; } = "";

    /// <summary>A word on what to look at before confirming; empty for none.</summary>
    public string Advice { get; init; } = "";

    /// <summary>Why a route for what is no measurement names a decoder.</summary>
    public const string SharedTopic =
        "measurements come on the same topics: the route reads those and nothing of messages like this";

    /// <summary>Received, acknowledged, nothing stored.</summary>
    public static RouteDefinition Ignored { get; } = new() { Name = "", Filter = "", Decoder = "ignore" };

    /// <summary>JSON with a mapping.</summary>
    public static RouteDefinition Json(JsonMapping? mapping, string measurement = "", params Tag[] tags) => new()
    {
        Name = "",
        Filter = "",
        Decoder = "json",
        Json = mapping,
        Measurement = measurement,
        Tags = tags,
    };

    /// <summary>JSON of which several mappings read their parts.</summary>
    public static RouteDefinition Json(JsonMapping[] mappings, string measurement = "", params Tag[] tags) =>
        Json(mappings[0] with { Others = mappings[1..] }, measurement, tags);
}
