using System.Text;
using Telemetry.Model;
using Telemetry.Payloads;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>What a decoding thread needs from around it; shared by all of them.</summary>
/// <param name="Site">Routes and signals.</param>
/// <param name="Catalogue">Identities of series and fields.</param>
/// <param name="Unbound">List of names without a signal.</param>
/// <param name="LateAfterNanoseconds">Older than its arrival by more than this is late (law L8).</param>
public sealed record DecodingContext(
    SiteCatalogue Site, SeriesCatalogue Catalogue, UnboundNames Unbound, long LateAfterNanoseconds)
{
    /// <summary>List of topics that gave no point; told at the tail only.</summary>
    public IgnoredTopics Ignored { get; } = new();

    /// <summary>First messages of topics without a format, for recognition; told at the tail only.</summary>
    public TopicSamples Samples { get; } = new();
}

/// <summary>
/// Turns committed records into batches: record → route → decoder → points. Belongs to one thread at a time. A batch
/// ends at a tick, so that detection sees the same clock on every replay, whatever the batches' sizes.
/// </summary>
internal sealed class RecordDecoder
{
    /// <summary>How lines written over HTTP are bound: by their own tags, as on any route.</summary>
    public static readonly RouteDefinition HttpRoute = new() { Name = "http", Filter = "#", Decoder = "line-protocol" };

    private const int RecordsPerBatchMax = 4_096;
    private const long BytesPerBatchMax = 1024 * 1024; // what one batch may read of the spool
    private readonly DecodingContext _context;
    private readonly RouteTable _routes;
    private readonly Dictionary<Route, PointBatchWriter> _writers = [];
    private readonly PointBatchWriter _httpWriter;
    private readonly IRouteDecoder _httpDecoder = new RouteDecoder<LineProtocolDecoder>(new LineProtocolDecoder());
    private readonly GatewayRegistry? _gateways;
    private readonly IngestionMetrics? _metrics;
    private readonly RefusedNames? _refused;
    private readonly RefusalNotes _notes = new();
    private readonly CollisionCheck _collisions = new();

    /// <param name="context">Shared by all decoding threads.</param>
    /// <param name="gateways">Told of every message; null for a reader that has fallen behind, so that nothing counts
    /// twice.</param>
    /// <param name="metrics">Counts, likewise only at the tail.</param>
    /// <param name="refused">Lists refused names, likewise.</param>
    public RecordDecoder(
        DecodingContext context, GatewayRegistry? gateways, IngestionMetrics? metrics, RefusedNames? refused = null)
    {
        _refused = refused;
        _context = context;
        _gateways = gateways;
        _metrics = metrics;
        _routes = new RouteTable(context.Site.Routes);
        foreach (Route route in _routes.Routes)
        {
            _writers.Add(route, WriterFor(route.Definition));
        }

        _httpWriter = WriterFor(HttpRoute);
    }

    /// <summary>What it remembers of the records before the reader's position.</summary>
    public DecodingState State { get; } = new();

    /// <summary>Fills a batch from the reader's position on.</summary>
    /// <param name="batch">Emptied first.</param>
    /// <param name="reader">Stands behind the batch afterwards.</param>
    /// <param name="before">Records at or beyond this offset are left for the next batch.</param>
    /// <returns>False when there was nothing to read.</returns>
    public bool TryFill(PointBatch batch, SpoolReader reader, long before)
    {
        batch.Reset();
        batch.StartOffset = reader.Position;
        long readUntil = Math.Min(before, reader.Position + BytesPerBatchMax);
        var tally = default(DecodeTally);
        while (batch.Records.Length < RecordsPerBatchMax
            && reader.Position < readUntil
            && reader.TryRead(out RecordView record))
        {
            Decode(batch, record, ref tally);
            if (record.Kind == (byte)RecordKind.Tick)
            {
                break;
            }
        }

        batch.EndOffset = reader.Position;
        tally.Points = batch.Points.Length;
        tally.Samples = batch.Samples.Length;
        _metrics?.Count(tally);
        return batch.EndOffset > batch.StartOffset;
    }

    private void Decode(PointBatch batch, in RecordView record, ref DecodeTally tally)
    {
        if (record.Kind == (byte)RecordKind.Tick)
        {
            batch.AddRecord(record.Offset, record.ArrivalTime, Lanes.All).Fate = RecordFate.NotAMeasurement;
            tally.Ticks++;
            return;
        }

        if (record.Kind is (byte)RecordKind.SessionEvent or (byte)RecordKind.OwnPublish)
        {
            return; // the broker's, and no message of a gateway
        }

        MessageRecord message = MessageRecord.Read(record.Body);
        ResolvedTopic? topic = null;
        RecordFate fate = record.Kind == (byte)RecordKind.HttpWrite
            ? DecodeHttpWrite(batch, record, message)
            : DecodePublish(batch, record, message, out topic);
        _notes.HandOver(_refused, message);
        ref readonly RecordEntry entry = ref batch.Records[^1];
        tally.Refused += entry.RefusedCount;
        tally.Decoded += fate == RecordFate.Decoded ? 1 : 0;
        tally.NotAMeasurement += fate == RecordFate.NotAMeasurement ? 1 : 0;
        tally.NoRoute += fate == RecordFate.NoRoute ? 1 : 0;
        tally.Quarantined += fate == RecordFate.Quarantined ? 1 : 0;
        tally.Duplicate += fate == RecordFate.Duplicate ? 1 : 0;
        GatewayStatus? gateway = topic?.GatewayKeyBytes is { } key
            ? _gateways?.Of(key)
            : _gateways?.Of(message.Gateway);
        gateway?.Count(record.ArrivalTime, entry.PointCount, entry.RefusedCount, fate);
        bool isIgnored = fate == RecordFate.NoRoute
            || (fate == RecordFate.NotAMeasurement && topic is { Route.Decoder: not null });
        if (isIgnored && _metrics is not null)
        {
            _context.Ignored.Add(message.Topic, message.Client, fate, record.ArrivalTime);
        }
    }

    private RecordFate DecodePublish(
        PointBatch batch, in RecordView record, in MessageRecord message, out ResolvedTopic? topic)
    {
        topic = _routes.Find(message.Topic, message.Client);
        if (State.Duplicates.Contains(message, record.ArrivalTime))
        {
            batch.AddRecord(record.Offset, record.ArrivalTime, record.Lane).Fate = RecordFate.Duplicate;
            return RecordFate.Duplicate;
        }

        if (_metrics is not null && topic is null or { WantsSample: true })
        {
            Sample(message, topic, record.ArrivalTime);
        }

        if (topic?.Route.Decoder is not { } decoder)
        {
            RecordFate fate = topic is null ? RecordFate.NoRoute : RecordFate.NotAMeasurement;
            batch.AddRecord(record.Offset, record.ArrivalTime, record.Lane).Fate = fate;
            return fate;
        }

        var context = new DecodeContext
        {
            Series = topic.Series,
            ExtraTags = topic.ExtraTags,
            Field = topic.Field,
            Precision = topic.Route.Definition.Precision,
        };
        PointBatchWriter writer = _writers[topic.Route];
        writer.RequiresOwnTime = message.IsStale; // of any age: its arrival says nothing about it
        return Decode(batch, record, message.Payload, context, decoder, writer);
    }

    /// <summary>Keeps the first messages of a topic without a format; of no route at all each is offered.</summary>
    private void Sample(in MessageRecord message, ResolvedTopic? topic, long arrivalTime)
    {
        bool wantsMore = _context.Samples.Offer(message.Topic, message.Payload, message.IsStale ? 0 : arrivalTime);
        if (topic is not null)
        {
            topic.WantsSample = wantsMore;
        }
    }

    private RecordFate DecodeHttpWrite(PointBatch batch, in RecordView record, in MessageRecord message)
    {
        var context = new DecodeContext { Series = "http"u8, ExtraTags = default, Precision = message.Precision };
        return Decode(batch, record, message.Payload, context, _httpDecoder, _httpWriter);
    }

    private RecordFate Decode(
        PointBatch batch,
        in RecordView record,
        ReadOnlySpan<byte> payload,
        in DecodeContext context,
        IRouteDecoder decoder,
        PointBatchWriter writer)
    {
        writer.Attach(batch);
        long refusedBefore = writer.RefusedCount;
        ref RecordEntry entry = ref writer.BeginRecord(
            record.Offset, record.ArrivalTime, record.Lane, _context.LateAfterNanoseconds);
        DecodeStatus status = decoder.Decode(payload, context, writer, out PayloadFault fault);
        entry.RefusedCount = (int)(writer.RefusedCount - refusedBefore);
        bool isEmptied = entry.PointCount == 0 && writer.RequiresOwnTime;
        entry.Fate = status switch
        {
            DecodeStatus.Decoded when !isEmptied => RecordFate.Decoded,
            DecodeStatus.Decoded => RecordFate.NotAMeasurement,
            DecodeStatus.NotAMeasurement => RecordFate.NotAMeasurement,
            _ => RecordFate.Quarantined,
        };
        entry.FaultReason = (byte)fault.Reason;
        entry.FaultOffset = fault.Offset;
        if (status == DecodeStatus.Decoded)
        {
            JudgeDecoded(batch, ref entry, isPublish: record.Kind == (byte)RecordKind.Publish);
        }
        else if (fault.Path is { } path)
        {
            SetAside(batch, ref entry, fault.Reason, $"path \"{path}\" found nothing");
        }
        else if (fault.Reason == FaultReason.UnknownAlias)
        {
            string detail = $"alias {fault.Alias} is unknown: its birth has not been seen";
            SetAside(batch, ref entry, fault.Reason, detail);
        }

        return entry.Fate;
    }

    /// <summary>
    /// What the decoder could read may still not be stored. Over HTTP lines overwrite each other as in InfluxDB.
    /// </summary>
    private void JudgeDecoded(PointBatch batch, ref RecordEntry entry, bool isPublish)
    {
        if (_notes.Conflict is { } conflict)
        {
            SetAside(batch, ref entry, FaultReason.FieldTypeDiffers, conflict);
        }
        else if (entry.PointCount == 0 && _notes.Words is { } words)
        {
            SetAside(batch, ref entry, FaultReason.TextForNumber, words);
        }
        else if (entry.PointCount == 0)
        {
            entry.Fate = entry.RefusedCount == 0 ? RecordFate.NotAMeasurement : RecordFate.Decoded;
        }
        else if (isPublish && _collisions.FieldIn(batch) is >= 0 and int id)
        {
            Field field = _context.Catalogue.FieldAt(id);
            string series = Encoding.UTF8.GetString(field.Series.Key.Span);
            string detail = $"field \"{field.Name}\" of series \"{series}\", the last one is stored";
            SetAside(batch, ref entry, FaultReason.ValuesCollide, detail);
        }
    }

    /// <summary>What was acknowledged and is not stored must be found again: the message goes to quarantine.</summary>
    private static void SetAside(PointBatch batch, ref RecordEntry entry, FaultReason reason, string detail)
    {
        entry.Fate = RecordFate.Quarantined;
        entry.FaultReason = (byte)reason;
        entry.FaultText = batch.AddText(Encoding.UTF8.GetBytes(detail), isEscaped: false);
    }

    private PointBatchWriter WriterFor(RouteDefinition route) =>
        new(new CatalogueBinder(route, _context.Site, _context.Catalogue, _context.Unbound), _notes);
}
