using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>A way to read topics that no route names a format for, to be confirmed by a person.</summary>
/// <param name="Id">The name its route and its file will have.</param>
/// <param name="Format">What people call the format.</param>
/// <param name="Kind">What the messages are about: measurement, event, join, alarm, log, metadata, status,
/// command.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Filter">The topics the route will take.</param>
/// <param name="Decoder">The decoder it names; <c>ignore</c> for what is no measurement.</param>
/// <param name="Topics">Some of the topics seen.</param>
/// <param name="MessageCount">Messages looked at.</param>
/// <param name="Evidence">What speaks for it, one sentence each.</param>
/// <param name="Missing">What must be declared first; empty when it can be confirmed.</param>
/// <param name="Samples">What the messages would give.</param>
/// <param name="Yaml">The text that a confirmation writes; empty for a layout that nobody has declared.</param>
public sealed record TopicProposal(
    string Id,
    string Format,
    string Kind,
    double Confidence,
    string Filter,
    string Decoder,
    IReadOnlyList<string> Topics,
    int MessageCount,
    IReadOnlyList<string> Evidence,
    string Missing,
    IReadOnlyList<ProposedSample> Samples,
    string Yaml)
{
    internal RouteDefinition Route { get; init; } = RouteDefinition.CatchAll;

    internal IReadOnlyList<string> Shapes { get; init; } = [];
}

/// <summary>A sample as a proposed route would store it.</summary>
/// <param name="Series">Measurement and tags in line-protocol form.</param>
/// <param name="Field">The field.</param>
/// <param name="Value">The value.</param>
/// <param name="Time">Event time in ISO 8601; null when the time of arrival stands for it.</param>
/// <param name="Quality">good, uncertain or bad.</param>
/// <param name="Signal">The signal it is bound to; null when it keeps its own name.</param>
public sealed record ProposedSample(
    string Series, string Field, string Value, string? Time, string Quality, string? Signal);
