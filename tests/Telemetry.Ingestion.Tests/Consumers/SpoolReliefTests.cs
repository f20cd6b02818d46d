using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class SpoolReliefTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TestLog _log = new(bytesMax: 2 * 1024 * 1024);
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SpoolRelief _relief;
    private readonly Task _running;

    public SpoolReliefTests()
    {
        _relief = new SpoolRelief(_log.Log, _time);
        _running = _relief.RunAsync(_stop.Token);
    }

    public void Dispose()
    {
        _relief.Dispose();
        _stop.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Who_waits_is_woken_by_a_commit_and_not_while_there_is_room()
    {
        Task<bool> waiting = _relief.WaitForCommitAsync(0, _stop.Token).AsTask();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(waiting.IsCompleted);
        await _log.AppendAsync("t", "1");
        Assert.True(await waiting.WaitAsync(Patience));
    }

    [Fact(Timeout = 20_000)]
    public async Task Who_waits_is_woken_again_and_again_while_there_is_no_room()
    {
        using SpoolHold hold = _log.Log.OpenHold("store", required: true, 0);
        _log.Log.Trim();
        while (_log.Log.State.Status == SpoolStatus.Running)
        {
            _log.AppendUncommitted("t", new string('x', 100_000));
            await Task.Yield();
        }

        for (int i = 0; i < 3; i++)
        {
            Task<bool> waiting = _relief.WaitForCommitAsync(_log.Log.DurableOffset, _stop.Token).AsTask();
            while (!waiting.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            Assert.False(await waiting);
        }
    }

    [Fact(Timeout = 20_000)]
    public async Task A_consumer_whose_checkpoint_is_not_due_does_not_keep_a_full_spool_full()
    {
        using SpoolHold hold = _log.Log.OpenHold("slow", required: true, 0);
        _log.Log.Trim();
        var decoded = new DecodedLog(
            _log.Log,
            new DecodingContext(SiteCatalogue.Empty, new SeriesCatalogue(), new UnboundNames(), long.MaxValue),
            new IngestionMetrics(),
            new RefusedNames(),
            _log.OpenSnapshots(), TimeProvider.System);
        var pump = new CursorPump(_log.Log, decoded, new Unhurried(hold), _relief, NullLogger.Instance);
        Task pumping = Task.Run(() => pump.RunAsync(_stop.Token));
        while (_log.Log.State.Status == SpoolStatus.Running)
        {
            _log.AppendUncommitted("t", new string('x', 100_000));
            await Task.Yield();
        }

        while (_log.Log.State.Status == SpoolStatus.Full)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(SpoolStatus.Running, _log.Log.State.Status);
        await _stop.CancelAsync();
        await pumping.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_stop_ends_the_wait()
    {
        Task<bool> waiting = _relief.WaitForCommitAsync(0, _stop.Token).AsTask();
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        await _running.WaitAsync(Patience);
    }

    /// <summary>Makes durable what it took only when it is asked to.</summary>
    private sealed class Unhurried(SpoolHold hold) : IBatchConsumer
    {
        private long _taken;

        public bool IsQuick => true;

        public string Name => hold.Name;

        public long DurableOffset => hold.Offset;

        public ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken)
        {
            _taken = batch.EndOffset;
            return ValueTask.CompletedTask;
        }

        public ValueTask CompleteAsync()
        {
            hold.ReleaseTo(_taken);
            return ValueTask.CompletedTask;
        }
    }
}
