using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Store;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

/// <summary>A log with an archive, its decoding by sites that change, and a store that takes what comes.</summary>
internal sealed class RedecodeRig : IDisposable
{
    public const long Second = Timestamp.NanosecondsPerSecond;

    /// <summary>Arrival of the first message unless a test says otherwise.</summary>
    public const long Begin = 1_700_000_000 * Second;

    private const int SegmentBytes = 64 * 1024;
    private const int MessagesPerCommit = 100;
    private readonly Dictionary<string, SiteVersion> _sites = new(StringComparer.Ordinal);
    private readonly TestLog _kept = new("/quarantine");
    private readonly string _directory = Directory.CreateTempSubdirectory("redecode-").FullName;
    private readonly SiteVersion _first;
    private SiteVersion _site;
    private long _sent = Begin;
    private Life _life;

    public RedecodeRig(SiteCatalogue site, long archiveBytes = 1 << 20)
    {
        Log = new TestLog(
            segmentBytes: SegmentBytes,
            archive: new ArchiveOptions { Directory = "/archive", BytesMax = archiveBytes, FreeBytesMin = 0 });
        _first = _site = Remember(site);
        _life = new Life(this);
    }

    public TestLog Log { get; }

    public SegmentArchive Archive => Log.Log.Archive!;

    public SeriesCatalogue Catalogue => _life.Catalogue;

    public Redecoder Redecoder => _life.Redecoder;

    /// <summary>Runs that were audited.</summary>
    public List<(RedecodeRequest Request, RedecodeReport Report)> Audited { get; } = [];

    /// <summary>Words of the runs that were audited at their beginning.</summary>
    public List<string> Begun { get; } = [];

    /// <summary>How far a run had come when it was audited at its end.</summary>
    public RedecodeProgress? ProgressAtEnd { get; private set; }

    /// <summary>What the store was given that was decoded anew, in its order.</summary>
    public List<string> Redecoded { get; } = [];

    public string SiteNow => _site.Hash;

    /// <summary>A message of a gateway, some time after the one before.</summary>
    public async Task SendAsync(string payload, string client = "gw-1", long after = Second, string topic = "t")
    {
        Log.Arrival = _sent += after;
        await Log.AppendAsync(topic, payload, client);
    }

    /// <summary>Many messages, a second one after the other.</summary>
    public async Task SendAllAsync(IEnumerable<string> payloads)
    {
        foreach (string[] block in payloads.Chunk(MessagesPerCommit))
        {
            foreach (string payload in block)
            {
                Log.Arrival = _sent += Second;
                Assert.True(Log.AppendUncommitted("t", payload));
            }

            await Log.CommittedAsync();
        }
    }

    /// <summary>Puts another site in force from the end of the log on.</summary>
    public async Task ChangeSiteAsync(SiteCatalogue site)
    {
        _site = Remember(site);
        byte[] record = SiteChangeRecord.Write(_site.Hash, Log.Arrival++);
        Assert.Equal(AppendOutcome.Appended, Log.Log.TryAppend(record, null, out _));
        await Log.CommittedAsync();
    }

    /// <summary>All that came is stored for good, and the spool lets go of it.</summary>
    public async Task ReleaseAsync()
    {
        await TakeAllAsync();
        await _life.CheckpointAsync();
        SpoolMetrics metrics = Log.Log.Metrics;
        long moved = metrics.TrimmedSegmentCount + metrics.SegmentCount - 1;
        Log.Log.Trim();
        long taken = Log.Log.DurableOffset;
        while (Log.Log.SegmentStartOf(taken - 1) > Log.Log.FirstOffset || metrics.TrimmedSegmentCount < moved)
        {
            await Task.Yield(); // the committer moves them, one behind the other
        }
    }

    public Task TakeAllAsync() => _life.TakeAllAsync();

    /// <summary>Asks for all of a range; without one for all that came.</summary>
    public async Task<RedecodeReport> RunAsync(Func<RedecodeRequest, RedecodeRequest>? change = null)
    {
        await TakeAllAsync();
        var request = new RedecodeRequest { From = Begin, To = long.MaxValue, Who = "me" };
        return await Redecoder.RunAsync(change?.Invoke(request) ?? request, CancellationToken.None);
    }

    public Task<RedecodeReport> RunAsync(string gateway) => RunAsync(request => request with { Gateway = gateway });

    /// <summary>What is stored of a signal: seconds since the beginning, value, quality, unit it came in.</summary>
    public async Task<List<string>> StoredAsync(string asset = "CR-201", string signal = SmallMine.Current)
    {
        await TakeAllAsync();
        byte[] key = SeriesKey.Render("CR1", [new("site", "pilot"), new("area", "crushing"), new("asset", asset)]);
        Assert.Equal(InternOutcome.Interned, Catalogue.TryIntern(key, signal, FieldType.Float, out Field? field));
        var visitor = new Lines(Catalogue, []);
        _life.Store.Read(field!.Id, long.MinValue, long.MaxValue, ref visitor);
        return visitor.Text;
    }

    /// <summary>The service is killed and starts again; the store has what its last checkpoint wrote.</summary>
    public void Kill()
    {
        _life.Dispose();
        Log.Reopen();
        _kept.Reopen();
        _life = new Life(this);
    }

    public void Dispose()
    {
        _life.Dispose();
        Log.Dispose();
        _kept.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private SiteVersion Remember(SiteCatalogue site)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"site {_sites.Count}")));
        return _sites[hash] = SiteVersion.Of(hash, site);
    }

    private struct Lines(SeriesCatalogue catalogue, List<string> text) : ISampleVisitor
    {
        public List<string> Text { get; } = text;

        public readonly bool WantsProvenance => true;

        public readonly SummaryWish Summaries => SummaryWish.None;

        public readonly bool OnSamples(scoped in SampleBlock block)
        {
            for (int i = 0; i < block.Count; i++)
            {
                double seconds = (block.Times[i] - Begin) / (double)Second;
                double value = BitConverter.Int64BitsToDouble(block.Bits[i]);
                string unit = catalogue.Sources.At((int)block.Sources[i])!.Unit;
                Text.Add(FormattableString.Invariant($"{seconds}: {value} {block.Qualities[i]} {unit}").TrimEnd());
            }

            return true;
        }
    }

    /// <summary>From one start to the next.</summary>
    private sealed class Life : IDisposable
    {
        private readonly RedecodeRig _rig;
        private readonly StoreConsumer _consumer;
        private readonly SpoolRelief _relief;
        private readonly CursorPump _pump;
        private readonly DecodedLog _decoded;
        private readonly LedgerAudit _audit;
        private readonly CancellationTokenSource _stop = new();
        private Task? _running;

        public Life(RedecodeRig rig)
        {
            _rig = rig;
            TestLog log = rig.Log;
            var options = new StoreOptions
            {
                Path = Path.Combine(rig._directory, "store.db"),
                CheckpointSeconds = 1_000_000,
            };
            Store = EmbeddedStore.Open(options, Catalogue, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
            var context = new DecodingContext(rig._first.Catalogue, Catalogue, new UnboundNames(), long.MaxValue)
            {
                SiteHash = rig._first.Hash,
                FindSite = hash => rig._sites.GetValueOrDefault(hash),
            };
            _decoded = new DecodedLog(
                log.Log, context, new IngestionMetrics(), new RefusedNames(), log.OpenSnapshots(), TimeProvider.System);
            var quarantine = new Quarantine(log.Log, rig._kept.Log, NullLogger.Instance);
            long stored = Store.ReadLaneOffsets().Min();
            _audit = new LedgerAudit(log.Log, stored, NullLogger.Instance);
            _consumer = new StoreConsumer(
                Store,
                log.Log.OpenHold("store", required: true, stored),
                quarantine,
                new LedgerTally(Store.Ledger, context.Gateways, _audit, stored),
                TimeProvider.System,
                NullLogger.Instance);
            var clock = new ArrivalClock(new ManualTime(), log.Arrival + (1_000 * Second));
            _relief = new SpoolRelief(log.Log, TimeProvider.System);
            var killed = new KilledStoreConsumer(_consumer, Note);
            _pump = new CursorPump(log.Log, _decoded, killed, _relief, NullLogger.Instance);
            Redecoder = new Redecoder(
                log.Log, _decoded, context, () => rig._site, Store, clock, _pump, TimeProvider.System,
                NullLogger.Instance)
            {
                AuditBegin = (_, words) => rig.Begun.Add(words),
                Audit = (request, report) =>
                {
                    rig.ProgressAtEnd = Redecoder!.Progress;
                    rig.Audited.Add((request, report));
                },
            };
        }

        public SeriesCatalogue Catalogue { get; } = new();

        public EmbeddedStore Store { get; }

        public Redecoder Redecoder { get; }

        public async Task TakeAllAsync()
        {
            _running ??= Task.Run(() => Task.WhenAll(_pump.RunAsync(_stop.Token), _relief.RunAsync(_stop.Token)));
            await _pump.WaitForAsync(_rig.Log.Log.DurableOffset, CancellationToken.None);
        }

        public async Task CheckpointAsync()
        {
            await _consumer.CompleteAsync();
            _audit.Audit();
            Assert.Equal(0, _audit.Off);
        }

        public void Dispose()
        {
            _stop.Cancel();
            _running?.GetAwaiter().GetResult();
            _relief.Dispose();
            Store.Dispose();
            _stop.Dispose();
        }

        /// <summary>Notes on their way into the store the points that were decoded anew.</summary>
        private void Note(PointBatch batch)
        {
            string[] lines = BatchText.Of(batch, Catalogue);
            for (int i = 0; i < lines.Length; i++)
            {
                if (batch.Records[batch.Points[i].Record].IsRedecoded)
                {
                    bool isLate = batch.Points[i].Flags == PointFlags.Late;
                    _rig.Redecoded.Add(lines[i] + (isLate ? " late" : ""));
                }
            }
        }
    }
}
