using System.Buffers;
using Microsoft.Extensions.Logging;
using Telemetry.Detection;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Batches → detectors → findings → alarm desk. Its cursor is written together with the detectors' state, and only when
/// every finding before it is in the alarm journal.
/// </summary>
public sealed class DetectionConsumer : IBatchConsumer, IFindingListener
{
    private readonly DetectorSet _detectors;
    private readonly AlarmDesk _desk;
    private readonly SpoolHold _hold;
    private readonly DetectionCheckpoint _checkpoint;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _checkpointInterval;
    private readonly List<Finding> _findings = [];
    private readonly ArrayBufferWriter<byte> _state = new();
    private long _lastCheckpoint;
    private long _taken;
    private long _durable;

    internal DetectionConsumer(
        DetectorSet detectors,
        AlarmDesk desk,
        SpoolHold hold,
        DetectionCheckpoint checkpoint,
        TimeProvider time,
        TimeSpan checkpointInterval,
        ILogger logger)
    {
        _detectors = detectors;
        _desk = desk;
        _hold = hold;
        _checkpoint = checkpoint;
        _time = time;
        _checkpointInterval = checkpointInterval;
        _logger = logger;
        _lastCheckpoint = time.GetTimestamp();
        _durable = checkpoint.Restore(detectors);
        _taken = _durable;
    }

    /// <inheritdoc/>
    public string Name => "detect";

    /// <inheritdoc/>
    public long DurableOffset => Volatile.Read(ref _durable);

    /// <inheritdoc/>
    public async ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken)
    {
        Observe(batch);
        foreach (Finding finding in _findings)
        {
            await _desk.TellAsync(finding, cancellationToken);
        }

        _findings.Clear();
        _taken = batch.EndOffset;
        if (_time.GetElapsedTime(_lastCheckpoint) >= _checkpointInterval)
        {
            await CheckpointAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync() => await CheckpointAsync();

    /// <inheritdoc/>
    public void OnFinding(in Finding finding) => _findings.Add(finding);

    /// <summary>A batch ends at a tick, so the clock moves after all that came before it, on every replay.</summary>
    private void Observe(PointBatch batch)
    {
        _detectors.Observe(batch, this);
        if (batch.Records.Length > 0 && batch.Records[^1].Lane == Lanes.All)
        {
            RecordEntry tick = batch.Records[^1];
            _detectors.Tick(tick.ArrivalTime, tick.Offset, this);
        }
    }

    private async ValueTask CheckpointAsync()
    {
        await _desk.JournalledAsync();
        _state.ResetWrittenCount();
        _detectors.Save(_state);
        try
        {
            _checkpoint.Write(_taken, _state.WrittenSpan);
            Volatile.Write(ref _durable, _taken);
            _hold.ReleaseTo(_taken);
        }
        catch (IOException cause)
        {
            IngestionLog.DetectionCheckpointFailed(_logger, cause.Message, _taken - _durable);
        }

        _lastCheckpoint = _time.GetTimestamp();
    }
}
