using System.Text;
using System.Text.Unicode;
using Telemetry.Model;

namespace Telemetry.Recognition;

/// <summary>Describes a payload that no known format has, by its structure alone.</summary>
internal static class UnknownFormat
{
    /// <summary>Structure is a guess; a known format is at least this sure.</summary>
    public const double ConfidenceMax = 0.5;

    public static Proposal Propose(TopicSample sample)
    {
        if (EventWords.FindIn(sample) is { } words)
        {
            return NoMeasurement(sample, words.Kind, words.Sentence);
        }

        SampledPayload first = sample.Payloads[0];
        if (first.Root is not null)
        {
            return JsonStructure.Propose(sample);
        }

        return !Utf8.IsValid(first.Bytes.Span) || first.Bytes.Span.Contains((byte)0)
            ? BinaryStructure.Propose(sample)
            : CsvStructure.Propose(sample)
                ?? NoMeasurement(sample, MessageKind.Event, $"text without a structure: {Quote(first.Bytes.Span)}");
    }

    public static Proposal NoMeasurement(TopicSample sample, MessageKind kind, string sentence) => new()
    {
        Format = "no measurement",
        Kind = kind,
        Route = RouteOf(sample, KnownFormat.Ignored, "nothing"),
        Confidence = ConfidenceMax,
        Evidence = [sentence, "nothing of it would be stored; confirm only when that is meant"],
    };

    /// <summary>A route for topics like the sample's, named by their words.</summary>
    public static RouteDefinition RouteOf(TopicSample sample, RouteDefinition route, string name)
    {
        string filter = TopicShape.FilterOf(sample.Levels, sample.IsNamedInBody);
        return route with { Name = RouteName.Of($"{name} {filter}"), Filter = filter };
    }

    /// <summary>The same route for values that the last level of the topic names, of what the others say.</summary>
    public static RouteDefinition NamedByLastLevel(RouteDefinition route)
    {
        int last = route.Filter.Count(c => c == '/') + 1;
        return route with
        {
            Filter = route.Filter[..(route.Filter.LastIndexOf('/') + 1)] + "+",
            Measurement = "{1}",
            Tags = [.. Enumerable.Range(2, last - 2).Select(level => new Tag($"level{level}", $"{{{level}}}"))],
            Field = $"{{{last}}}",
        };
    }

    private static string Quote(ReadOnlySpan<byte> text)
    {
        string all = Encoding.UTF8.GetString(text);
        bool isLong = all.Length > RecognitionLimits.QuotedCharactersMax;
        return isLong ? all[..RecognitionLimits.QuotedCharactersMax] + "…" : all;
    }
}
