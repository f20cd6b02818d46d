using Microsoft.Extensions.Logging;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>
/// Batches → embedded store. Done for good means: in SQLite, in the same transaction as the cursor. Segments of the
/// spool are held until then.
/// </summary>
public sealed class StoreConsumer : IBatchConsumer
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private readonly EmbeddedStore _store;
    private readonly SpoolHold _hold;
    private readonly Quarantine _quarantine;
    private readonly LedgerTally _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long[] _laneOffsets = new long[Limits.LaneCount];
    private long _taken;
    private long _durable;

    /// <param name="store">The store.</param>
    /// <param name="hold">What keeps the spool's segments until they are stored.</param>
    /// <param name="quarantine">Takes what could not be decoded; it follows this consumer's cursor.</param>
    /// <param name="ledger">Counts what is taken.</param>
    /// <param name="time">For waits while the store cannot be written.</param>
    /// <param name="logger">For a store that cannot be written.</param>
    public StoreConsumer(
        EmbeddedStore store,
        SpoolHold hold,
        Quarantine quarantine,
        LedgerTally ledger,
        TimeProvider time,
        ILogger logger)
    {
        _ledger = ledger;
        _time = time;
        _store = store;
        _hold = hold;
        _quarantine = quarantine;
        _logger = logger;
        _durable = store.ReadLaneOffsets().Min();
        _taken = _durable;
    }

    /// <inheritdoc/>
    public bool IsQuick => true;

    /// <inheritdoc/>
    public string Name => "store";

    /// <inheritdoc/>
    public long DurableOffset => Volatile.Read(ref _durable);

    /// <summary>What could not be written last time and why; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>
    /// True while nothing is taken: memory holds as much unwritten as it may, or the quarantine takes nothing.
    /// </summary>
    public bool IsPaused { get; private set; }

    /// <inheritdoc/>
    public async ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken)
    {
        while (_store.IsFull || !_quarantine.TryTake(batch))
        {
            await WaitForRoomAsync(cancellationToken);
        }

        IsPaused = false;
        _store.Append(batch);
        _ledger.Take(batch, _quarantine.RefusedOffsets);
        _quarantine.RefusedOffsets.Clear();
        _taken = batch.EndOffset;
        if (_store.NeedsCheckpoint)
        {
            await CheckpointAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync() => await CheckpointAsync();

    /// <summary>Batches that memory or the quarantine does not take stay where they are safe: in the spool.</summary>
    private async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        if (_store.NeedsCheckpoint && await CheckpointAsync())
        {
            return;
        }

        if (!IsPaused)
        {
            IngestionLog.StorePaused(_logger, _store.Metrics.PendingBytes);
        }

        IsPaused = true;
        await Task.Delay(RetryInterval, _time, cancellationToken);
    }

    /// <summary>
    /// A store or a quarantine that cannot be written keeps everything in memory and in the spool, and is tried again.
    /// </summary>
    private async ValueTask<bool> CheckpointAsync()
    {
        if (await _quarantine.CommitAsync(_time) is { } cause)
        {
            NoteFault($"the quarantine cannot be written: {cause}");
            return false;
        }

        try
        {
            _laneOffsets.AsSpan().Fill(_taken);
            _ledger.HandOver(_taken);
            _store.Checkpoint(_laneOffsets);
            _ledger.OnDurable(_taken);
            Volatile.Write(ref _durable, _taken);
            _hold.ReleaseTo(_taken);
            Fault = null;
            return true;
        }
        catch (StoreException failure)
        {
            NoteFault($"the store cannot be written: {failure.Message}");
            return false;
        }
    }

    private void NoteFault(string fault)
    {
        if (Fault is null)
        {
            IngestionLog.StoreCheckpointFailed(_logger, fault, _taken - _durable);
        }

        Fault = fault;
    }
}
