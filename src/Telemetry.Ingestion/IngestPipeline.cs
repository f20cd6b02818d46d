using Microsoft.Extensions.Logging;
using Telemetry.Alarms;
using Telemetry.Detection;
using Telemetry.Influx;
using Telemetry.Model;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Site;
using Telemetry.Spool;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>What the pipeline is made of; opened by the service, which also closes it.</summary>
public sealed record PipelineParts
{
    public required Spool.Spool Spool { get; init; }

    public required Spool.Spool AlarmJournal { get; init; }

    public required Spool.Spool QuarantineLog { get; init; }

    /// <summary>The history of anomalies and the verdicts on them.</summary>
    public required Spool.Spool FindingsLog { get; init; }

    public required EmbeddedStore Store { get; init; }

    public required SiteCatalogue Site { get; init; }

    /// <summary>What <see cref="Site"/> was read from; null for a site that never changes.</summary>
    public SiteOrigin? SiteOrigin { get; init; }

    public required SeriesCatalogue Catalogue { get; init; }

    public required Broker Broker { get; init; }

    public required MqttMetrics MqttMetrics { get; init; }

    /// <summary>With an empty address: no InfluxDB.</summary>
    public required InfluxOptions Influx { get; init; }

    /// <summary>External brokers to subscribe to.</summary>
    public IReadOnlyList<BrokerClientOptions> Brokers { get; init; } = [];

    /// <summary>Seed of the pauses between attempts to reach them; differs from instance to instance.</summary>
    public int Seed { get; init; }

    /// <summary>How edge nodes of Sparkplug B are spoken with.</summary>
    public SparkplugSettings Sparkplug { get; init; } = new();

    public required bool DetectionEnabled { get; init; }

    public required TimeSpan LateAfter { get; init; }

    /// <summary>Where detection keeps its checkpoint.</summary>
    public required string DetectionDirectory { get; init; }

    /// <summary>Where decoding keeps its states.</summary>
    public required string DecodingDirectory { get; init; }

    /// <summary>Where the InfluxDB output keeps what it still has to send.</summary>
    public required string InfluxDirectory { get; init; }

    /// <summary>Where the broker keeps its checkpoint.</summary>
    public required string BrokerDirectory { get; init; }

    /// <summary>Where the forecast of the spool keeps what it has learnt.</summary>
    public required string ForecastDirectory { get; init; }

    public required IFileSystem Files { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Arrival times go on from here, nanoseconds since 1970; 0 for a new data directory.</summary>
    public required long LastArrival { get; init; }

    /// <summary>Fewer hours of spool than this are a warning while a consumer is behind; 0: never.</summary>
    public double SurvivalWarningHours { get; init; } = 24;

    /// <summary>How long a stop waits for each part to end once nothing more is drained.</summary>
    public TimeSpan EndPatience { get; init; } = TimeSpan.FromSeconds(5);

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Numbers of rooms that this one does not know, shown behind its own.</summary>
    public Func<IEnumerable<Metric>> FurtherMetrics { get; init; } = () => [];

    /// <summary>What the guard of the door knows of a name; null when it cannot be asked.</summary>
    public Func<string, AccessFacts>? Access { get; init; }

    /// <summary>Keeps for good what operators did: who, which event, in which words; null for nobody.</summary>
    public Action<string, string, string>? Audit { get; init; }

    /// <summary>Told of what was decoded anew, for the audit log.</summary>
    public Action<RedecodeRequest, RedecodeReport>? AuditRedecoding { get; init; }
}

/// <summary>
/// Everything between the commit and its consumers, running: intake, decoding, store, InfluxDB, detection, alarms,
/// feeds, fan-out. docs: ARCHITECTURE.md, "The way of the data".
/// </summary>
public sealed class IngestPipeline : IDisposable
{
    private static readonly TimeSpan DetectionCheckpointInterval = TimeSpan.FromSeconds(5);
    private readonly PipelineParts _parts;
    private readonly ILogger _logger;
    private readonly List<CursorPump> _pumps = [];
    private readonly List<Task> _running = [];
    private readonly List<Task> _listening = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly SpoolRelief _relief;
    private readonly LaneRelief _lanes;
    private readonly FanOut _fanOut;
    private readonly Ticker _ticker;
    private readonly DecodedLog _log;
    private readonly SparkplugCommands? _sparkplug;
    private readonly SiteVersion _startSite;
    private Task _deskRunning = Task.CompletedTask;

    /// <summary>Ties the parts together; nothing runs yet.</summary>
    public IngestPipeline(PipelineParts parts)
    {
        _parts = parts;
        ILogger logger = parts.Loggers.CreateLogger("Telemetry.Ingestion");
        _logger = logger;
        Clock = new ArrivalClock(parts.Time, parts.LastArrival);
        SiteArchive? archive = parts.SiteOrigin is { } origin
            ? new SiteArchive(parts.Files, origin.ArchiveDirectory, logger)
            : null;
        DecodingContext context = ContextOf(parts, archive);
        _startSite = context.StartSite;
        Ignored = context.Ignored;
        Gateways = context.Gateways;
        Senders = context.Senders;
        CatalogueGuard = context.Guard;
        Intake = new Intake(parts.Spool, Clock, context.Site);
        HttpIntake = new HttpIntake(parts.Spool, Clock, context);
        Quarantine = new Quarantine(parts.Spool, parts.QuarantineLog, logger);
        Desk = new AlarmDesk(new AlarmBoard(parts.Catalogue), parts.AlarmJournal, Clock, logger);
        AlarmFeed = new AlarmFeed(Desk);
        AlarmHistory = new AlarmHistory(parts.AlarmJournal);
        Findings = new FindingDesk(parts.FindingsLog, Clock, logger) { Audit = parts.Audit };
        AlarmTopics = new AlarmTopics(Intake, parts.Broker, Desk, parts.Site.Site);
        _relief = new SpoolRelief(parts.Spool, parts.Time);
        _fanOut = new FanOut(
            parts.Spool, Intake, parts.Broker, _relief, parts.Files, parts.BrokerDirectory, parts.Time, logger);
        Forecast = new SpoolForecast(
            parts.Spool, parts.SurvivalWarningHours, parts.Files, parts.ForecastDirectory, parts.Time, logger);
        _ticker = new Ticker(parts.Spool, Clock, parts.Time, logger);

        var snapshots = new DecodingSnapshots(parts.Files, parts.DecodingDirectory, logger);
        _log = new DecodedLog(parts.Spool, context, Metrics, Refused, snapshots, parts.Time);
        Sites = new SiteChanger(
            parts.SiteOrigin, archive, parts.Spool, Clock, Intake, HttpIntake, _log.SiteAtEnd, logger);
        Proposals = new Proposals(context.Samples, () => Site, Sites);
        long stored = parts.Store.ReadLaneOffsets().Min();
        PointFeed = new FeedConsumer(parts.Catalogue, Math.Max(stored, _log.Tail));
        Add(PointFeed, logger);
        LedgerAudit = new LedgerAudit(parts.Spool, stored, logger);
        var tally = new LedgerTally(parts.Store.Ledger, Gateways, LedgerAudit, stored);
        Ledger = new LedgerReader(parts.Store.Ledger, tally, LedgerAudit, parts.Spool, () => Site, parts.Time);
        SpoolHold hold = parts.Spool.OpenHold("store", required: true, stored);
        StoreConsumer = new StoreConsumer(parts.Store, hold, Quarantine, tally, parts.Time, logger);
        StorePump = Add(StoreConsumer, logger);
        _lanes = new LaneRelief(
            parts.Spool, _log, StorePump, () => Site, Desk, Clock, parts.Time, logger);
        Retry = new QuarantineRetry(parts.Spool, Quarantine, Clock, StorePump, parts.Time);
        Redecoder = NewRedecoder(context);
        Explainer = new TopicExplainer(
            parts.Spool, _log, parts.Catalogue, () => Site, Quarantine, Sessions, parts.Time);
        if (parts.DetectionEnabled)
        {
            Add(Detection = NewDetectionConsumer(logger), logger);
        }

        if (parts.Influx.Url.Length > 0)
        {
            Influx = new InfluxSink(parts, _log, Clock, InfluxMetrics, logger);
            Add(Influx.Consumer, logger);
        }

        ILogger clientLog = parts.Loggers.CreateLogger<BrokerClient>();
        BrokerClients =
        [
            .. parts.Brokers.Select((options, i) => new BrokerClient(
                WithOwnTopics(options), Intake.Upstream, parts.Time, new Random(parts.Seed + i), clientLog)),
        ];
        _sparkplug = new SparkplugCommands(Intake, parts.Broker, BrokerClients, parts.Sparkplug.HostId, parts.Time);
    }

    public ArrivalClock Clock { get; }

    /// <summary>Puts another site in force.</summary>
    public SiteChanger Sites { get; }

    /// <summary>The site in force at the end of the log, with the service's own topics excluded from intake.</summary>
    public SiteCatalogue Site => Sites.Status.Version.Catalogue;

    public SeriesCatalogue Catalogue => _parts.Catalogue;

    public Spool.Spool Spool => _parts.Spool;

    public EmbeddedStore Store => _parts.Store;

    public Broker Broker => _parts.Broker;

    public MqttMetrics MqttMetrics => _parts.MqttMetrics;

    /// <summary>The edge nodes of Sparkplug B that were heard.</summary>
    public IReadOnlyList<SparkplugNodeView> SparkplugNodes => _log.SparkplugNodes();

    /// <summary>Numbers of rooms that this one does not know.</summary>
    public IEnumerable<Metric> FurtherMetrics => _parts.FurtherMetrics();

    public Intake Intake { get; }

    public HttpIntake HttpIntake { get; }

    public Quarantine Quarantine { get; }

    /// <summary>Decodes quarantined messages again.</summary>
    public QuarantineRetry Retry { get; }

    /// <summary>Decodes messages of the past anew.</summary>
    public Redecoder Redecoder { get; }

    /// <summary>Says what became of the last messages of a topic.</summary>
    public TopicExplainer Explainer { get; }

    /// <summary>Clients of the external brokers.</summary>
    public IReadOnlyList<BrokerClient> BrokerClients { get; }

    public AlarmDesk Desk { get; }

    public AlarmFeed AlarmFeed { get; }

    /// <summary>When alarms stood.</summary>
    public AlarmHistory AlarmHistory { get; }

    public AlarmTopics AlarmTopics { get; }

    public FeedConsumer PointFeed { get; }

    public GatewayRegistry Gateways { get; }

    /// <summary>Who sends which field.</summary>
    public FieldSenders Senders { get; }

    /// <summary>Says early who fills the catalogue.</summary>
    public CatalogueGuard CatalogueGuard { get; }

    /// <summary>What the guard of the door knows of a name; null when it cannot be asked.</summary>
    public AccessFacts? AccessOf(string name) => _parts.Access?.Invoke(name);

    /// <summary>Older than its arrival by more than this is late.</summary>
    public TimeSpan LateAfter => _parts.LateAfter;

    /// <summary>What became of every message.</summary>
    public LedgerReader Ledger { get; }

    /// <summary>The check of the ledger against the log.</summary>
    public LedgerAudit LedgerAudit { get; }

    /// <summary>The anomalies that were found, and what operators said of them.</summary>
    public FindingDesk Findings { get; }

    /// <summary>What runs the detectors; null when they are switched off.</summary>
    public DetectionConsumer? Detection { get; }

    public UnboundNames Unbound { get; } = new();

    public RefusedNames Refused { get; } = new();

    /// <summary>Topics whose messages gave no point.</summary>
    public IgnoredTopics Ignored { get; }

    /// <summary>What could be made of topics that no route names a format for.</summary>
    public Proposals Proposals { get; }

    public IngestionMetrics Metrics { get; } = new();

    public InfluxMetrics InfluxMetrics { get; } = new();

    /// <summary>How long the spool lasts.</summary>
    public SpoolForecast Forecast { get; }

    /// <summary>What of the site's lanes gave way for want of room.</summary>
    public IReadOnlyList<LaneView> Lanes => _lanes.Lanes;

    /// <summary>The InfluxDB output; null without one.</summary>
    public InfluxSink? Influx { get; }

    public StoreConsumer StoreConsumer { get; }

    /// <summary>How far the store is; a query waits for it.</summary>
    public CursorPump StorePump { get; }

    /// <summary>All consumers and where they stand.</summary>
    public IReadOnlyList<CursorPump> Pumps => _pumps;

    /// <summary>Starts everything behind the commit. Listeners may be opened when it returns.</summary>
    public void Start()
    {
        Sites.Start(_startSite); // before any message: those of the last run are decoded by the site of that time
        _fanOut.Restore();
        AlarmTopics.PublishStanding();
        _sparkplug!.TellOnline();
        _deskRunning = Task.Run(() => Desk.RunAsync(Site));
        _parts.Spool.Trim(); // every hold is open: what nobody holds may go
        foreach (CursorPump pump in _pumps)
        {
            _running.Add(Task.Run(() => pump.RunAsync(_stopping.Token)));
        }

        _running.Add(Task.Run(() => _fanOut.RunAsync(_stopping.Token)));
        _running.Add(Task.Run(() => _ticker.RunAsync(_stopping.Token)));
        _running.Add(Task.Run(() => _relief.RunAsync(_stopping.Token)));
        _running.Add(Task.Run(() => _lanes.RunAsync(_stopping.Token)));
        _running.Add(Task.Run(() => Forecast.RunAsync(_stopping.Token)));
        _running.Add(Task.Run(() => _sparkplug.RunAsync(_stopping.Token)));
        _running.Add(Task.Run(() => LedgerAudit.RunAsync(_stopping.Token)));
        _running.Add(Task.Run(() => CatalogueGuard.RunAsync(_parts.Time, _logger, _stopping.Token)));
        var rollups = new RollupWork(_parts.Store, _parts.Time, _logger);
        _running.Add(Task.Run(() => rollups.RunAsync(_stopping.Token)));
        if (_parts.Spool.Archive is { } archive)
        {
            _running.Add(new ArchiveWork(archive, _parts.Time, _logger).RunAsync(_stopping.Token));
        }

        if (_parts.SiteOrigin is { } origin)
        {
            var watch = new SiteWatch(origin.Files, Sites, _parts.Time);
            _running.Add(Task.Run(() => watch.RunAsync(_stopping.Token)));
        }

        if (Influx is not null)
        {
            _running.Add(Task.Run(() => Influx.Drain.RunAsync(_stopping.Token)));
        }

        foreach (BrokerClient client in BrokerClients)
        {
            _listening.Add(Task.Run(() => client.RunAsync(_leaving.Token)));
        }
    }

    /// <summary>
    /// Completes when something that runs for ever has ended: with the cause when it is a bug, which is to stop the
    /// process (law L7); otherwise because <see cref="StopAsync"/> was called.
    /// </summary>
    public async Task WaitAsync() => await await Task.WhenAny([.. _running, .. _listening, _deskRunning]);

    /// <summary>Completes when everything committed before the call can be queried.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) =>
        StorePump.WaitForAsync(_parts.Spool.DurableOffset, cancellationToken);

    /// <summary>The service is asked to end: whoever is connected may prepare for it.</summary>
    public void TellLeaving() => _sparkplug!.TellOffline();

    /// <summary>
    /// Lets consumers take what is committed, makes it durable, and ends. Listeners are closed before. A disk that
    /// takes nothing does not keep the service from ending.
    /// </summary>
    /// <returns>Bytes of spool that are not stored; they are after the next start.</returns>
    public async Task<long> StopAsync(TimeSpan patience)
    {
        await _leaving.CancelAsync();
        foreach (Task task in _listening)
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // What a spool without room has in memory was not acknowledged, and nobody is to wait for it.
        bool commits = _parts.Spool.State.Status == SpoolStatus.Running;
        long end = commits ? _parts.Spool.AppendedOffset : _parts.Spool.DurableOffset;
        await DrainAsync(end, patience);
        await _stopping.CancelAsync();
        await EndAsync("consumers", Task.WhenAll(_running));
        _log.Complete();
        Desk.Complete();
        await EndAsync("alarm desk", _deskRunning);
        return Math.Max(0, end - StorePump.DurablePosition);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Influx?.Dispose();
        Findings.Dispose();
        _relief.Dispose();
        Sites.Dispose();
        _stopping.Dispose();
        _leaving.Dispose();
    }

    /// <summary>
    /// What store and detection have not taken by then is taken after the restart: it is in the spool.
    /// </summary>
    private async Task DrainAsync(long end, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, _parts.Time);
        foreach (CursorPump pump in _pumps.Where(pump => pump.Name is "store" or "detect"))
        {
            try
            {
                await pump.WaitForAsync(end, limit.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // A pump that has failed takes nothing more; WaitAsync of the pipeline has told why.
            }
        }
    }

    /// <summary>Waits for an end that a full or failed disk may hold up for ever.</summary>
    private async Task EndAsync(string part, Task task)
    {
        try
        {
            await task.WaitAsync(_parts.EndPatience, _parts.Time);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            IngestionLog.EndAbandoned(_logger, part, _parts.EndPatience.TotalSeconds);
        }
        catch (Exception) when (task.IsCompleted)
        {
            // WaitAsync of the pipeline has given it to whoever watches.
        }
    }

    private IEnumerable<ExplainedSession> Sessions() => Broker.Connections().Select(connection => new ExplainedSession(
        connection.ClientIdentifier,
        connection.UserName,
        connection.RemoteAddress,
        connection.MessagesIn,
        connection.LastPacket.ToUnixTimeMilliseconds()));

    private CursorPump Add(IBatchConsumer consumer, ILogger logger)
    {
        var pump = new CursorPump(_parts.Spool, _log, consumer, _relief, logger);
        _pumps.Add(pump);
        return pump;
    }

    private Redecoder NewRedecoder(DecodingContext context) => new(
        Spool, _log, context, () => Sites.Status.Version, Store, Clock, StorePump, _parts.Time, _logger)
    {
        AuditBegin = (request, words) => _parts.Audit?.Invoke(request.Who, "redecode_begin", words),
        Audit = _parts.AuditRedecoding,
    };

    private DetectionConsumer NewDetectionConsumer(ILogger logger)
    {
        var checkpoint = new DetectionCheckpoint(_parts.Files, _parts.DetectionDirectory, logger);
        var detectors = new DetectorSet(_parts.Catalogue);
        var signals = new FieldSignals(_parts.Catalogue);
        SpoolHold hold = _parts.Spool.OpenHold("detect", required: true, 0);
        var consumer = new DetectionConsumer(
            detectors, signals, Desk, Findings, hold, checkpoint, _parts.Time, DetectionCheckpointInterval, logger);
        hold.ReleaseTo(consumer.DurableOffset);
        return consumer;
    }

    /// <summary>What is ours and comes back from a broker: alarms, and the canaries of all instances.</summary>
    private BrokerClientOptions WithOwnTopics(BrokerClientOptions options) => options with
    {
        OwnFilters =
        [
            AlarmTopics.FilterOf(_parts.Site.Site),
            BrokerClientOptions.CanaryFilter,
            .. _parts.Brokers.Select(broker => broker.CanaryTopic),
        ],
    };

    private DecodingContext ContextOf(PipelineParts parts, SiteArchive? archive)
    {
        string hash = parts.SiteOrigin is { } origin
            ? SiteSetFormat.HashOf(SiteSetFormat.Write(origin.Set))
            : "";
        SiteCatalogue site = SiteVersion.Of(hash, parts.Site).Catalogue;
        return new DecodingContext(site, parts.Catalogue, Unbound, (long)parts.LateAfter.TotalNanoseconds)
        {
            Sparkplug = parts.Sparkplug,
            OnSparkplugRequest = request => _sparkplug?.Offer(request),
            SiteHash = hash,
            FindSite = wanted => archive?.Find(wanted),
        };
    }
}
