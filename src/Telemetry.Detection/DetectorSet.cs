using System.Buffers;
using Telemetry.Detection.Assets;
using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>
/// Watches every field that has a signal, by the rule of that signal: limits, rate of change, flatline, silence; and
/// the relations between signals of an asset. It knows no alarms and no files. The same records in the same order give
/// the same findings, with a <see cref="Save"/> and <see cref="Restore"/> between any two of them or without. One owner
/// thread at a time.
/// </summary>
/// <remarks>
/// Stale points, which nobody measured, and late ones are passed over whole (law L8), but for one thing: a gateway of
/// which everything is late for half an hour is a condition of its own. Samples of bad quality and values that are no
/// finite number are heard but not judged, and so is a sample that is not later than the last judged one of its field.
/// </remarks>
public sealed class DetectorSet
{
    private const long AheadMax = 300_000_000_000; // 5 min; a clock further ahead would blind the field for as long
    private const long RereadInterval = 60_000_000_000; // a changed rule of a field that is quiet is seen this soon
    private const int RuleCountMax = 65_536; // beyond it rules are no longer shared between fields
    private const double NanosecondsPerSecond = 1e9;

    private static readonly ConditionKind[] LimitKinds =
    [
        // The worse one first: whoever hears of H then already knows of HH.
        ConditionKind.HighHigh, ConditionKind.High, ConditionKind.LowLow, ConditionKind.Low,
    ];

    private static readonly ConditionKind[] AllKinds =
    [
        .. LimitKinds, ConditionKind.RateOfChange, ConditionKind.Flatline, ConditionKind.Silence,
        ConditionKind.OutOfRange, ConditionKind.Anomaly,
    ];

    private readonly SeriesCatalogue _catalogue;
    private readonly Dictionary<AlarmRule, WatchRule> _rules = [];
    private WatchTable _table = new();
    private AnomalyWatches _anomalies;
    private RelationWatches _relations;
    private LatenessWatch _lateness;
    private LaneClock _clock;
    private bool _isJustRestored;
    private bool _areGapsCounted; // in the look at silences under way
    private long _silenceDue; // no silence can begin before the clock listened this long

    /// <param name="catalogue">Where fields and their signals are looked up.</param>
    public DetectorSet(SeriesCatalogue catalogue)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        _catalogue = catalogue;
        _lateness = new LatenessWatch(catalogue);
        _anomalies = new AnomalyWatches(_table);
        _relations = new RelationWatches(_table, catalogue);
    }

    /// <summary>How many fields are or were watched.</summary>
    public int WatchedCount => _table.Count;

    /// <summary>Points passed over because they were late.</summary>
    public long LateCount { get; private set; }

    /// <summary>Samples not judged because they were not later than the last judged one of their field.</summary>
    public long NotAscendingCount { get; private set; }

    /// <summary>Rows of relations between signals, since the start; for any thread.</summary>
    public RelationRows RelationRows => _relations.Rows;

    /// <summary>Takes a batch, record by record; where batches are cut makes no difference.</summary>
    public void Observe(PointBatch batch, IFindingListener listener)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(listener);
        foreach (ref readonly RecordEntry record in batch.Records)
        {
            JoinGroups(record.Offset, listener);
            Tick(record.ArrivalTime, record.Offset, listener);
            foreach (ref readonly PointEntry point in batch.Points.Slice(record.FirstPoint, record.PointCount))
            {
                ObservePoint(batch, record, point, listener);
            }
        }
    }

    /// <summary>
    /// Moves the clock while no records arrive; wanted each second, at the latest every ten (a longer step counts as
    /// time in which nobody listened, see <see cref="LaneClock"/>).
    /// </summary>
    /// <param name="laneTime">Arrival time of the tick record, nanoseconds since 1970.</param>
    /// <param name="offset">Its place in the spool.</param>
    /// <param name="listener">Told of silences that begin.</param>
    public void Tick(long laneTime, long offset, IFindingListener listener)
    {
        if (_clock.Advance(laneTime) && _clock.Listening >= _silenceDue)
        {
            JudgeSilences(offset, listener);
        }
    }

    /// <summary>
    /// Takes over what the catalogue's fields are bound to by now, without waiting for their next samples: what is no
    /// longer watched ends, and what still is keeps its state.
    /// </summary>
    /// <param name="offset">Where in the spool the fields were bound anew.</param>
    /// <param name="listener">Told of conditions that end.</param>
    public void Rebind(long offset, IFindingListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        for (int slot = 0; slot < _table.Count; slot++)
        {
            RereadIfChanged(slot, offset, listener);
        }

        _relations.Prune();
    }

    /// <summary>
    /// Takes what operators said of anomalies, by signal; a verdict is in force at the lane times it says, so it makes
    /// no difference when it is taken as long as that is before them.
    /// </summary>
    public void Take(IReadOnlyDictionary<string, SeriesVerdicts> verdicts)
    {
        ArgumentNullException.ThrowIfNull(verdicts);
        _anomalies.Take(verdicts);
    }

    /// <summary>Writes all state; what it holds is described in docs/detection/state.md.</summary>
    public void Save(IBufferWriter<byte> target) =>
        DetectorStateFormat.Write(target, _table, _clock, _lateness, _anomalies, _relations, _catalogue);

    /// <summary>
    /// Replaces all state by a saved one. Fields are interned in the catalogue as need be; until a signal is bound to
    /// them again they are not judged and their state waits.
    /// </summary>
    public RestoreOutcome Restore(ReadOnlySpan<byte> saved)
    {
        IReadOnlyDictionary<string, SeriesVerdicts> verdicts = _anomalies.Verdicts; // they are no state
        RestoreOutcome outcome = DetectorStateFormat.Read(
            saved, _catalogue, out _table, out _clock, out _lateness, out _anomalies, out _relations);
        _anomalies.Take(verdicts);
        _silenceDue = 0;
        _isJustRestored = true;
        return outcome;
    }

    /// <summary>What the signals of a group have in common is known when all of them are in it.</summary>
    private void JoinGroups(long offset, IFindingListener listener)
    {
        if (_isJustRestored)
        {
            _isJustRestored = false;
            Rebind(offset, listener);
        }
    }

    private void ObservePoint(
        PointBatch batch, in RecordEntry record, in PointEntry point, IFindingListener listener)
    {
        if ((point.Flags & PointFlags.Stale) != 0 || record.IsRedecoded)
        {
            return;
        }

        if ((point.Flags & PointFlags.ArrivalTime) == 0 && point.SampleCount > 0)
        {
            int field = batch.Samples[point.FirstSample].FieldId;
            _lateness.Observe(field, point, record, _clock.Now, listener);
        }

        if ((point.Flags & PointFlags.Late) != 0)
        {
            LateCount++;
            return;
        }

        long time = point.Time > record.ArrivalTime + AheadMax ? record.ArrivalTime : point.Time;
        foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
        {
            ObserveSample(sample, time, record.Offset, listener);
        }
    }

    private void ObserveSample(in SampleEntry sample, long time, long offset, IFindingListener listener)
    {
        int slot = SlotOf(sample.FieldId, time, offset, listener);
        if (slot < 0)
        {
            return;
        }

        Hear(slot, offset, listener);
        ref FieldWatch watch = ref _table.Watches[slot];
        if (time <= watch.LastTime)
        {
            NotAscendingCount++;
            return;
        }

        double value = FieldBits.ToDouble(sample.Bits, sample.Type);
        if ((sample.Quality & 0xC0) == Quality.Bad || !double.IsFinite(value))
        {
            return;
        }

        watch.LastTime = time;
        bool isSound = JudgeRange(slot, value, time, offset, listener);
        JudgeLimits(slot, value, time, offset, listener);
        JudgeRate(slot, value, time, offset, listener);
        JudgeFlatline(slot, value, time, offset, listener);
        isSound &= !_table.Flatlines[slot].IsOn;
        JudgeAnomaly(slot, value, time, isSound, offset, listener);
        if (isSound)
        {
            _relations.Observe(slot, value, time, offset, listener);
        }
    }

    /// <summary>The slot of a field that is to be watched, −1 for one that is not.</summary>
    private int SlotOf(int fieldId, long time, long offset, IFindingListener listener)
    {
        SignalInstance? signal = _catalogue.FieldAt(fieldId).Signal;
        int slot = _table.Find(fieldId);
        if (slot >= 0 && ReferenceEquals(_table.Watches[slot].Signal, signal))
        {
            // Fast path: known, and its rule is the one in use.
            return signal is null ? -1 : slot;
        }

        if (slot < 0 && signal is null)
        {
            return -1;
        }

        slot = slot < 0 ? _table.Add(fieldId) : slot;
        Reread(slot, signal, Math.Max(time, _table.Watches[slot].LastTime), offset, listener);
        return signal is null ? -1 : slot;
    }

    /// <summary>
    /// Takes over a changed rule. Conditions that are still watched stay as they are and are judged by the new rule
    /// from the next sample on; what is no longer watched ends now. Another signal starts from nothing.
    /// </summary>
    private void Reread(int slot, SignalInstance? signal, long time, long offset, IFindingListener listener)
    {
        ref FieldWatch watch = ref _table.Watches[slot];
        string signalId = signal?.Id ?? "";
        bool isSame = string.Equals(signalId, watch.SignalId, StringComparison.Ordinal);
        WatchRule rule = signal is null ? WatchRule.Nothing : RuleOf(signal.Definition.Alarm);
        foreach (ConditionKind kind in AllKinds)
        {
            if (isSame && rule.Watches(kind))
            {
                continue;
            }

            if (_table.IsOn(slot, kind))
            {
                Tell(slot, kind, Verdict.Ended, time, offset, double.NaN, double.NaN, listener);
            }

            _table.Forget(slot, kind);
        }

        _table.Leave(slot);
        watch.Signal = signal;
        watch.SignalId = signalId;
        watch.Rule = rule;
        watch.UnusualMinute = isSame ? watch.UnusualMinute : 0;
        watch.LastTime = isSame ? watch.LastTime : long.MinValue;
        _table.Silences[slot].IsHeard &= isSame;
        _table.Silences[slot].GapEnd = isSame ? _table.Silences[slot].GapEnd : 0;
        _table.Silences[slot].Span = rule.Silence;
        _anomalies.Follow(slot, signal, rule);
        _relations.Follow(slot, signal);
        _table.Join(slot);
        watch.Gateway?.Hear(_table.Silences[slot].LastHeard);
        _silenceDue = 0;
    }

    /// <returns>The signal its field has now.</returns>
    private SignalInstance? RereadIfChanged(int slot, long offset, IFindingListener listener)
    {
        ref FieldWatch watch = ref _table.Watches[slot];
        SignalInstance? signal = _catalogue.FieldAt(watch.FieldId).Signal;
        if (!ReferenceEquals(watch.Signal, signal))
        {
            Reread(slot, signal, Math.Max(_clock.Now, watch.LastTime), offset, listener);
        }

        return signal;
    }

    private WatchRule RuleOf(AlarmRule rule)
    {
        if (_rules.TryGetValue(rule, out WatchRule? known))
        {
            return known;
        }

        if (_rules.Count >= RuleCountMax)
        {
            _rules.Clear();
        }

        var compiled = new WatchRule(rule);
        _rules.Add(rule, compiled);
        return compiled;
    }

    /// <returns>Whether the sensor can read such a value.</returns>
    private bool JudgeRange(int slot, double value, long time, long offset, IFindingListener listener)
    {
        SignalDefinition signal = _table.Watches[slot].Signal!.Definition;
        bool isBelow = value < signal.RangeLow;
        bool isBeyond = isBelow || value > signal.RangeHigh;
        Verdict verdict = RangeDetector.Judge(ref _table.Ranges[slot], isBeyond);
        double limit = isBelow ? signal.RangeLow : signal.RangeHigh;
        if (isBeyond)
        {
            _table.MarkUnusual(slot, _clock.Minute);
        }

        Tell(slot, ConditionKind.OutOfRange, verdict, time, offset, value, limit, listener);
        return !isBeyond;
    }

    private void JudgeLimits(int slot, double value, long time, long offset, IFindingListener listener)
    {
        WatchRule rule = _table.Watches[slot].Rule;
        ref LimitState state = ref _table.Limits[slot];
        if (LimitDetector.IsQuiet(state, rule, value))
        {
            return;
        }

        foreach (ConditionKind kind in LimitKinds)
        {
            Verdict verdict = LimitDetector.Judge(ref state, rule, kind, value, time);
            Tell(slot, kind, verdict, time, offset, value, rule.LimitOf(kind), listener);
        }

        LimitDetector.Settle(ref state);
    }

    private void JudgeRate(int slot, double value, long time, long offset, IFindingListener listener)
    {
        WatchRule rule = _table.Watches[slot].Rule;
        if (rule.Watches(ConditionKind.RateOfChange))
        {
            Verdict verdict = RateDetector.Judge(ref _table.Rates[slot], rule, value, time, out double rate);
            Tell(slot, ConditionKind.RateOfChange, verdict, time, offset, rate, rule.RatePerMinuteMax, listener);
        }
    }

    private void JudgeFlatline(int slot, double value, long time, long offset, IFindingListener listener)
    {
        WatchRule rule = _table.Watches[slot].Rule;
        if (rule.Watches(ConditionKind.Flatline))
        {
            Verdict verdict = FlatlineDetector.Judge(ref _table.Flatlines[slot], rule, value, time);
            double limit = rule.Flatline / NanosecondsPerSecond;
            Tell(slot, ConditionKind.Flatline, verdict, time, offset, value, limit, listener);
        }
    }

    private void JudgeAnomaly(
        int slot, double value, long time, bool isSound, long offset, IFindingListener listener)
    {
        Verdict verdict = _anomalies.Observe(slot, value, time, isSound, _clock.Now, out bool isNotice);
        if (_table.Anomalies[slot] is { IsUnusual: true })
        {
            _table.MarkUnusual(slot, _clock.Minute);
        }

        bool isTold = verdict != Verdict.Unchanged || isNotice;
        if (!isTold && _table.Anomalies[slot] is not { HasGrown: true })
        {
            return;
        }

        double observed = _table.Anomalies[slot]!.Observed;
        double limit = _anomalies.LimitOf(slot);
        string why = verdict == Verdict.Ended ? "" : _anomalies.Explain(slot);
        Tell(slot, ConditionKind.Anomaly, verdict, time, offset, observed, limit, listener, why);
        if (isNotice || verdict == Verdict.Unchanged)
        {
            Finding found = FindingOf(
                slot, ConditionKind.Anomaly, FindingEdge.Began, time, offset, observed, limit, why);
            FindingMaker.Note(found, isNotice, listener);
        }
    }

    private void Hear(int slot, long offset, IFindingListener listener)
    {
        ref SilenceState state = ref _table.Silences[slot];
        if (!state.IsRunning && state.Span > 0)
        {
            // It can begin from now on, perhaps before the next look at all fields that is planned.
            _silenceDue = Math.Min(_silenceDue, _clock.Listening + state.Span);
        }

        if (_table.Watches[slot].Gateway is { } gateway)
        {
            gateway.Hear(_clock.Listening);
        }

        Verdict verdict = SilenceDetector.Hear(ref state, _clock.Listening, out long quiet);
        if (verdict != Verdict.Unchanged)
        {
            TellSilence(slot, verdict, quiet, offset, listener);
        }
    }

    /// <summary>
    /// Looks at every watched field; comes at most once a second, and only when one can have become silent.
    /// </summary>
    private void JudgeSilences(long offset, IFindingListener listener)
    {
        long due = _clock.Listening + RereadInterval;
        Rebind(offset, listener); // all of them first: whether a gateway is silent its other signals say
        _areGapsCounted = false;
        for (int slot = 0; slot < _table.Count; slot++)
        {
            ref SilenceState state = ref _table.Silences[slot];
            if (_table.Watches[slot].Signal is not null && JudgeSilence(slot, ref state, offset, listener))
            {
                due = Math.Min(due, state.LastHeard + state.Span);
            }
        }

        _silenceDue = due;
    }

    /// <returns>True when its silence may still begin.</returns>
    private bool JudgeSilence(int slot, ref SilenceState state, long offset, IFindingListener listener)
    {
        Verdict verdict = SilenceDetector.Judge(ref state, _clock.Listening);
        if (verdict != Verdict.Unchanged)
        {
            CountGaps();
            state.IsOfGateway = FindingClasses.IsLinkBad(_table.Watches[slot], state, _clock.Listening);
            TellSilence(slot, verdict, _clock.Listening - state.LastHeard, offset, listener);
        }

        return state.IsRunning;
    }

    /// <summary>Once for all silences that begin together.</summary>
    private void CountGaps()
    {
        if (!_areGapsCounted)
        {
            _areGapsCounted = true;
            _table.CountGaps(_clock.Listening);
        }
    }

    private void TellSilence(int slot, Verdict verdict, long quiet, long offset, IFindingListener listener) => Tell(
        slot,
        ConditionKind.Silence,
        verdict,
        _clock.Now,
        offset,
        quiet / NanosecondsPerSecond,
        _table.Silences[slot].Span / NanosecondsPerSecond,
        listener);

    private void Tell(
        int slot,
        ConditionKind kind,
        Verdict verdict,
        long time,
        long offset,
        double value,
        double limit,
        IFindingListener listener,
        string explanation = "")
    {
        if (verdict != Verdict.Unchanged)
        {
            FindingEdge edge = verdict == Verdict.Began ? FindingEdge.Began : FindingEdge.Ended;
            Finding finding = FindingOf(slot, kind, edge, time, offset, value, limit, explanation);
            FindingMaker.Tell(_table, slot, finding, listener);
        }
    }

    private Finding FindingOf(
        int slot,
        ConditionKind kind,
        FindingEdge edge,
        long time,
        long offset,
        double value,
        double limit,
        string explanation) =>
        FindingMaker.Of(_table, slot, _clock, kind, edge, time, offset, value, limit, explanation);
}
