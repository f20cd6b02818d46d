using Telemetry.Alarms;
using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>Findings and alarms of one kind and class.</summary>
/// <param name="Kind">What was watched for.</param>
/// <param name="Class">Where the fault seemed to be.</param>
/// <param name="Findings">Conditions that began.</param>
/// <param name="Alarms">How many of them called for attention.</param>
public sealed record KindCount(ConditionKind Kind, FindingClass Class, int Findings, int Alarms);

/// <summary>
/// Counts what an alarm system is judged by (ANSI/ISA-18.2, EEMUA 191). An alarm counts each time it calls for
/// attention: one that a worse one on its signal covers does not, and one that is present already does not.
/// </summary>
public sealed class AlarmTally
{
    /// <summary>So often within a minute is chatter.</summary>
    public const int ChatterCount = 3;

    /// <summary>More than so many within ten minutes begin a flood.</summary>
    public const int FloodCount = 10;

    /// <summary>Fewer than so many within ten minutes end it.</summary>
    public const int FloodEndCount = 5;

    /// <summary>What is present for longer is stale.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromHours(24);

    private const long Minute = 60 * Timestamp.NanosecondsPerSecond;

    private readonly AlarmBoard _board;
    private readonly Dictionary<(ConditionKind Kind, FindingClass Class), KindCount> _kinds = [];
    private readonly Dictionary<string, int> _alarmsOf = new(StringComparer.Ordinal); // by signal
    private readonly Dictionary<string, Queue<long>> _recent = new(StringComparer.Ordinal); // by alarm, last minute
    private readonly Dictionary<string, long> _present = new(StringComparer.Ordinal); // by alarm, since when
    private readonly HashSet<string> _chattering = new(StringComparer.Ordinal);
    private readonly Queue<long> _lastTenMinutes = [];
    private bool _isFlood;

    internal AlarmTally(SeriesCatalogue catalogue, TimeZoneInfo zone)
    {
        _board = new AlarmBoard(catalogue);
        Findings = new DailyCount(zone);
        Alarms = new DailyCount(zone);
    }

    /// <summary>Conditions that began.</summary>
    public DailyCount Findings { get; }

    /// <summary>Calls for attention.</summary>
    public DailyCount Alarms { get; }

    /// <summary>What was worth a look only.</summary>
    public long NoticeCount { get; internal set; }

    /// <summary>Alarms that chattered at least once.</summary>
    public int ChatteringCount => _chattering.Count;

    /// <summary>Floods that began.</summary>
    public int FloodsBegun { get; private set; }

    /// <summary>Occurrences that were stale.</summary>
    public int StaleCount { get; private set; }

    /// <summary>Findings that could not become alarms because the board is full.</summary>
    public long RefusedCount => _board.RefusedCount;

    /// <summary>By kind and class, most alarms first.</summary>
    public IReadOnlyList<KindCount> Kinds =>
        [.. _kinds.Values.OrderByDescending(kind => kind.Alarms).ThenByDescending(kind => kind.Findings)
            .ThenBy(kind => kind.Kind).ThenBy(kind => kind.Class)];

    /// <summary>The signals with most alarms, most first.</summary>
    public IReadOnlyList<(string Signal, int Alarms)> Loudest(int count) =>
        [.. _alarmsOf.OrderByDescending(signal => signal.Value).ThenBy(signal => signal.Key, StringComparer.Ordinal)
            .Take(count).Select(signal => (signal.Key, signal.Value))];

    /// <summary>Takes a finding at the time at which it was made.</summary>
    internal void OnFinding(SignalInstance signal, in Finding finding, long now)
    {
        bool begins = finding.Edge == FindingEdge.Began;
        if (begins)
        {
            Findings.Add(now);
            Count(finding, findings: 1, alarms: 0);
        }

        if (_board.Decide(finding, now).Record is not { } record)
        {
            return;
        }

        AlarmChange change = _board.Apply(record);
        if (begins)
        {
            _present[change.Alarm.Id] = now;
        }
        else
        {
            EndPresence(change.Alarm.Id, now);
        }

        if ((change.Effects & AlarmEffects.Annunciate) != 0)
        {
            Count(finding, findings: 0, alarms: 1);
            Annunciate(signal.Id, change.Alarm.Id, now);
        }
    }

    /// <summary>What is still present is judged as if it ended now.</summary>
    internal void End(long now)
    {
        foreach (string alarm in _present.Keys.ToArray())
        {
            EndPresence(alarm, now);
        }
    }

    private void Annunciate(string signal, string alarm, long now)
    {
        Alarms.Add(now);
        _alarmsOf[signal] = _alarmsOf.GetValueOrDefault(signal) + 1;
        if (!_recent.TryGetValue(alarm, out Queue<long>? recent))
        {
            _recent.Add(alarm, recent = []);
        }

        Keep(recent, now, Minute);
        if (recent.Count >= ChatterCount)
        {
            _chattering.Add(alarm);
        }

        Keep(_lastTenMinutes, now, 10 * Minute);
        bool begins = !_isFlood && _lastTenMinutes.Count > FloodCount;
        FloodsBegun += begins ? 1 : 0;
        _isFlood = begins || (_isFlood && _lastTenMinutes.Count >= FloodEndCount);
    }

    private static void Keep(Queue<long> times, long now, long span)
    {
        times.Enqueue(now);
        while (now - times.Peek() >= span)
        {
            times.Dequeue();
        }
    }

    private void EndPresence(string alarm, long now)
    {
        if (_present.Remove(alarm, out long since) && now - since > StaleAfter.Ticks * 100)
        {
            StaleCount++;
        }
    }

    private void Count(in Finding finding, int findings, int alarms)
    {
        (ConditionKind, FindingClass) key = (finding.Condition.Kind, finding.Class);
        KindCount count = _kinds.GetValueOrDefault(key) ?? new KindCount(key.Item1, key.Item2, 0, 0);
        _kinds[key] = count with { Findings = count.Findings + findings, Alarms = count.Alarms + alarms };
    }
}
