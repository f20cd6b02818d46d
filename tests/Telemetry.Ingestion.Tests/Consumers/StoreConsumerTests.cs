using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Store;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class StoreConsumerTests : IDisposable
{
    private readonly TestLog _log = new();
    private readonly TestLog _kept = new("/quarantine");
    private readonly SeriesCatalogue _catalogue = new();
    private readonly HurriedTime _time = new();
    private readonly RecordedLog _words = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("store-consumer-").FullName;
    private readonly DecodedLog _decoded;
    private readonly EmbeddedStore _store;
    private readonly StoreConsumer _consumer;

    public StoreConsumerTests()
    {
        var options = new StoreOptions
        {
            Path = Path.Combine(_directory, "store.db"),
            ChunkSamples = 64,
            CheckpointBytes = 1,
            PendingBytesMax = 1,
        };
        _store = EmbeddedStore.Open(options, _catalogue, _time, NullLogger<EmbeddedStore>.Instance);
        var context = new DecodingContext(SiteCatalogue.Empty, _catalogue, new UnboundNames(), long.MaxValue);
        _decoded = new DecodedLog(
            _log.Log,
            context,
            new IngestionMetrics(),
            new RefusedNames(),
            _log.OpenSnapshots(),
            TimeProvider.System);
        var quarantine = new Quarantine(_log.Log, _kept.Log, NullLogger.Instance);
        SpoolHold hold = _log.Log.OpenHold("store", required: true, 0);
        var audit = new LedgerAudit(_log.Log, start: 0, _words);
        var tally = new LedgerTally(_store.Ledger, context.Gateways, audit, start: 0);
        _consumer = new StoreConsumer(_store, hold, quarantine, tally, _time, _words);
    }

    public void Dispose()
    {
        _store.Dispose();
        _log.Dispose();
        _kept.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact(Timeout = 20_000)]
    public async Task Beyond_the_ceiling_nothing_is_taken_until_a_checkpoint_succeeds_and_then_all_is_stored()
    {
        _kept.Files.CapacityBytes = 0; // the quarantine cannot be written, so no checkpoint may succeed
        await TakeAsync("m v=\n" + Points(0), default);
        Assert.Equal(0, _consumer.DurableOffset);
        Assert.StartsWith("the quarantine cannot be written: ", _consumer.Fault, StringComparison.Ordinal);

        using var stop = new CancellationTokenSource();
        Task second = TakeAsync(Points(100), stop.Token);
        await HeardAsync("cannot take more into store");
        Assert.False(second.IsCompleted);
        Assert.True(_consumer.IsPaused);
        HealthCheck health = HealthReport.Store(_consumer);
        Assert.Equal(HealthStatus.Fail, health.Status);
        Assert.StartsWith("nothing more is stored, the spool keeps it: the quarantine cannot", health.Message);
        Assert.Equal(100, _store.Metrics.SamplesAppended);

        _kept.Files.CapacityBytes = long.MaxValue;
        await second;

        Assert.Equal(_log.Log.DurableOffset, _consumer.DurableOffset);
        Assert.Equal((false, null), (_consumer.IsPaused, _consumer.Fault));
        Assert.Equal(HealthStatus.Pass, HealthReport.Store(_consumer).Status);
        Assert.Equal(200, _store.Metrics.SamplesAppended);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_consumer_that_is_stopped_while_it_waits_has_taken_nothing_of_the_batch()
    {
        _kept.Files.CapacityBytes = 0;
        await TakeAsync("m v=\n" + Points(0), default);
        using var stop = new CancellationTokenSource();
        Task second = TakeAsync(Points(100), stop.Token);
        await HeardAsync("cannot take more into store");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _kept.Files.CapacityBytes = long.MaxValue;
        await _kept.Log.WaitForRoomAsync(CancellationToken.None);
        await _consumer.CompleteAsync();

        Assert.Equal(100, _store.Metrics.SamplesAppended);
        Assert.InRange(_consumer.DurableOffset, 1, _log.Log.DurableOffset - 1);
    }

    [Fact]
    public async Task A_quarantine_that_has_failed_stalls_nobody_silently_and_does_not_hold_up_the_end()
    {
        _kept.Files.SyncsFail = true;
        await TakeAsync("m v=\n", default);
        await TakeAsync(Points(0), default);

        await _consumer.CompleteAsync();

        Assert.Equal(SpoolStatus.Failed, _kept.Log.State.Status);
        Assert.Equal(0, _consumer.DurableOffset);
        Assert.Single(_words.Lines, line => line.StartsWith("cannot write checkpoint", StringComparison.Ordinal));
    }

    private static string Points(int from) =>
        string.Concat(Enumerable.Range(from, 100).Select(i => $"m v={i * 0.37} {i}\n"));

    private async Task TakeAsync(string lines, CancellationToken cancellationToken)
    {
        long offset = await _log.AppendAsync("t", lines);
        using BatchLease lease = _decoded.TryNext(offset, _decoded.OpenLagging())!;
        await _consumer.ConsumeAsync(lease.Batch, cancellationToken);
    }

    private async Task HeardAsync(string start)
    {
        while (!_words.Lines.Any(line => line.StartsWith(start, StringComparison.Ordinal)))
        {
            await Task.Yield();
        }
    }
}
