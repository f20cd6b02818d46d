using System.Text;
using Telemetry.Model;
using Telemetry.Mqtt;
using Telemetry.Site.Reading;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Says what the last messages of a topic became, and why not: reads them from the spool and decodes them once more
/// with a decoder that has the state of that place, as a consumer that lags does. Nothing is counted or stored by it.
/// One look at a time.
/// </summary>
public sealed class TopicExplainer
{
    /// <summary>Messages that one look may ask for.</summary>
    public const int MessagesMax = 100;

    private const int SamplesToldMax = 100; // of one message
    private const int SimilarTopicsMax = 10;
    private const int SessionsMax = 50;
    private readonly Lock _turn = new();
    private readonly Spool.Spool _spool;
    private readonly DecodedLog _log;
    private readonly SeriesCatalogue _catalogue;
    private readonly Func<SiteCatalogue> _site;
    private readonly Quarantine _quarantine;
    private readonly Func<IEnumerable<ExplainedSession>> _sessions;
    private readonly TimeProvider _time;

    internal TopicExplainer(
        Spool.Spool spool,
        DecodedLog log,
        SeriesCatalogue catalogue,
        Func<SiteCatalogue> site,
        Quarantine quarantine,
        Func<IEnumerable<ExplainedSession>> sessions,
        TimeProvider time)
    {
        _spool = spool;
        _log = log;
        _catalogue = catalogue;
        _site = site;
        _quarantine = quarantine;
        _sessions = sessions;
        _time = time;
    }

    /// <summary>True for what can be asked: a topic or topic filter (MQTT 5.0 §4.7).</summary>
    public static bool IsValid(string topic) => TopicFilter.IsValid(Encoding.UTF8.GetBytes(topic));

    /// <summary>Looks at the last messages of a valid topic filter.</summary>
    /// <param name="topic">Topic or topic filter.</param>
    /// <param name="countMax">How many messages, at most <see cref="MessagesMax"/>.</param>
    /// <param name="cancellationToken">The asker went away.</param>
    public TopicExplanation Explain(string topic, int countMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        lock (_turn)
        {
            var search = new TopicSearch(_spool, topic, Math.Clamp(countMax, 1, MessagesMax), _time);
            IReadOnlyList<long> found = search.Run(cancellationToken);
            bool isNone = found.Count == 0;
            return new TopicExplanation
            {
                Topic = topic,
                SearchedBytes = search.SearchedBytes,
                SearchedFrom = search.SearchedFrom,
                Messages = Explain(found),
                Route = RouteOf(topic),
                SimilarTopics = isNone ? Similar(topic, search.Heard) : [],
                Sessions = isNone ? [.. _sessions().Take(SessionsMax)] : [],
            };
        }
    }

    private List<ExplainedMessage> Explain(IReadOnlyList<long> offsets)
    {
        var refused = new RefusedNames();
        var routes = new RouteTable(_site().Routes);
        var batch = new PointBatch();
        var messages = new List<ExplainedMessage>();
        foreach (long offset in offsets.Reverse())
        {
            using SpoolReader reader = _spool.OpenReader(offset);
            using SpoolReader again = _spool.OpenReader(offset);
            RecordDecoder decoder = _log.DecoderAt(offset, refused);
            refused.TakeAll(); // of what it decoded on its way there
            bool isRead = decoder.TryFill(batch, reader, offset + 1)
                && batch.Records is [{ Fate: not RecordFate.Dropped }];
            if (isRead && again.TryRead(out RecordView record) && !record.IsDropped)
            {
                messages.Add(Explain(batch, record, routes, refused.TakeAll()));
            }
        }

        return messages;
    }

    private ExplainedMessage Explain(
        PointBatch batch,
        in RecordView record,
        RouteTable routes,
        IReadOnlyCollection<KeyValuePair<RefusedName, RefusedTally>> refused)
    {
        ref readonly RecordEntry entry = ref batch.Records[0];
        long number = entry.IsRetry ? RetryRecord.Read(record.Body).Id : record.Offset;
        MessageRecord message = MessageRecord.Read(
            entry.IsRetry ? RetryRecord.Read(record.Body).Message : record.Body);
        bool isFaulty = entry.Fate == RecordFate.Quarantined;
        string? gateway = routes.Find(message.Topic, message.Client)?.GatewayKey;
        return new ExplainedMessage
        {
            Offset = entry.Offset,
            ArrivalTime = entry.ArrivalTime,
            Topic = Encoding.UTF8.GetString(message.Topic),
            Client = Encoding.UTF8.GetString(message.Client),
            Gateway = gateway ?? Encoding.UTF8.GetString(message.Gateway),
            Qos = message.Qos,
            PayloadBytes = message.Payload.Length,
            PayloadStart = PayloadExcerpt.Of(message.Payload, 0).Text,
            Fate = ExplainedText.Of(entry.Fate),
            Because = ExplainedText.Because(batch, entry, message, refused.Count),
            Route = entry.Route?.Name ?? "",
            Decoder = entry.Route?.Decoder ?? "",
            QuarantineId = _quarantine.Reader.SlotOf(number) is null ? null : number,
            Excerpt = isFaulty ? PayloadExcerpt.Of(message.Payload, entry.FaultOffset) : null,
            SampleCount = batch.Samples.Length,
            Samples = SamplesOf(batch),
            Refused = [.. refused.Select(pair => ExplainedText.Of(pair.Key, pair.Value))],
            IsRetry = entry.IsRetry,
        };
    }

    private List<ExplainedSample> SamplesOf(PointBatch batch)
    {
        var samples = new List<ExplainedSample>();
        foreach (ref readonly PointEntry point in batch.Points)
        {
            foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
            {
                if (samples.Count == SamplesToldMax)
                {
                    return samples;
                }

                samples.Add(SampleOf(batch, point, sample));
            }
        }

        return samples;
    }

    private ExplainedSample SampleOf(PointBatch batch, in PointEntry point, in SampleEntry sample)
    {
        Field field = _catalogue.FieldAt(sample.FieldId);
        SignalInstance? signal = _site().SignalOf(field);
        string? cameWith = _catalogue.Sources.At(sample.Source)?.Unit;
        return new ExplainedSample(
            Encoding.UTF8.GetString(field.Series.Key.Span),
            field.Name,
            ExplainedText.ValueOf(batch, sample),
            signal?.Definition.Unit ?? cameWith ?? "",
            point.Time,
            signal?.Id,
            signal is null ? NearestTo(field) : null,
            ExplainedText.RemarksOf(point, sample));
    }

    /// <summary>A signal of the asset that is named, an asset like the one that is named, or a signal of any.</summary>
    private string? NearestTo(Field field)
    {
        string asset = field.Series.TagOf("asset");
        SignalInstance[] ofAsset = [.. _site().Signals.Where(signal => signal.Asset.Id == asset)];
        if (ofAsset.Length > 0)
        {
            string? key = Suggestion.Nearest(field.Name, ofAsset.Select(signal => signal.Definition.Key));
            return key is null ? null : $"{asset}.{key}";
        }

        return asset is not null
            && Suggestion.Nearest(asset, _site().Assets.Select(known => known.Id)) is { } near
            ? $"{near}.{field.Name}"
            : Suggestion.Nearest(field.Name, _site().Signals.Select(signal => signal.Definition.Key).Distinct());
    }

    /// <summary>The first route whose filter takes the topic is its route.</summary>
    private string RouteOf(string topic)
    {
        byte[] name = Encoding.UTF8.GetBytes(topic);
        if (!TopicName.IsValid(name))
        {
            return "";
        }

        int index = 0;
        foreach (RouteDefinition route in _site().Routes)
        {
            index++;
            if (TopicFilter.Matches(Encoding.UTF8.GetBytes(route.Filter), name))
            {
                return $"route \"{route.Name}\" takes it: its filter {route.Filter} is the first of "
                    + $"{_site().Routes.Count} that does, number {index}; decoder {route.Decoder}";
            }
        }

        return $"no route takes it: none of the {_site().Routes.Count} filters does";
    }

    /// <summary>Topics that differ little in spelling, or that share the beginning or the last level.</summary>
    private static List<string> Similar(string topic, IEnumerable<string> heard)
    {
        string last = topic[(topic.LastIndexOf('/') + 1)..];
        string first = topic.Split('/')[0];
        return
        [
            .. heard
                .Select(name => (Name: name, Distance: Suggestion.Distance(topic, name)))
                .Where(pair => pair.Distance <= Math.Max(2, pair.Name.Length / 3)
                    || pair.Name.StartsWith(first + "/", StringComparison.OrdinalIgnoreCase)
                    || pair.Name.EndsWith("/" + last, StringComparison.OrdinalIgnoreCase))
                .OrderBy(pair => pair.Distance)
                .ThenBy(pair => pair.Name, StringComparer.Ordinal)
                .Take(SimilarTopicsMax)
                .Select(pair => pair.Name),
        ];
    }
}
