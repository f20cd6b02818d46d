namespace Telemetry.Recognition;

/// <summary>
/// Looks at a topic and its first messages and proposes how to read them. Known formats are told by topic, keys and
/// values; of unknown ones the structure is described. What is no measurement is never proposed as one.
/// </summary>
public static class FormatRecogniser
{
    /// <summary>The names of the formats that are known.</summary>
    public static IReadOnlyList<string> Formats { get; } =
        [.. KnownFormats.All.Select(format => format.Name).Distinct()];

    /// <summary>Proposes a route.</summary>
    /// <param name="topic">The topic name.</param>
    /// <param name="payloads">First messages on it; some suffice, and one is enough.</param>
    /// <returns>The best proposal; null when no message has anything in it to look at.</returns>
    public static Proposal? Examine(string topic, params IReadOnlyList<ReceivedPayload> payloads)
    {
        var sample = TopicSample.Of(topic, payloads);
        if (sample.Payloads.Count == 0)
        {
            return null;
        }

        FormatMatch? best = Matches(sample).FirstOrDefault();
        return best?.Propose() ?? UnknownFormat.Propose(sample);
    }

    /// <summary>The names of all known formats that fit, the best first, with what ranks them.</summary>
    public static IReadOnlyList<(string Format, double Score)> Scores(
        string topic, params IReadOnlyList<ReceivedPayload> payloads) =>
        [.. Matches(TopicSample.Of(topic, payloads)).Select(match => (match.Format.Name, match.Score))];

    /// <summary>All formats that fit, the best first; where two fit equally, the one that stores nothing.</summary>
    internal static IEnumerable<FormatMatch> Matches(TopicSample sample) => KnownFormats.All
        .Select(format => FormatMatch.Try(format, sample))
        .OfType<FormatMatch>()
        .OrderByDescending(match => match.IsSafe)
        .ThenByDescending(match => match.Score)
        .ThenBy(match => match.Format.Kind == MessageKind.Measurement);
}
