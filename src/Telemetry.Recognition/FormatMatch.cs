using Telemetry.Model;

namespace Telemetry.Recognition;

/// <summary>A format that some payloads of a topic have, and how sure that is.</summary>
internal sealed class FormatMatch
{
    private const double TopicWeight = 2; // a documented topic is chosen by nobody by chance
    private const double ConfidenceMax = 0.99;
    private readonly TopicSample _sample;
    private readonly int _offset;
    private readonly string _topicFilter;
    private readonly List<string> _evidence;
    private readonly int _fitting;
    private readonly double _weight;

    private FormatMatch(
        KnownFormat format, TopicSample sample, (string Filter, int Offset) topic, List<string> evidence, int fitting)
    {
        evidence.AddRange(HintsIn(sample, format, out double hintWeight));
        Format = format;
        _sample = sample;
        (_topicFilter, _offset) = topic;
        _evidence = evidence;
        _fitting = fitting;
        _weight = format.Clues.Sum(clue => clue.Shape.Weight)
            + hintWeight
            + (format.Body is null ? 0 : 1)
            + (HasTopic ? TopicWeight : 0);
    }

    public KnownFormat Format { get; }

    /// <summary>What ranks matches: the clues found, by the share of payloads that have them.</summary>
    public double Score => _weight * _fitting / _sample.Payloads.Count;

    /// <summary>Each clue halves the doubt that is left; what not every payload has is so much less sure.</summary>
    public double Confidence =>
        Math.Round(Math.Min(ConfidenceMax, 1 - Math.Pow(0.5, _weight)) * _fitting / _sample.Payloads.Count, 2);

    /// <summary>
    /// A format of no measurements counts only when every payload has it: a route that ignores loses what else comes.
    /// </summary>
    public bool IsSafe => Format.Kind == MessageKind.Measurement || _fitting == _sample.Payloads.Count;

    private bool HasTopic => _offset >= 0;

    /// <summary>Compares a format with what was seen; null when it is another.</summary>
    public static FormatMatch? Try(KnownFormat format, TopicSample sample)
    {
        (string Filter, int Offset) topic = format.Topics
            .Select(filter => (filter, TopicShape.OffsetOf(filter, sample.Levels)))
            .Append(("", -1))
            .FirstOrDefault(found => found.Item2 >= 0, ("", -1));
        if (format.NeedsTopic && topic.Offset < 0)
        {
            return null;
        }

        string[]?[] found = [.. sample.Payloads.Select(payload => CluesIn(format, payload))];
        string[]? first = found.FirstOrDefault(clues => clues is not null);
        if (first is null)
        {
            return null;
        }

        List<string> evidence = [.. first];
        if (topic.Offset >= 0)
        {
            evidence.Insert(0, $"topic {sample.Topic} is taken by {topic.Filter}, which the maker documents");
        }

        return new FormatMatch(format, sample, topic, evidence, found.Count(clues => clues is not null));
    }

    /// <summary>The route for a person to confirm.</summary>
    public Proposal Propose()
    {
        int count = _sample.Payloads.Count;
        if (_fitting < count)
        {
            _evidence.Add($"{_fitting} of {count} messages fit, the others are of another kind");
        }

        if (Format.Advice.Length > 0)
        {
            _evidence.Add(Format.Advice);
        }

        var proposal = new Proposal
        {
            Format = Format.Name,
            Kind = Format.Kind,
            Route = HasTopic ? RouteOfDocumentedTopic() : RouteOfOwnTopic(),
            Confidence = Confidence,
            Evidence = _evidence,
            Missing = Format.Missing,
        };
        return Format.Fit?.Invoke(_sample, proposal) ?? proposal;
    }

    private static string[] HintsIn(TopicSample sample, KnownFormat format, out double weight)
    {
        PayloadNode? root = sample.Payloads.Select(payload => payload.Root).FirstOrDefault(root => root is not null);
        (Clue Clue, string? Found)[] hints =
            [.. format.Hints.Select(hint => (hint, root is null ? null : hint.FindIn(root)))];
        weight = hints.Where(hint => hint.Found is not null).Sum(hint => hint.Clue.Shape.Weight);
        return [.. hints.Select(hint => hint.Found).OfType<string>()];
    }

    /// <summary>What was found of a format in one payload; null when something is missing.</summary>
    private static string[]? CluesIn(KnownFormat format, SampledPayload payload)
    {
        string? body = format.Body?.Invoke(payload.Bytes);
        if (format.Body is not null)
        {
            return body is null ? null : [body];
        }

        if (payload.Root is not { } root || format.Lacks.Any(path => root.At(path).Any()))
        {
            return null;
        }

        string?[] found = [.. format.Clues.Select(clue => clue.FindIn(root))];
        return found.Contains(null) ? null : [.. found.Select(clue => clue!)];
    }

    private RouteDefinition RouteOfDocumentedTopic()
    {
        string before = string.Concat(_sample.Levels.Take(_offset).Select(level => level + "/"));
        RouteDefinition route = Format.Route;
        return route with
        {
            Name = RouteName.Of(Format.Name),
            Filter = before + (Format.RouteFilter.Length > 0 ? Format.RouteFilter : _topicFilter),
            Field = TopicShape.Shift(route.Field, _offset),
            Measurement = TopicShape.Shift(route.Measurement, _offset),
            GatewayKey = TopicShape.Shift(route.GatewayKey, _offset),
            Tags = [.. route.Tags.Select(tag => tag with { Value = TopicShape.Shift(tag.Value, _offset) })],
        };
    }

    /// <summary>
    /// On a topic of the user's own the levels mean what the user meant: they become tags by themselves.
    /// </summary>
    private RouteDefinition RouteOfOwnTopic()
    {
        RouteDefinition route = Format.Route;
        string filter = TopicShape.FilterOf(_sample.Levels, _sample.IsNamedInBody);
        if (filter != _sample.Topic)
        {
            _evidence.Add($"levels of topic {_sample.Topic} that name one device are left open: {filter}");
        }

        return route with
        {
            Name = RouteName.Of(Format.Name),
            Filter = filter,
            Field = route.Field.Contains('{') ? "" : route.Field,
            Measurement = route.Measurement.Contains('{') ? "" : route.Measurement,
            GatewayKey = route.GatewayKey.Contains('{') ? "" : route.GatewayKey,
            Tags = [.. route.Tags.Where(tag => !tag.Value.Contains('{'))],
        };
    }
}
