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
    private const int RememberedTopicsMax = 200_000; // with their bytes counted besides
    private const int EntryBytes = 200; // of a dictionary's entry and the objects behind it, without their names
    private readonly IReadOnlyList<Route> _routes;
    private readonly ByteKeyTable<ResolvedTopic?> _topics = new();
    private readonly ByteKeyTable<ResolvedTopic?> _topicsOfClients = new();
    private long _rememberedBytes;

    public RouteTable(IEnumerable<RouteDefinition> definitions)
        : this((Route[])[.. definitions.Select(definition => new Route(definition))])
    {
    }

    /// <summary>A table over routes that others have too; their decoders belong to none of them.</summary>
    public RouteTable(IReadOnlyList<Route> routes) => _routes = routes;

    public IReadOnlyList<Route> Routes => _routes;

    /// <summary>
    /// True when some route names the gateway by the topic, so that a lane cannot be told by the sender alone.
    /// </summary>
    public bool NamesGateways => _routes.Any(route => route.NamesGateway);

    /// <summary>The meaning of a topic; null when no route takes it.</summary>
    public ResolvedTopic? Find(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> client)
    {
        if (_topics.TryFind(topic, out ResolvedTopic? known) && known is not { Route.NamesClient: true })
        {
            return known;
        }

        return FindSlow(topic, client);
    }

    /// <summary>Topics remembered now; for tests.</summary>
    internal int RememberedCount => _topics.Count + _topicsOfClients.Count;

    private ResolvedTopic? FindSlow(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> client)
    {
        if (RememberedCount >= RememberedTopicsMax || _rememberedBytes >= IngestionLimits.RouteTableBytesMax)
        {
            _topics.Clear();
            _topicsOfClients.Clear();
            _rememberedBytes = 0;
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

        if (topic.Length > IngestionLimits.RememberedTopicBytesMax)
        {
            return Resolve(route, topic, client);
        }

        if (route is not { NamesClient: true })
        {
            ResolvedTopic? resolved = Resolve(route, topic, client);
            Remember(_topics, topic, resolved);
            return resolved;
        }

        byte[] key = [.. topic, 0, .. client];
        if (!_topicsOfClients.TryFind(key, out ResolvedTopic? ofClient))
        {
            ofClient = Resolve(route, topic, client);
            Remember(_topicsOfClients, key, ofClient);
            Remember(_topics, topic, ofClient);
        }

        return ofClient;
    }

    private static ResolvedTopic? Resolve(Route? route, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> client) =>
        route?.Resolve(Encoding.UTF8.GetString(topic), Encoding.UTF8.GetString(client));

    private void Remember(ByteKeyTable<ResolvedTopic?> topics, ReadOnlySpan<byte> key, ResolvedTopic? meaning)
    {
        if (!topics.TryAdd(key, meaning))
        {
            return; // of another client
        }

        _rememberedBytes += EntryBytes + key.Length + (meaning is null
            ? 0
            : meaning.Series.Length + meaning.ExtraTags.Length + (3 * (meaning.GatewayKeyBytes?.Length ?? 0)));
    }
}
