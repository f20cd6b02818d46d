using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Store;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

/// <summary>A log, decoding, store and ledger as the service has them, killed and restarted at will.</summary>
public sealed class LedgerTests : IDisposable
{
    private const long Hour = 3_600 * Timestamp.NanosecondsPerSecond;
    private readonly TestLog _log = new() { Arrival = 500_000 * Hour };
    private readonly TestLog _kept = new("/quarantine");
    private readonly RecordedLog _words = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("ledger-").FullName;
    private SeriesCatalogue _catalogue = null!;
    private EmbeddedStore _store = null!;
    private DecodedLog _decoded = null!;
    private StoreConsumer _consumer = null!;
    private LedgerAudit _audit = null!;
    private Quarantine _quarantine = null!;
    private LedgerTally _tally = null!;
    private LedgerReader _reader = null!;
    private long _position;

    public LedgerTests() => Start();

    public void Dispose()
    {
        _store.Dispose();
        _log.Dispose();
        _kept.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Every_fate_has_its_place_and_all_add_up()
    {
        await _log.AppendAsync("mine/1", "m v=1 1\nm v=2 2");
        await _log.AppendAsync("mine/1", "m v=true 3\nm v=4 4");
        await _log.AppendAsync("mine/1", "broken");
        await _log.AppendAsync("log/1", "text");
        await _log.AppendAsync("nowhere", "m v=1 1");
        await _log.AppendAsync("mine/1", "m v=5 5", packetIdentifier: 7);
        await _log.AppendAsync("mine/1", "m v=5 5", packetIdentifier: 7, dup: true);
        await _log.TickAsync();
        await TakeAllAsync();

        LedgerRow row = Assert.Single((await ReadAsync()).Rows);
        var expected = new LedgerCounts
        {
            Received = 7,
            Decoded = 2,
            NotAMeasurement = 1,
            NoRoute = 1,
            Quarantined = 2,
            Duplicate = 1,
            Points = 5,
            Stored = 4,
            Refused = 1,
        };
        Assert.Equal(("gw-1", 500_000, 0, expected), (row.Gateway, row.Hour, row.Pending, row.Counts));
        Assert.Equal((0, 0), (row.Counts.MessagesOff, row.Counts.PointsOff));
    }

    [Fact]
    public async Task A_gateway_and_an_hour_have_a_row_of_their_own()
    {
        await _log.AppendAsync("mine/1", "m v=1 1", client: "b");
        await _log.AppendAsync("mine/1", "m v=2 2", client: "a");
        _log.Arrival += Hour;
        await _log.AppendAsync("mine/1", "m v=3 3", client: "a");
        await TakeAllAsync();

        Assert.Equal(
            [(500_000, "a", 1), (500_000, "b", 1), (500_001, "a", 1)],
            (await ReadAsync()).Rows.Select(row => (row.Hour, row.Gateway, row.Received)));
        Assert.Equal(
            [500_001L],
            (await ReadAsync(from: 500_001, gateway: "a")).Rows.Select(row => row.Hour));
    }

    [Fact]
    public async Task What_the_store_has_not_taken_is_pending()
    {
        await _log.AppendAsync("mine/1", "m v=1 1");
        await TakeAllAsync();
        await _log.AppendAsync("mine/1", "m v=2 2");
        await _log.AppendAsync("mine/1", "m v=3 3", client: "new");

        Assert.Equal(
            [("gw-1", 1, 2), ("new", 1, 1)],
            (await ReadAsync()).Rows.Select(row => (row.Gateway, row.Pending, row.Received)));
    }

    [Fact]
    public async Task A_kill_at_any_place_counts_nothing_twice_and_leaves_nothing_out()
    {
        const int Messages = 60;
        for (int i = 1; i <= Messages; i++)
        {
            await _log.AppendAsync("mine/1", i % 7 == 0 ? "broken" : $"m v={i} {i}");
            if (i % 5 == 0)
            {
                await TakeAllAsync();
            }

            if (i % 15 == 0)
            {
                await _consumer.CompleteAsync();
            }

            if (i % 11 == 0)
            {
                Kill();
            }
        }

        await TakeAllAsync();
        await _consumer.CompleteAsync();
        _audit.Audit();

        LedgerRow row = Assert.Single((await ReadAsync()).Rows);
        Assert.Equal((Messages, Messages / 7), (row.Received, row.Counts.Quarantined));
        Assert.Equal(Messages - (Messages / 7), row.Counts.Stored);
        Assert.Equal(0, _audit.Off);
    }

    [Fact]
    public async Task A_message_that_was_left_out_on_the_way_is_found()
    {
        await _log.AppendAsync("mine/1", "m v=1 1");
        await TakeAllAsync();
        await _log.AppendAsync("mine/1", "m v=2 2");
        _decoded.TryNext(_position, _decoded.OpenLagging())!.Dispose(); // a consumer that leaves out a batch
        _position = _log.Log.DurableOffset;
        await _log.AppendAsync("mine/1", "m v=3 3");
        await TakeAllAsync();
        await _consumer.CompleteAsync();

        _audit.Audit();

        Assert.Equal((3, 1), (_audit.Audited, _audit.Off));
        Assert.Contains(_words.Lines, line => line.StartsWith("the ledger does not close", StringComparison.Ordinal));
        Assert.Equal(HealthStatus.Warn, HealthReport.Ledger(_audit).Status);
        Assert.False((await ReadAsync()).Closes);
    }

    [Fact]
    public async Task Data_that_waits_for_its_birth_is_quarantined_and_recovered_when_it_comes()
    {
        await _log.AppendAsync("spBv1.0/G/NDATA/N", EdgePayload.At(1_000, 7).Aliased(1, 5).Bytes);
        await TakeAllAsync();
        LedgerCounts before = Assert.Single((await ReadAsync()).Rows).Counts;
        Assert.Equal((1, 0, 1, 0), (before.Received, before.Decoded, before.Quarantined, before.MessagesOff));

        await _log.AppendAsync("spBv1.0/G/NBIRTH/N", EdgePayload.At(2_000, 0).Born("temp", 1, 6).Bytes);
        await TakeAllAsync();
        LedgerRow row = Assert.Single((await ReadAsync()).Rows);
        Assert.Equal(("G/N", 2), (row.Gateway, row.Received));
        Assert.Equal((1, 1, 1), (row.Counts.Decoded, row.Counts.Quarantined, row.Counts.Recovered));
        Assert.Equal((1, 0), (_quarantine.Count, _quarantine.UnresolvedCount));
        Assert.Equal((2, 0, 0), (row.Counts.Stored, row.Counts.MessagesOff, row.Counts.PointsOff));
    }

    [Fact]
    public async Task A_message_that_a_full_quarantine_does_not_keep_is_dropped()
    {
        Kill(quarantineBytesMax: 300);
        for (int i = 0; i < 10; i++)
        {
            await _log.AppendAsync("mine/1", $"broken {i}");
        }

        await TakeAllAsync();

        LedgerCounts counts = Assert.Single((await ReadAsync()).Rows).Counts;
        Assert.Equal((10, 0), (counts.Quarantined + counts.Dropped, counts.MessagesOff));
        Assert.InRange(counts.Dropped, 1, 9);
    }

    [Fact]
    public async Task What_a_full_spool_let_go_of_before_the_check_came_by_is_not_compared()
    {
        _log.Log.Trim();
        for (int i = 0; i < 150; i++)
        {
            await _log.AppendAsync("mine/1", "m v=1 1\n#" + new string('x', 500_000));
            await TakeAllAsync();
            await _consumer.CompleteAsync();
        }

        Assert.True(_log.Log.FirstOffset > 0, "the check holds nothing against the quota");
        _audit.Audit();
        Assert.Equal((0, 0), (_audit.Audited, _audit.Off));

        await _log.AppendAsync("mine/1", "m v=2 2");
        await TakeAllAsync();
        await _consumer.CompleteAsync();
        _audit.Audit();
        Assert.Equal((1, 0), (_audit.Audited, _audit.Off));
    }

    private void Kill(long quarantineBytesMax = IngestionLimits.QuarantineBytesMax)
    {
        _store.Dispose(); // closes without a checkpoint
        _log.Reopen();
        Start(quarantineBytesMax);
    }

    private void Start(long quarantineBytesMax = IngestionLimits.QuarantineBytesMax)
    {
        _catalogue = new SeriesCatalogue();
        var options = new StoreOptions { Path = Path.Combine(_directory, "store.db"), CheckpointSeconds = 3_600 };
        _store = EmbeddedStore.Open(options, _catalogue, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
        SiteCatalogue site = SmallMine.With(
            SmallMine.Route("log/#", "ignore"),
            SmallMine.Route("mine/#"),
            SmallMine.Route("spBv1.0/#", "sparkplug"));
        var context = new DecodingContext(site, _catalogue, new UnboundNames(), long.MaxValue);
        _decoded = new DecodedLog(
            _log.Log, context, new IngestionMetrics(), new RefusedNames(), _log.OpenSnapshots(), TimeProvider.System);
        _position = _store.ReadLaneOffsets().Min();
        _audit = new LedgerAudit(_log.Log, _position, _words);
        _tally = new LedgerTally(_store.Ledger, context.Gateways, _audit, _position);
        _reader = new LedgerReader(_store.Ledger, _tally, _audit, _log.Log, () => site, new HurriedTime());
        _quarantine = new Quarantine(_log.Log, _kept.Log, NullLogger.Instance, quarantineBytesMax);
        SpoolHold hold = _log.Log.OpenHold("store", required: true, _position);
        _consumer = new StoreConsumer(_store, hold, _quarantine, _tally, new HurriedTime(), _words);
    }

    private async Task TakeAllAsync()
    {
        LaggingDecoder lagging = _decoded.OpenLagging();
        while (_decoded.TryNext(_position, lagging) is { } lease)
        {
            using (lease)
            {
                await _consumer.ConsumeAsync(lease.Batch, CancellationToken.None);
                _position = lease.Batch.EndOffset;
            }
        }

        _tally.HandOver(_position);
    }

    private Task<LedgerView> ReadAsync(long from = 0, string gateway = "") =>
        _reader.ReadAsync(from, long.MaxValue, gateway, CancellationToken.None);
}
