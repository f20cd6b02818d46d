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
    private readonly EmbeddedStore _store;
    private readonly SpoolHold _hold;
    private readonly Quarantine _quarantine;
    private readonly ILogger _logger;
    private readonly long[] _laneOffsets = new long[Limits.LaneCount];
    private long _taken;
    private long _durable;

    /// <param name="store">The store.</param>
    /// <param name="hold">What keeps the spool's segments until they are stored.</param>
    /// <param name="quarantine">Takes what could not be decoded; it follows this consumer's cursor.</param>
    /// <param name="logger">For a store that cannot be written.</param>
    public StoreConsumer(EmbeddedStore store, SpoolHold hold, Quarantine quarantine, ILogger logger)
    {
        _store = store;
        _hold = hold;
        _quarantine = quarantine;
        _logger = logger;
        _durable = store.ReadLaneOffsets().Min();
        _taken = _durable;
    }

    /// <inheritdoc/>
    public string Name => "store";

    /// <inheritdoc/>
    public long DurableOffset => Volatile.Read(ref _durable);

    /// <summary>Why the store could not be written last time; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <inheritdoc/>
    public ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken)
    {
        _store.Append(batch);
        _quarantine.Take(batch);
        _taken = batch.EndOffset;
        return _store.NeedsCheckpoint ? CheckpointAsync() : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync() => CheckpointAsync();

    /// <summary>
    /// A store that cannot be written keeps everything in memory and in the spool, and is tried again.
    /// </summary>
    private async ValueTask CheckpointAsync()
    {
        try
        {
            await _quarantine.CommitAsync();
            _laneOffsets.AsSpan().Fill(_taken);
            _store.Checkpoint(_laneOffsets);
            Volatile.Write(ref _durable, _taken);
            _hold.ReleaseTo(_taken);
            Fault = null;
        }
        catch (StoreException cause)
        {
            if (Fault is null)
            {
                IngestionLog.StoreCheckpointFailed(_logger, cause.Message, _taken - _durable);
            }

            Fault = cause.Message;
        }
    }
}
