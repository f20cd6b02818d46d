using System.Collections.Immutable;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Alarms;

/// <summary>
/// All alarms, as the fold of the journal. One owner thread decides and applies; readers on other threads take the
/// <see cref="Snapshot"/>. A transition takes three steps, in this order: decide (nothing changes), journal the record,
/// apply it. What is applied is in the journal, so a board made anew from the journal is the same board.
/// </summary>
public sealed class AlarmBoard
{
    /// <summary>Ceiling on alarms: eight kinds for each of some 12,000 signals, at about 600 B each 60 MB.</summary>
    public const int AlarmCountMaxDefault = 100_000;

    /// <summary>Ceiling on an operator's name and on a comment, in bytes of UTF-8.</summary>
    public const int TextBytesMax = 1_000;

    private readonly SeriesCatalogue _catalogue;
    private readonly int _alarmCountMax;
    private readonly Dictionary<Condition, string> _alarmByCondition = []; // the last that began in this process
    private ImmutableDictionary<string, Alarm> _alarms =
        ImmutableDictionary.Create<string, Alarm>(StringComparer.Ordinal);

    private long _sequence;
    private volatile AlarmSnapshot _snapshot;

    /// <param name="catalogue">Where the signals of findings are looked up.</param>
    /// <param name="alarmCountMax">Ceiling on alarms (law L6); beyond it new ones are refused and counted.</param>
    public AlarmBoard(SeriesCatalogue catalogue, int alarmCountMax = AlarmCountMaxDefault)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alarmCountMax);
        _catalogue = catalogue;
        _alarmCountMax = alarmCountMax;
        _snapshot = new AlarmSnapshot(0, _alarms);
    }

    /// <summary>The board as of the last applied record; for any thread.</summary>
    public AlarmSnapshot Snapshot => _snapshot;

    /// <summary>Findings that could not become alarms because the board is full.</summary>
    public long RefusedCount { get; private set; }

    /// <summary>Decides on a finding.</summary>
    /// <param name="finding">What detection says.</param>
    /// <param name="now">Time of the decision, nanoseconds since 1970.</param>
    public AlarmDecision Decide(in Finding finding, long now)
    {
        return DefinitionOf(finding) is { } definition
            ? Decide(definition, finding, now)
            : new AlarmDecision(DecisionOutcome.NoSignal, null);
    }

    /// <summary>Decides on a finding that is on no signal.</summary>
    /// <param name="definition">What the alarm is.</param>
    /// <param name="finding">What was found; its condition's field is of no account.</param>
    /// <param name="now">Time of the decision, nanoseconds since 1970.</param>
    public AlarmDecision Decide(AlarmDefinition definition, in Finding finding, long now)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var mark = new FindingMark(finding.Offset, finding.Time, finding.Edge);
        AlarmState state = AlarmState.Normal;
        if (_alarms.TryGetValue(definition.Id, out Alarm? alarm))
        {
            if (mark <= alarm.LastFinding)
            {
                return new AlarmDecision(DecisionOutcome.AlreadyJournalled, null);
            }

            state = alarm.State;
        }

        AlarmTrigger trigger = finding.Edge == FindingEdge.Began
            ? AlarmTrigger.ConditionBegan
            : AlarmTrigger.ConditionEnded;
        AlarmTransition transition = AlarmTransitions.Of(state, trigger);
        if (transition.Answer != TransitionAnswer.Moves)
        {
            return new AlarmDecision(DecisionOutcome.Stays, null);
        }

        if (alarm is null && _alarms.Count >= _alarmCountMax)
        {
            RefusedCount++;
            return new AlarmDecision(DecisionOutcome.BoardFull, null);
        }

        var record = new AlarmRecord
        {
            Sequence = _sequence + 1,
            AlarmId = definition.Id,
            Trigger = trigger,
            From = transition.From,
            To = transition.To,
            DecidedAt = now,
            Time = finding.Time,
            Offset = finding.Offset,
            Value = finding.Value,
            Limit = finding.Limit,
            Comment = WellFormed(finding.Explanation),
            Definition = trigger == AlarmTrigger.ConditionBegan ? definition : null,
        };
        return new AlarmDecision(DecisionOutcome.Moves, record);
    }

    /// <summary>Decides on an operator's acknowledgement.</summary>
    /// <param name="alarmId">The alarm.</param>
    /// <param name="operatorName">Who; not empty.</param>
    /// <param name="comment">Why or what is done; may be empty.</param>
    /// <param name="now">Time of the decision, nanoseconds since 1970.</param>
    public AlarmDecision DecideAcknowledge(string alarmId, string operatorName, string comment, long now) =>
        DecideCommand(AlarmTrigger.Acknowledge, alarmId, operatorName, comment, now);

    /// <summary>
    /// Decides on taking an alarm off whose signal is no longer watched; see <see cref="FindOrphans"/>.
    /// </summary>
    /// <param name="alarmId">The alarm.</param>
    /// <param name="operatorName">Who changed the site file, or the program's own name; not empty.</param>
    /// <param name="comment">Why.</param>
    /// <param name="now">Time of the decision, nanoseconds since 1970.</param>
    public AlarmDecision DecideWithdraw(string alarmId, string operatorName, string comment, long now) =>
        DecideCommand(AlarmTrigger.Withdraw, alarmId, operatorName, comment, now);

    /// <summary>Takes a journalled record into the board, live or on replay.</summary>
    /// <param name="record">The record with the next sequence number.</param>
    /// <param name="listener">Told of the transition; null on replay.</param>
    /// <exception cref="ArgumentException">
    /// The record does not follow from the board: the caller lost or mixed records.
    /// </exception>
    public AlarmChange Apply(AlarmRecord record, IAlarmListener? listener = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        _alarms.TryGetValue(record.AlarmId, out Alarm? before);
        RequireFollows(record, before);
        Alarm after = AlarmFold.Next(before, record);
        _alarms = _alarms.SetItem(after.Id, after);
        _sequence = record.Sequence;
        _snapshot = new AlarmSnapshot(_sequence, _alarms);
        var change = new AlarmChange(after, record, EffectsOf(record, after));
        listener?.OnChange(change);
        return change;
    }

    /// <summary>
    /// On replay of a damaged journal: the records up to this number are taken for read, those that are missing too.
    /// </summary>
    public void PassTo(long sequence)
    {
        _sequence = Math.Max(_sequence, sequence);
        _snapshot = new AlarmSnapshot(_sequence, _alarms);
    }

    /// <summary>
    /// Standing alarms that nothing could end any more, because the site no longer has or watches them.
    /// </summary>
    public IReadOnlyList<Alarm> FindOrphans(SiteCatalogue site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return [.. _alarms.Values.Where(alarm => alarm.IsStanding && !IsWatched(site, alarm.Definition))];
    }

    private AlarmDecision DecideCommand(
        AlarmTrigger trigger, string alarmId, string operatorName, string comment, long now)
    {
        ArgumentNullException.ThrowIfNull(alarmId);
        ArgumentNullException.ThrowIfNull(operatorName);
        ArgumentNullException.ThrowIfNull(comment);
        DecisionOutcome outcome = Check(trigger, alarmId, operatorName, comment);
        if (outcome != DecisionOutcome.Moves)
        {
            return new AlarmDecision(outcome, null);
        }

        Alarm alarm = _alarms[alarmId];
        var record = new AlarmRecord
        {
            Sequence = _sequence + 1,
            AlarmId = alarmId,
            Trigger = trigger,
            From = alarm.State,
            To = AlarmTransitions.Of(alarm.State, trigger).To,
            DecidedAt = now,
            Time = now,
            Offset = alarm.LastFinding.Offset,
            Operator = WellFormed(operatorName),
            Comment = WellFormed(comment),
        };
        return new AlarmDecision(DecisionOutcome.Moves, record);
    }

    private DecisionOutcome Check(AlarmTrigger trigger, string alarmId, string operatorName, string comment)
    {
        if (string.IsNullOrWhiteSpace(operatorName))
        {
            return DecisionOutcome.NameMissing;
        }

        int bytes = Math.Max(Encoding.UTF8.GetByteCount(operatorName), Encoding.UTF8.GetByteCount(comment));
        if (bytes > TextBytesMax)
        {
            return DecisionOutcome.TextTooLong;
        }

        if (!_alarms.TryGetValue(alarmId, out Alarm? alarm))
        {
            return DecisionOutcome.UnknownAlarm;
        }

        return AlarmTransitions.Of(alarm.State, trigger).Answer switch
        {
            TransitionAnswer.Moves => DecisionOutcome.Moves,
            TransitionAnswer.Stays => DecisionOutcome.Stays,
            _ => DecisionOutcome.NotUnacknowledged,
        };
    }

    /// <summary>
    /// What the finding's alarm is. An end belongs to the alarm that began on the same condition, even when the field
    /// carries another signal by now.
    /// </summary>
    private AlarmDefinition? DefinitionOf(in Finding finding)
    {
        if (finding.Edge == FindingEdge.Ended
            && _alarmByCondition.TryGetValue(finding.Condition, out string? begun)
            && _alarms.TryGetValue(begun, out Alarm? alarm)
            && alarm.IsPresent)
        {
            return alarm.Definition;
        }

        if (_catalogue.FieldAt(finding.Condition.FieldId).Signal is not { } signal)
        {
            return null;
        }

        var definition = AlarmDefinition.For(signal, finding.Condition.Kind);
        if (finding.Edge == FindingEdge.Began)
        {
            _alarmByCondition[finding.Condition] = definition.Id;
        }

        return definition;
    }

    /// <summary>
    /// An alarm that is covered by a worse one on the same signal does not call for attention of its own.
    /// </summary>
    private AlarmEffects EffectsOf(AlarmRecord record, Alarm after)
    {
        AlarmEffects effects = AlarmTransitions.Of(record.From, record.Trigger).Effects;
        return AlarmSnapshot.IsCovered(_alarms, after.Definition) ? effects & ~AlarmEffects.Annunciate : effects;
    }

    /// <summary>
    /// The text as the journal will give it back: half a surrogate pair becomes U+FFFD now, not on replay.
    /// </summary>
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static bool IsWatched(SiteCatalogue site, AlarmDefinition definition) =>
        site.TryGetSignal(definition.Asset, definition.Signal, out SignalInstance? signal)
            ? IsWatched(signal!.Definition.Alarm, definition.Kind)
            : definition.Kind switch
            {
                ConditionKind.LateData => IsHeard(site, definition.Asset),
                ConditionKind.Dropped => site.Lanes.Any(
                    lane => lane.Name == definition.Asset && lane.WhenFull != WhenFull.Refuse),
                _ => false,
            };

    /// <summary>Late data is the fault of a gateway: there are signals behind it, and none of its own.</summary>
    private static bool IsHeard(SiteCatalogue site, string gateway) =>
        site.Signals.Any(signal => signal.Asset.Gateway == gateway);

    private static bool IsWatched(AlarmRule rule, ConditionKind kind) => kind switch
    {
        ConditionKind.LowLow => !double.IsNaN(rule.Limits.LowLow),
        ConditionKind.Low => !double.IsNaN(rule.Limits.Low),
        ConditionKind.High => !double.IsNaN(rule.Limits.High),
        ConditionKind.HighHigh => !double.IsNaN(rule.Limits.HighHigh),
        ConditionKind.RateOfChange => rule.RatePerMinuteMax > 0,
        ConditionKind.Flatline => rule.FlatlineSeconds > 0,
        ConditionKind.Silence => rule.SilenceSeconds > 0,
        ConditionKind.Anomaly => rule.Anomalies,
        _ => true,
    };

    private void RequireFollows(AlarmRecord record, Alarm? before)
    {
        if (record.Sequence != _sequence + 1)
        {
            throw new ArgumentException(
                $"cannot apply journal record: expected number {_sequence + 1}, found {record.Sequence}",
                nameof(record));
        }

        AlarmState state = before?.State ?? AlarmState.Normal;
        AlarmTransition transition = AlarmTransitions.Of(state, record.Trigger);
        bool follows = record.From == state
            && record.To == transition.To
            && transition.Answer == TransitionAnswer.Moves
            && (record.Definition is not null) == (record.Trigger == AlarmTrigger.ConditionBegan)
            && (record.Definition is null || record.Definition.Id == record.AlarmId);
        if (!follows)
        {
            throw new ArgumentException(
                $"cannot apply journal record {record.Sequence} on \"{record.AlarmId}\": {record.Trigger} from "
                + $"{record.From} to {record.To} does not follow from {state}",
                nameof(record));
        }
    }
}
