using System.Text;
using Telemetry.Model;
using Telemetry.Payloads;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>What a decoding thread needs from around it; shared by all of them.</summary>
/// <param name="Site">Routes and signals where no record of the log has put a site in force.</param>
/// <param name="Catalogue">Identities of series and fields.</param>
/// <param name="Unbound">List of names without a signal.</param>
/// <param name="LateAfterNanoseconds">Older than its arrival by more than this is late (law L8).</param>
public sealed record DecodingContext(
    SiteCatalogue Site, SeriesCatalogue Catalogue, UnboundNames Unbound, long LateAfterNanoseconds)
{
    /// <summary>List of topics that gave no point; told at the tail only.</summary>
    public IgnoredTopics Ignored { get; } = new();

    /// <summary>How edge nodes of Sparkplug B are spoken with.</summary>
    public SparkplugSettings Sparkplug { get; init; } = new();

    /// <summary>Told at the tail of what edge nodes are to be sent; it does not wait.</summary>
    internal Action<SparkplugRequest>? OnSparkplugRequest { get; set; }

    /// <summary>The gateways that were heard; they are counted at the tail only.</summary>
    public GatewayRegistry Gateways { get; } = new();

    /// <summary>Who sends which field; told at the tail only.</summary>
    public FieldSenders Senders { get; } = new();

    /// <summary>Says early who fills the catalogue.</summary>
    public CatalogueGuard Guard => field ??= new CatalogueGuard(Catalogue, Senders, Gateways);

    /// <summary>Hash of <see cref="Site"/>; empty when it has no files.</summary>
    public string SiteHash { get; init; } = "";

    /// <summary>Finds the sites that records of the log name; null for one that is not to be found.</summary>
    public Func<string, SiteVersion?> FindSite { get; init; } = _ => null;

    internal SiteVersion StartSite => field ??= new SiteVersion(SiteHash, Site);

    /// <summary>First messages of topics without a format, for recognition; told at the tail only.</summary>
    public TopicSamples Samples { get; } = new();
}

/// <summary>
/// Turns committed records into batches: record → route → decoder → points. Belongs to one thread at a time. A batch
/// ends at a tick, so that detection sees the same clock on every replay, whatever the batches' sizes, and where
/// another site is put in force, so that it is of one site.
/// </summary>
internal sealed class RecordDecoder
{
    /// <summary>How lines written over HTTP are bound: by their own tags, as on any route.</summary>
    public static readonly RouteDefinition HttpRoute = new() { Name = "http", Filter = "#", Decoder = "line-protocol" };

    private const int RecordsPerBatchMax = 4_096;
    private const long BytesPerBatchMax = 1024 * 1024; // what one batch may read of the spool
    private readonly DecodingContext _context;
    private readonly IRouteDecoder _httpDecoder = new RouteDecoder(new LineProtocolDecoder().Decode);
    private readonly IngestionMetrics? _metrics;
    private readonly RefusedNames? _refused;
    private readonly RefusalNotes _notes = new();
    private readonly CollisionCheck _collisions = new();
    private readonly SparkplugDecoding _sparkplug;
    private WatchedClock? _heard; // the clock of the record being decoded
    private SiteDecoding _site;
    private long _lateAfter;
    private long _releasedAt;

    /// <param name="context">Shared by all decoding threads.</param>
    /// <param name="metrics">Counts; null for a reader that has fallen behind, so that nothing counts twice.</param>
    /// <param name="refused">Lists refused names, likewise.</param>
    public RecordDecoder(DecodingContext context, IngestionMetrics? metrics, RefusedNames? refused = null)
    {
        _refused = refused;
        _context = context;
        _metrics = metrics;
        State = new DecodingState(context);
        _site = new SiteDecoding(State.Site.Version, context, _notes);
        State.Clocks.Use(_site.Version.Catalogue);
        _lateAfter = context.LateAfterNanoseconds;
        _sparkplug = new SparkplugDecoding(
            State.Sparkplug, this, metrics is null ? null : context.OnSparkplugRequest);
    }

    /// <summary>What it remembers of the records before the reader's position.</summary>
    public DecodingState State { get; }

    /// <summary>The routes in force.</summary>
    internal RouteTable Routes => _site.Routes;

    /// <summary>Fills a batch from the reader's position on.</summary>
    /// <param name="batch">Emptied first.</param>
    /// <param name="reader">Stands behind the batch afterwards.</param>
    /// <param name="before">Records at or beyond this offset are left for the next batch.</param>
    /// <returns>False when there was nothing to read.</returns>
    public bool TryFill(PointBatch batch, SpoolReader reader, long before)
    {
        batch.Reset();
        batch.StartOffset = reader.Position;
        batch.Site = FollowSite();
        long readUntil = Math.Min(before, reader.Position + BytesPerBatchMax);
        var tally = default(DecodeTally);
        while (batch.Records.Length < RecordsPerBatchMax
            && reader.Position < readUntil
            && reader.TryRead(out RecordView record))
        {
            Decode(batch, record, ref tally);
            if (record.Kind is (byte)RecordKind.Tick or (byte)RecordKind.SiteChange)
            {
                break;
            }
        }

        batch.EndOffset = reader.Position;
        tally.Points = batch.Points.Length;
        tally.Samples = batch.Samples.Length;
        if (_metrics is not null)
        {
            _metrics.Count(tally);
            _context.Unbound.Count(batch);
            _context.Senders.Note(batch);
        }

        return batch.EndOffset > batch.StartOffset;
    }

    /// <summary>Adds what a record gives to a batch that is of the site in force, and of others before.</summary>
    internal void DecodeNext(PointBatch batch, in RecordView record)
    {
        batch.Site = FollowSite();
        var tally = default(DecodeTally);
        Decode(batch, record, ref tally);
    }

    private void Decode(PointBatch batch, in RecordView record, ref DecodeTally tally)
    {
        if (record.IsDropped)
        {
            AddDropped(batch, record);
            return;
        }

        if (record.Kind == (byte)RecordKind.Tick)
        {
            _sparkplug.Tick(batch, record);
            batch.AddRecord(record.Offset, record.ArrivalTime, Lanes.All).Fate = RecordFate.NotAMeasurement;
            tally.Ticks++;
            return;
        }

        if (record.Kind is (byte)RecordKind.SessionEvent or (byte)RecordKind.OwnPublish)
        {
            return; // the broker's, and no message of a gateway
        }

        if (record.Kind is (byte)RecordKind.Retry or (byte)RecordKind.Redecoded)
        {
            DecodeAgain(batch, record, ref tally);
            return;
        }

        if (record.Kind == (byte)RecordKind.SiteChange)
        {
            ChangeSite(record);
            return;
        }

        MessageRecord message = MessageRecord.Read(record.Body);
        ResolvedTopic? topic = null;
        _heard = null;
        int index = batch.Records.Length;
        RecordFate fate = record.Kind == (byte)RecordKind.HttpWrite
            ? DecodeHttpWrite(batch, Arrived.Now(record), message)
            : DecodePublish(batch, Arrived.Now(record), record, message, out topic);
        _notes.HandOver(_refused, message);
        ref RecordEntry entry = ref batch.RecordAt(index);
        ReadOnlySpan<byte> key = topic?.GatewayKeyBytes ?? message.Gateway;
        bool isNumbered = fate != RecordFate.Duplicate && topic is { Route.Decoder.Sequence: not null };
        entry.MissingCount = isNumbered
            ? State.Sequences.MissingBefore(key, topic!.Route.Decoder!.Sequence!.Value)
            : State.Sparkplug.TakeMissing();
        tally.Refused += entry.RefusedCount;
        tally.Decoded += fate == RecordFate.Decoded ? 1 : 0;
        tally.NotAMeasurement += fate == RecordFate.NotAMeasurement ? 1 : 0;
        tally.NoRoute += fate == RecordFate.NoRoute ? 1 : 0;
        tally.Quarantined += fate == RecordFate.Quarantined ? 1 : 0;
        tally.Duplicate += fate == RecordFate.Duplicate ? 1 : 0;
        GatewayStatus gateway = _context.Gateways.Of(key);
        entry.Gateway = gateway.Number;
        if (_metrics is null)
        {
            return;
        }

        gateway.Count(record.ArrivalTime, entry.PointCount, entry.RefusedCount, fate);
        gateway.Show(_heard, record.ArrivalTime);
        bool isIgnored = fate == RecordFate.NoRoute
            || (fate == RecordFate.NotAMeasurement && topic is { Route.Decoder: not (null or SparkplugRouteDecoder) });
        if (isIgnored)
        {
            _context.Ignored.Add(message.Topic, message.Client, fate, record.ArrivalTime);
        }
    }

    /// <summary>
    /// A message that gave way: what is left of it names its gateway. Its number in the gateway's sequence is not
    /// known, so that nothing can be said of what is missing beside it.
    /// </summary>
    private void AddDropped(PointBatch batch, in RecordView record)
    {
        ref RecordEntry entry = ref batch.AddRecord(record.Offset, record.ArrivalTime, record.Lane);
        entry.Fate = RecordFate.Dropped;
        entry.Gateway = _context.Gateways.Of(record.Body).Number;
        State.Sequences.Forget(record.Body);
    }

    /// <summary>
    /// A quarantined message with the routes in force, or points that were decoded anew. It was received and counted
    /// when it came, and is no news: its points have their first times, and none sounds or clears an alarm (law L8).
    /// </summary>
    private void DecodeAgain(PointBatch batch, in RecordView record, ref DecodeTally tally)
    {
        if (record.Kind == (byte)RecordKind.Redecoded)
        {
            RedecodedRecord.AddTo(batch, record, _context.Catalogue, _context.Gateways);
            tally.Redecoded++;
            return;
        }

        RetryRecord retry = RetryRecord.Read(record.Body);
        MessageRecord message = MessageRecord.Read(retry.Message);
        var arrived = new Arrived(record.Offset, retry.ArrivalTime, record.Lane, retry.Kind, IsRetry: true);
        ResolvedTopic? topic = null;
        _ = retry.Kind == RecordKind.HttpWrite
            ? DecodeHttpWrite(batch, arrived, message)
            : DecodePublish(batch, arrived, record, message, out topic);
        batch.LastRecord.Gateway = _context.Gateways.Of(topic?.GatewayKeyBytes ?? message.Gateway).Number;
        _notes.HandOver(null, message);
        tally.Retried++;
    }

    /// <summary>The site of the records that come next.</summary>
    private SiteCatalogue FollowSite()
    {
        if (_site.Version != State.Site.Version)
        {
            _site = new SiteDecoding(State.Site.Version, _context, _notes);
            State.Clocks.Use(_site.Version.Catalogue);
        }

        return _site.Version.Catalogue;
    }

    private void ChangeSite(in RecordView record)
    {
        State.Site.Change(SiteChangeRecord.ReadHash(record.Body), record.Offset, record.ArrivalTime);
        if (_metrics is not null)
        {
            _context.Unbound.Clear(); // what the site before did not know is said of it no longer
            _context.Ignored.Clear();
        }
    }

    private RecordFate DecodePublish(
        PointBatch batch,
        in Arrived record,
        in RecordView view,
        in MessageRecord message,
        out ResolvedTopic? topic)
    {
        topic = _site.Routes.Find(message.Topic, message.Client);
        if (!record.IsRetry && State.Duplicates.Contains(message, record.ArrivalTime))
        {
            batch.AddRecord(record.Offset, record.ArrivalTime, record.Lane).Fate = RecordFate.Duplicate;
            return RecordFate.Duplicate;
        }

        if (_metrics is not null && !record.IsRetry && topic is null or { WantsSample: true })
        {
            Sample(message, topic, record.ArrivalTime);
        }

        if (topic?.Route.Decoder is not { } decoder)
        {
            RecordFate fate = topic is null ? RecordFate.NoRoute : RecordFate.NotAMeasurement;
            ref RecordEntry entry = ref batch.AddRecord(record.Offset, record.ArrivalTime, record.Lane);
            entry.Fate = fate;
            entry.Route = topic?.Route.Definition;
            entry.IsRetry = record.IsRetry;
            return fate;
        }

        if (decoder is not SparkplugRouteDecoder edgeNodes)
        {
            return DecodePayload(batch, record, message, topic);
        }

        if (!record.IsRetry)
        {
            return _sparkplug.Decode(batch, view, message, topic);
        }

        edgeNodes.BeginAgain(State.Sparkplug.Recall(message));
        return DecodePayload(batch, record, message, topic);
    }

    /// <summary>Decodes a payload by the decoder of its route.</summary>
    internal RecordFate DecodePayload(
        PointBatch batch, in RecordView record, in MessageRecord message, ResolvedTopic topic) =>
        DecodePayload(batch, Arrived.Now(record), message, topic);

    private RecordFate DecodePayload(
        PointBatch batch, in Arrived record, in MessageRecord message, ResolvedTopic topic)
    {
        WatchedClock? clock = State.Clocks.Of(topic.GatewayKeyBytes is { } key ? key : message.Gateway);
        PointBatchWriter writer = _site.WritersOf(topic.Route).Of(topic.GatewayKeyBytes ?? message.Gateway);
        writer.RequiresOwnTime = message.IsStale; // of any age: its arrival says nothing about it
        var context = new DecodeContext
        {
            Names = writer.Names,
            Series = topic.Series,
            ExtraTags = topic.ExtraTags,
            Field = topic.Field,
            Precision = topic.Route.Definition.Precision,
            Local = new LocalTimes(clock?.Policy.Zone, record.ArrivalTime),
        };
        RouteDefinition route = topic.Route.Definition;
        return Decode(batch, record, message.Payload, route, context, topic.Route.Decoder!, writer, clock);
    }

    /// <summary>Opens a record whose points are written through <see cref="WriterOf"/>.</summary>
    internal ref RecordEntry BeginRecord(PointBatch batch, in RecordView record, ResolvedTopic topic)
    {
        ref RecordEntry entry = ref WriterOf(batch, topic).BeginRecord(
            record.Offset, record.ArrivalTime, record.Lane, _lateAfter);
        entry.ReleasedAt = _releasedAt;
        return ref entry;
    }

    /// <summary>Notes whose the batch's last record is.</summary>
    internal void NoteGateway(PointBatch batch, in MessageRecord message, ResolvedTopic topic) =>
        batch.LastRecord.Gateway = _context.Gateways.Of(topic.GatewayKeyBytes ?? message.Gateway).Number;

    /// <summary>The writer of a topic's points, directed into a batch.</summary>
    internal PointBatchWriter WriterOf(PointBatch batch, ResolvedTopic topic)
    {
        PointBatchWriter writer = _site.WritersOf(topic.Route).Of(topic.GatewayKeyBytes);
        writer.Attach(batch);
        writer.RequiresOwnTime = false;
        return writer;
    }

    /// <summary>What is decoded next was held for so long; late is judged by now.</summary>
    internal void BeginRelease(long releasedAt, long heldNanoseconds)
    {
        _releasedAt = releasedAt;
        _lateAfter = _context.LateAfterNanoseconds - heldNanoseconds;
    }

    /// <summary>What is decoded next has come just now.</summary>
    internal void EndRelease()
    {
        _releasedAt = 0;
        _lateAfter = _context.LateAfterNanoseconds;
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

    private RecordFate DecodeHttpWrite(PointBatch batch, in Arrived record, in MessageRecord message)
    {
        PointBatchWriter writer = _site.HttpWriters.Of(message.Gateway);
        var context = new DecodeContext { Names = writer.Names, Series = "http"u8, Precision = message.Precision };
        return Decode(batch, record, message.Payload, HttpRoute, context, _httpDecoder, writer, clock: null);
    }

    private RecordFate Decode(
        PointBatch batch,
        in Arrived record,
        ReadOnlySpan<byte> payload,
        RouteDefinition route,
        in DecodeContext context,
        IRouteDecoder decoder,
        PointBatchWriter writer,
        WatchedClock? clock)
    {
        writer.Attach(batch);
        writer.MarksLate = record.IsRetry;
        writer.BindsByArrival = clock is { Clock.CountsByArrival: true };
        long refusedBefore = writer.RefusedCount;
        ref RecordEntry entry = ref writer.BeginRecord(
            record.Offset, record.ArrivalTime, record.Lane, _lateAfter);
        entry.ReleasedAt = _releasedAt;
        entry.Route = route;
        entry.IsRetry = record.IsRetry;
        DecodeStatus status = decoder.Decode(payload, context, writer, out PayloadFault fault);
        entry.RefusedCount = (int)(writer.RefusedCount - refusedBefore);
        _heard = clock;
        if (clock is not null)
        {
            bool tellsNothing = writer.RequiresOwnTime || record.IsRetry || _releasedAt > 0;
            long lateBefore = record.IsRetry
                ? long.MaxValue // no news, whatever their times
                : record.ArrivalTime - _lateAfter;
            RecordTiming.Apply(batch, clock, tellsNothing, lateBefore);
        }

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
            JudgeDecoded(batch, ref entry, isPublish: record.Kind == RecordKind.Publish);
        }
        else if (fault.Path is { } path)
        {
            SetAside(batch, ref entry, fault.Reason, $"path \"{path}\" found nothing");
        }
        else if (decoder is SparkplugRouteDecoder { LacksBirth: true } sparkplug)
        {
            SetAside(batch, ref entry, fault.Reason, sparkplug.WhatIsLacking(fault));
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
        else if (_notes.Unit is { } unit)
        {
            SetAside(batch, ref entry, FaultReason.UnitDiffers, unit);
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

    /// <summary>A record to be decoded: where it stands now, and as what and when its message arrived.</summary>
    private readonly record struct Arrived(
        long Offset, long ArrivalTime, byte Lane, RecordKind Kind, bool IsRetry)
    {
        public static Arrived Now(in RecordView record) =>
            new(record.Offset, record.ArrivalTime, record.Lane, (RecordKind)record.Kind, IsRetry: false);
    }
}
