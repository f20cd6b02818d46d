using System.Text.RegularExpressions;
using Telemetry.Model;
using Telemetry.Recognition;
using Telemetry.Site;

namespace Telemetry.Ingestion;

/// <summary>
/// What could be made of the topics that no route names a format for. Messages are looked at when somebody asks, and
/// again only when more have come; what was stored before a confirmation stays as it was stored.
/// </summary>
public sealed partial class Proposals
{
    private readonly Lock _lock = new();
    private readonly TopicSamples _samples;
    private readonly Func<SiteCatalogue> _site;
    private readonly ISiteChanger _changer;
    private readonly Dictionary<string, (int Count, Proposal? Proposal)> _examined = new(StringComparer.Ordinal);

    /// <param name="samples">The messages.</param>
    /// <param name="site">The site in force.</param>
    /// <param name="changer">Takes a confirmed route.</param>
    public Proposals(TopicSamples samples, Func<SiteCatalogue> site, ISiteChanger changer)
    {
        _samples = samples;
        _site = site;
        _changer = changer;
    }

    /// <summary>All proposals, the surest first.</summary>
    public IReadOnlyList<TopicProposal> All()
    {
        lock (_lock)
        {
            SiteCatalogue site = _site();
            var names = site.Routes.Select(route => route.Name).ToHashSet(StringComparer.Ordinal);
            return
            [
                .. ExamineLocked()
                    .OrderByDescending(found => found.Proposal.Confidence)
                    .ThenBy(found => found.Proposal.Route.Filter, StringComparer.Ordinal)
                    .Select(found => Show(found, NameFor(found.Proposal.Route.Name, names), site)),
            ];
        }
    }

    /// <summary>Writes the route of a proposal beside the site file and puts it into force.</summary>
    /// <param name="id">The proposal.</param>
    /// <param name="name">Another name for route and file; null for the proposal's own.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null when there is no such proposal.</returns>
    public async Task<SiteChangeAnswer?> ConfirmAsync(string id, string? name, CancellationToken cancellationToken)
    {
        if (All().FirstOrDefault(proposal => proposal.Id == id) is not { } proposal)
        {
            return null;
        }

        if (proposal.Missing.Length > 0)
        {
            return new SiteChangeAnswer(false, $"cannot confirm \"{id}\": it wants {proposal.Missing}");
        }

        name ??= proposal.Id;
        if (!FileName().IsMatch(name))
        {
            return new SiteChangeAnswer(
                false, $"cannot use name \"{name}\": write at most 64 small letters, digits and dashes");
        }

        if (name != proposal.Id && _site().Routes.Any(route => route.Name == name))
        {
            return new SiteChangeAnswer(false, $"cannot use name \"{name}\": another route has it; write another name");
        }

        SiteChangeAnswer answer = await _changer.AddRouteAsync(
            name, YamlOf(proposal.Route with { Name = name }, proposal.Evidence), cancellationToken);
        foreach (string shape in answer.IsDone ? proposal.Shapes : [])
        {
            _samples.Close(shape);
        }

        return answer;
    }

    private static string YamlOf(RouteDefinition route, IReadOnlyList<string> evidence) =>
        RouteYaml.Render(route, [.. evidence]);

    private List<Found> ExamineLocked()
    {
        var found = new List<Found>();
        foreach (SampledShape shape in _samples.All())
        {
            if (!_examined.TryGetValue(shape.Filter, out var known) || known.Count != shape.Messages.Count)
            {
                ReceivedPayload[] payloads =
                    [.. shape.Messages.Select(message => new ReceivedPayload(message.Payload, message.Arrival))];
                known = (shape.Messages.Count, FormatRecogniser.Examine(shape.Messages[0].Topic, payloads));
                _examined[shape.Filter] = known;
            }

            if (known.Proposal is { } proposal)
            {
                found.Add(new Found(proposal, [shape]));
            }
        }

        return
        [
            .. found
                .GroupBy(each => RouteYaml.Render(each.Proposal.Route with { Name = "" }), StringComparer.Ordinal)
                .Select(Join),
        ];
    }

    /// <summary>One proposal of those with the same route: the surest measurement where there is one.</summary>
    private static Found Join(IEnumerable<Found> same)
    {
        Found[] all =
        [
            .. same.OrderByDescending(each => each.Proposal.Kind == MessageKind.Measurement)
                .ThenByDescending(each => each.Proposal.Confidence),
        ];
        string[] others = [.. all.Select(each => each.Proposal.Format).Distinct().Skip(1)];
        Proposal best = all[0].Proposal;
        return new Found(
            best with
            {
                Evidence = [.. best.Evidence, .. others.Select(other => $"the route is also that of {other}")],
            },
            [.. all.SelectMany(each => each.Shapes)]);
    }

    private static TopicProposal Show(Found found, string name, SiteCatalogue site)
    {
        Proposal proposal = found.Proposal;
        RouteDefinition route = proposal.Route with { Name = name };
        SampledMessage[] messages = [.. found.Shapes.SelectMany(shape => shape.Messages)];
        var samples = ProposalPreview.Of(route, site, messages, out IReadOnlyList<string> faults);
        string[] evidence = [.. proposal.Evidence, .. faults];
        return new TopicProposal(
            name,
            proposal.Format,
            proposal.Kind.ToString().ToLowerInvariant(),
            proposal.Confidence,
            route.Filter,
            route.Decoder,
            [.. messages.Select(message => message.Topic).Distinct()],
            messages.Length,
            evidence,
            proposal.Missing,
            samples,
            route.Decoder == "binary" ? "" : YamlOf(route, evidence))
        {
            Route = route,
            Shapes = [.. found.Shapes.Select(shape => shape.Filter)],
        };
    }

    /// <summary>The name, with a number behind it where it is taken.</summary>
    private static string NameFor(string name, HashSet<string> taken)
    {
        string free = name;
        for (int i = 2; !taken.Add(free); i++)
        {
            free = $"{name}-{i}";
        }

        return free;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$")]
    private static partial Regex FileName();

    private sealed record Found(Proposal Proposal, IReadOnlyList<SampledShape> Shapes);
}
