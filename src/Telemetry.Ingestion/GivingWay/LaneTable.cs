using System.Text;
using Telemetry.Model;
using Telemetry.Mqtt;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Which messages of the log may give way by the lanes of a site, the first that holds a message deciding. What others
/// depend on never does: retained messages, those of Sparkplug B, and what is no message of a gateway. Belongs to one
/// thread.
/// </summary>
internal sealed class LaneTable
{
    private const int None = int.MaxValue;
    private readonly byte[][][] _filters;
    private readonly Dictionary<byte[], int> _byGateway = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], int> _byTopic = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _gateways;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _topics;
    private readonly RouteTable _routes;

    public LaneTable(SiteCatalogue site)
    {
        Lanes = site.Lanes;
        _routes = new RouteTable(site.Routes);
        _filters = [.. Lanes.Select(lane => lane.Topics.Select(Encoding.UTF8.GetBytes).ToArray())];
        _gateways = _byGateway.GetAlternateLookup<ReadOnlySpan<byte>>();
        _topics = _byTopic.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int i = 0; i < Lanes.Count; i++)
        {
            foreach (string gateway in Lanes[i].Gateways)
            {
                _byGateway.TryAdd(Encoding.UTF8.GetBytes(gateway), i);
            }
        }
    }

    /// <summary>The lanes as the site has them.</summary>
    public IReadOnlyList<TrafficLane> Lanes { get; }

    /// <summary>Whether any message may give way.</summary>
    public bool GivesWay => Lanes.Any(lane => lane.WhenFull != WhenFull.Refuse);

    /// <summary>Whether messages of a lane are to be thinned.</summary>
    public bool Thins => Lanes.Any(lane => lane.WhenFull == WhenFull.Thin);

    /// <summary>Topics remembered now; for tests.</summary>
    internal int RememberedCount => _byTopic.Count;

    /// <summary>The index of the lane by which a record may give way; false when it stays.</summary>
    /// <param name="record">The record.</param>
    /// <param name="lane">Index in <see cref="Lanes"/>.</param>
    /// <param name="gateway">Key of the gateway that sent it.</param>
    public bool TryFind(in RecordView record, out int lane, out ReadOnlySpan<byte> gateway)
    {
        lane = None;
        gateway = default;
        if (record.IsDropped || !LedgerAudit.IsMessage(record.Kind))
        {
            return false;
        }

        MessageRecord message = MessageRecord.Read(record.Body);
        bool isPublish = record.Kind == (byte)RecordKind.Publish;
        ResolvedTopic? topic = isPublish ? _routes.Find(message.Topic, message.Client) : null;
        gateway = topic?.GatewayKeyBytes is { } key ? key : message.Gateway;
        bool stays = message.Retain
            || gateway.Length > IngestionLimits.RememberedTopicBytesMax
            || topic is { Route.Decoder: SparkplugRouteDecoder };
        if (stays)
        {
            return false;
        }

        int byGateway = _gateways.TryGetValue(gateway, out int index) ? index : None;
        lane = isPublish ? Math.Min(byGateway, OfTopic(message.Topic)) : byGateway;
        return lane != None && Lanes[lane].WhenFull != WhenFull.Refuse;
    }

    private int OfTopic(ReadOnlySpan<byte> topic)
    {
        if (_topics.TryGetValue(topic, out int known))
        {
            return known;
        }

        int lane = FirstOf(topic);
        if (topic.Length <= IngestionLimits.RememberedTopicBytesMax)
        {
            if (_byTopic.Count == IngestionLimits.LaneTopicsMax)
            {
                _byTopic.Clear();
            }

            _byTopic.Add(topic.ToArray(), lane);
        }

        return lane;
    }

    private int FirstOf(ReadOnlySpan<byte> topic)
    {
        for (int i = 0; i < _filters.Length; i++)
        {
            foreach (byte[] filter in _filters[i])
            {
                if (TopicFilter.Matches(filter, topic))
                {
                    return i;
                }
            }
        }

        return None;
    }
}
