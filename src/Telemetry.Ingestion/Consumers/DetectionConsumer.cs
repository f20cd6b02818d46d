using Microsoft.Extensions.Logging;
using Telemetry.Detection;
using Telemetry.Detection.Assets;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Batches → detectors → findings → alarm desk. Its cursor is written together with the detectors' state, and only when
/// every finding before it is in the alarm journal.
/// </summary>
public sealed class DetectionConsumer : IBatchConsumer, IFindingListener
{
    private const double CheckpointBytesPerSecond = 8_192; // 0.7 GB a day
    private const double CheckpointSecondsMax = 600;

    private readonly DetectorSet _detectors;
    private readonly FieldSignals _signals;
    private readonly AlarmDesk _desk;
    private readonly FindingDesk _history;
    private readonly SpoolHold _hold;
    private readonly DetectionCheckpoint _checkpoint;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _checkpointIntervalMin;
    private readonly List<Heard> _heard = [];
    private IReadOnlyDictionary<string, SeriesVerdicts>? _verdicts;
    private TimeSpan _checkpointInterval;
    private long _lastCheckpoint;
    private long _taken;
    private long _durable;

    internal DetectionConsumer(
        DetectorSet detectors,
        FieldSignals signals,
        AlarmDesk desk,
        FindingDesk history,
        SpoolHold hold,
        DetectionCheckpoint checkpoint,
        TimeProvider time,
        TimeSpan checkpointIntervalMin,
        ILogger logger)
    {
        _detectors = detectors;
        _signals = signals;
        _desk = desk;
        _history = history;
        _hold = hold;
        _checkpoint = checkpoint;
        _time = time;
        _checkpointIntervalMin = _checkpointInterval = checkpointIntervalMin;
        _logger = logger;
        _lastCheckpoint = time.GetTimestamp();
        _durable = checkpoint.Restore(detectors);
        _taken = _durable;
    }

    /// <inheritdoc/>
    public bool IsQuick => true;

    /// <inheritdoc/>
    public string Name => "detect";

    /// <summary>Rows of relations between signals since the start.</summary>
    public RelationRows RelationRows => _detectors.RelationRows;

    /// <inheritdoc/>
    public long DurableOffset => Volatile.Read(ref _durable);

    /// <inheritdoc/>
    public async ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken)
    {
        if (_signals.Site != batch.Site)
        {
            await FollowAsync(batch, cancellationToken);
        }

        _signals.BindNew();
        await FollowVerdictsAsync(cancellationToken);
        Observe(batch);
        await TellAsync(cancellationToken);
        _taken = batch.EndOffset;
        if (_time.GetElapsedTime(_lastCheckpoint) >= _checkpointInterval)
        {
            await CheckpointAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync() => await CheckpointAsync();

    /// <inheritdoc/>
    public void OnFinding(in Finding finding) => _heard.Add(new Heard(finding, FindingLevel.Alarm));

    /// <inheritdoc/>
    public void OnNotice(in Finding notice) => _heard.Add(new Heard(notice, FindingLevel.Notice));

    /// <inheritdoc/>
    public void OnHeld(in Finding finding, long verdict) =>
        _heard.Add(new Heard(finding, FindingLevel.Held, HeldBy: verdict));

    /// <inheritdoc/>
    public void OnGrown(in Finding finding) => _heard.Add(new Heard(finding, FindingLevel.Notice, HasGrown: true));

    private async ValueTask FollowVerdictsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, SeriesVerdicts> verdicts = await _history.VerdictsAsync(cancellationToken);
        if (!ReferenceEquals(verdicts, _verdicts))
        {
            _verdicts = verdicts;
            _detectors.Take(verdicts);
        }
    }

    /// <summary>
    /// From this batch on another site is in force. What was found before is decided first, by the signals that were;
    /// then what is no longer watched ends, and alarms that nothing can end any more are withdrawn.
    /// </summary>
    private async ValueTask FollowAsync(PointBatch batch, CancellationToken cancellationToken)
    {
        await _desk.JournalledAsync();
        _signals.Follow(batch.Site);
        long changedAt = Math.Max(0, batch.StartOffset - 1); // within the record before: later than all its findings
        _detectors.Rebind(changedAt, this);
        await TellAsync(cancellationToken);
        await _desk.FollowAsync(batch.Site, cancellationToken);
    }

    private async ValueTask TellAsync(CancellationToken cancellationToken)
    {
        foreach (Heard heard in _heard)
        {
            Finding finding = await KeepAsync(heard, cancellationToken);
            if (heard.Level == FindingLevel.Alarm)
            {
                await _desk.TellAsync(finding, cancellationToken);
            }
        }

        _heard.Clear();
    }

    /// <summary>What is no anomaly is kept by the alarm journal alone.</summary>
    /// <returns>The finding in the words that people are told.</returns>
    private async ValueTask<Finding> KeepAsync(Heard heard, CancellationToken cancellationToken)
    {
        (Finding finding, FindingLevel level, long heldBy, bool hasGrown) = heard;
        if (finding.Anomaly is null || _signals.SignalOf(finding.Condition.FieldId) is not { } signal)
        {
            return finding;
        }

        if (hasGrown)
        {
            await _history.TakeGrowthAsync(signal, finding, cancellationToken);
        }
        else if (finding.Edge == FindingEdge.Ended)
        {
            await _history.TakeEndAsync(signal, finding, cancellationToken);
        }
        else
        {
            return await _history.TakeAsync(level, heldBy, signal, finding, cancellationToken);
        }

        return finding;
    }

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

    /// <summary>A large state is written more rarely: flash wears, and what was not written is read again.</summary>
    private TimeSpan IntervalAfter(long stateBytes)
    {
        double seconds = Math.Min(stateBytes / CheckpointBytesPerSecond, CheckpointSecondsMax);
        return TimeSpan.FromSeconds(Math.Max(seconds, _checkpointIntervalMin.TotalSeconds));
    }

    private async ValueTask CheckpointAsync()
    {
        await _desk.JournalledAsync();
        await _history.CommittedAsync();
        try
        {
            _checkpointInterval = IntervalAfter(_checkpoint.Write(_taken, _detectors));
            Volatile.Write(ref _durable, _taken);
            _hold.ReleaseTo(_taken);
        }
        catch (IOException cause)
        {
            IngestionLog.DetectionCheckpointFailed(_logger, cause.Message, _taken - _durable);
        }

        _lastCheckpoint = _time.GetTimestamp();
    }

    /// <summary>What the detectors said, in the order in which they did.</summary>
    private readonly record struct Heard(
        Finding Finding, FindingLevel Level, long HeldBy = 0, bool HasGrown = false);
}
