using System.Text;
using Telemetry.Model;
using Telemetry.Mqtt;

namespace Telemetry.Ingestion;

/// <summary>
/// Finds the route of a topic. The answer is remembered per topic, so that a topic seen before costs one lookup by its
/// bytes. One table belongs to one thread.
/// </summary>
internal sealed class RouteTable
{
    private const int RememberedTopicsMax = 200_000; // about 300 B each: 60 MB when a sender makes up topics
    private readonly IReadOnlyList<Route> _routes;
    private readonly Dictionary<byte[], ResolvedTopic?> _topics = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], ResolvedTopic?>.AlternateLookup<ReadOnlySpan<byte>> _byTopic;
    private readonly Dictionary<byte[], ResolvedTopic?> _topicsOfClients = new(BytesComparer.Instance);

    public RouteTable(IEnumerable<RouteDefinition> definitions)
        : this((Route[])[.. definitions.Select(definition => new Route(definition))])
    {
    }

    /// <summary>A table over routes that others have too; their decoders belong to none of them.</summary>
    public RouteTable(IReadOnlyList<Route> routes)
    {
        _routes = routes;
        _byTopic = _topics.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public IReadOnlyList<Route> Routes => _routes;

    /// <summary>
    /// True when some route names the gateway by the topic, so that a lane cannot be told by the sender alone.
    /// </summary>
    public bool NamesGateways => _routes.Any(route => route.NamesGateway);

    /// <summary>The meaning of a topic; null when no route takes it.</summary>
    public ResolvedTopic? Find(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> client)
    {
        if (_byTopic.TryGetValue(topic, out ResolvedTopic? known) && known is not { Route.NamesClient: true })
        {
            return known;
        }

        return FindSlow(topic, client);
    }

    private ResolvedTopic? FindSlow(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> client)
    {
        if (_topics.Count + _topicsOfClients.Count >= RememberedTopicsMax)
        {
            _topics.Clear();
            _topicsOfClients.Clear();
        }

        Route? route = null;
        foreach (Route candidate in _routes)
        {
            if (TopicFilter.Matches(candidate.Filter, topic))
            {
                route = candidate;
                break;
            }
        }

        byte[] topicKey = topic.ToArray();
        if (route is not { NamesClient: true })
        {
            ResolvedTopic? resolved = route?.Resolve(Encoding.UTF8.GetString(topic), Encoding.UTF8.GetString(client));
            _topics[topicKey] = resolved;
            return resolved;
        }

        byte[] key = [.. topic, 0, .. client];
        if (!_topicsOfClients.TryGetValue(key, out ResolvedTopic? ofClient))
        {
            ofClient = route.Resolve(Encoding.UTF8.GetString(topic), Encoding.UTF8.GetString(client));
            _topicsOfClients[key] = ofClient;
            _topics[topicKey] = ofClient;
        }

        return ofClient;
    }
}
