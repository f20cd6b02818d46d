using Telemetry.Alarms;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// When alarms stood, from their journal: it is read on from where the last question ended. Safe for many callers.
/// </summary>
public sealed class AlarmHistory(Spool.Spool journal)
{
    private readonly Lock _reading = new();
    private readonly Queue<AlarmEpisode> _ended = new();
    private readonly Dictionary<string, AlarmEpisode> _present = new(StringComparer.Ordinal);
    private long _position;
    private long _forgottenUntil = long.MinValue; // milliseconds: an episode that was let go of ended then

    /// <summary>The episodes of some signals that touch a span of time.</summary>
    /// <param name="signals">Names as <c>CR-201.motor_current</c>; empty for all.</param>
    /// <param name="fromMilliseconds">Begin of the span, since 1970.</param>
    /// <param name="toMilliseconds">The first instant behind it.</param>
    public AlarmEpisodes Find(IReadOnlySet<string> signals, long fromMilliseconds, long toMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(signals);
        lock (_reading)
        {
            ReadOnLocked();
            AlarmEpisode[] found =
            [
                .. _ended.Concat(_present.Values)
                    .Where(episode => episode.SinceMilliseconds < toMilliseconds
                        && (episode.UntilMilliseconds ?? long.MaxValue) >= fromMilliseconds
                        && (signals.Count == 0 || signals.Contains($"{episode.AssetId}.{episode.Signal}")))
                    .OrderBy(episode => episode.SinceMilliseconds),
            ];
            bool isCut = found.Length > IngestionLimits.EpisodesPerAnswerMax || fromMilliseconds <= _forgottenUntil;
            return new AlarmEpisodes([.. found.TakeLast(IngestionLimits.EpisodesPerAnswerMax)], isCut);
        }
    }

    private void ReadOnLocked()
    {
        using SpoolReader reader = journal.OpenReader(Math.Max(_position, journal.FirstOffset));
        while (reader.TryRead(out RecordView record))
        {
            if (AlarmRecordFormat.TryRead(record.Body, out AlarmRecord? transition, out _) == AlarmReadStatus.Complete)
            {
                TakeLocked(transition!);
            }
        }

        _position = reader.Position;
    }

    private void TakeLocked(AlarmRecord record)
    {
        if (record.Trigger is AlarmTrigger.ConditionEnded or AlarmTrigger.Withdraw or AlarmTrigger.ConditionBegan)
        {
            EndLocked(record);
        }

        if (record.Trigger == AlarmTrigger.ConditionBegan)
        {
            _present[record.AlarmId] = AlarmEpisode.Begin(record);
        }
    }

    /// <summary>Of an alarm whose end a damaged journal lost the next beginning is the end.</summary>
    private void EndLocked(AlarmRecord record)
    {
        if (!_present.Remove(record.AlarmId, out AlarmEpisode? episode))
        {
            return;
        }

        _ended.Enqueue(episode with { UntilMilliseconds = record.Time / Timestamp.NanosecondsPerMillisecond });
        if (_ended.Count > IngestionLimits.EpisodesMax)
        {
            _forgottenUntil = Math.Max(_forgottenUntil, _ended.Dequeue().UntilMilliseconds!.Value);
        }
    }
}
