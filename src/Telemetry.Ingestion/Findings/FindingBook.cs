using Telemetry.Detection;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// Anomalies that were found and what operators said of them, as the fold of their journal. Of findings the newest are
/// remembered, of verdicts all in force and the newest others. Safe for many callers.
/// </summary>
internal sealed class FindingBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, KeptFinding> _findings = [];
    private readonly Dictionary<string, Queue<long>> _byAsset = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SignalTrail> _trails = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, KeptVerdict> _verdicts = [];
    private IReadOnlyDictionary<string, SeriesVerdicts>? _forDetection;
    private long _oldest = 1; // finding that is remembered
    private long _lastFinding;
    private long _lastVerdict;

    /// <summary>Number of the next finding.</summary>
    public long NextFinding => Volatile.Read(ref _lastFinding) + 1;

    /// <summary>Number of the next verdict.</summary>
    public long NextVerdict => Volatile.Read(ref _lastVerdict) + 1;

    /// <summary>Verdicts by signal, those no longer in force too.</summary>
    public IReadOnlyDictionary<string, SeriesVerdicts> ForDetection()
    {
        lock (_lock)
        {
            return _forDetection ??= _verdicts.Values
                .GroupBy(verdict => verdict.Signal, StringComparer.Ordinal)
                .ToDictionary(
                    group => group.Key,
                    group => new SeriesVerdicts(group.Select(verdict => verdict.ForDetection())),
                    StringComparer.Ordinal);
        }
    }

    /// <summary>Takes a record, live or on replay.</summary>
    public void Apply(FindingRecord record)
    {
        lock (_lock)
        {
            switch (record)
            {
                case FoundRecord found:
                    AddLocked(found.Finding);
                    break;
                case ChangedRecord changed:
                    ChangeLocked(changed);
                    break;
                case JudgedRecord judged:
                    JudgeLocked(judged.Verdict);
                    break;
                case RevokedRecord revoked when _verdicts.TryGetValue(revoked.Number, out KeptVerdict? verdict):
                    _verdicts[revoked.Number] =
                        verdict with { RevokedAt = revoked.RevokedAt, RevokedBy = revoked.Operator };
                    _forDetection = null;
                    break;
            }
        }
    }

    /// <summary>True when it is in the book: a replay brings it again.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="finding">What was found.</param>
    /// <param name="kind">What became of it.</param>
    /// <param name="level">Who hears of it.</param>
    public bool Has(string signal, in Finding finding, FindingRecordKind kind, FindingLevel level)
    {
        lock (_lock)
        {
            return _trails.TryGetValue(signal, out SignalTrail trail)
                && trail.Has(finding.Offset, finding.Time, kind, level);
        }
    }

    /// <summary>What stands or was last noticed on a signal at a level; null for nothing.</summary>
    public KeptFinding? OpenOf(string signal, bool isNotice)
    {
        lock (_lock)
        {
            return _trails.TryGetValue(signal, out SignalTrail trail)
                && _findings.TryGetValue(isNotice ? trail.Notice : trail.Episode, out KeptFinding? open)
                && open.EndedAt == 0
                    ? open
                    : null;
        }
    }

    /// <summary>The finding of a number; null when it is not, or no longer, remembered.</summary>
    public KeptFinding? Find(long number)
    {
        lock (_lock)
        {
            return _findings.GetValueOrDefault(number);
        }
    }

    /// <summary>The newest findings that pass, newest first.</summary>
    public IReadOnlyList<KeptFinding> Latest(Func<KeptFinding, bool> passes, int limit)
    {
        var latest = new List<KeptFinding>();
        lock (_lock)
        {
            for (long number = _lastFinding; number >= _oldest && latest.Count < limit; number--)
            {
                if (_findings.TryGetValue(number, out KeptFinding? finding) && passes(finding))
                {
                    latest.Add(finding);
                }
            }
        }

        return latest;
    }

    /// <summary>Findings of one asset, newest first.</summary>
    public IReadOnlyList<KeptFinding> OfAsset(string asset)
    {
        lock (_lock)
        {
            return _byAsset.TryGetValue(asset, out Queue<long>? numbers)
                ? [.. numbers.Reverse().Select(number => _findings[number])]
                : [];
        }
    }

    /// <summary>All verdicts that are remembered, newest first.</summary>
    public IReadOnlyList<KeptVerdict> Verdicts()
    {
        lock (_lock)
        {
            return [.. _verdicts.Values.Reverse()];
        }
    }

    private void AddLocked(KeptFinding finding)
    {
        _lastFinding = Math.Max(_lastFinding, finding.Number);
        _findings[finding.Number] = finding;
        if (!_byAsset.TryGetValue(finding.Asset, out Queue<long>? ofAsset))
        {
            ofAsset = new Queue<long>();
            _byAsset.Add(finding.Asset, ofAsset);
        }

        ofAsset.Enqueue(finding.Number);
        if (ofAsset.Count > IngestionLimits.FindingsPerAssetMax)
        {
            ofAsset.Dequeue();
        }

        SignalTrail trail = _trails.GetValueOrDefault(finding.Signal)
            .With(finding.Finding.Offset, finding.Finding.Time, FindingRecordKind.Found, finding.Level);
        _trails[finding.Signal] = finding.Level == FindingLevel.Notice
            ? trail with { Notice = finding.Number }
            : trail with { Episode = finding.Number };
        if (finding.HeldBy != 0 && _verdicts.TryGetValue(finding.HeldBy, out KeptVerdict? holder))
        {
            _verdicts[finding.HeldBy] =
                holder with { HeldCount = holder.HeldCount + 1, LastHeldAt = finding.Finding.Time };
        }

        while (_findings.Count > IngestionLimits.FindingsRememberedMax)
        {
            ForgetLocked(_oldest++);
        }
    }

    private void ForgetLocked(long number)
    {
        if (!_findings.Remove(number, out KeptFinding? finding)
            || !_byAsset.TryGetValue(finding.Asset, out Queue<long>? ofAsset))
        {
            return;
        }

        if (ofAsset.TryPeek(out long first) && first == number)
        {
            ofAsset.Dequeue();
        }

        if (ofAsset.Count == 0)
        {
            _byAsset.Remove(finding.Asset);
        }
    }

    private void ChangeLocked(ChangedRecord changed)
    {
        if (!_findings.TryGetValue(changed.Number, out KeptFinding? finding))
        {
            return;
        }

        FindingRecordKind kind = changed.IsEnd ? FindingRecordKind.Ended : FindingRecordKind.Grown;
        _trails[finding.Signal] = _trails[finding.Signal].With(changed.Offset, changed.Time, kind, finding.Level);
        _findings[changed.Number] = finding with
        {
            Facts = finding.Facts with
            {
                Size = Math.Max(finding.Facts.Size, changed.Size),
                Surprise = Math.Max(finding.Facts.Surprise, changed.Surprise),
            },
            EndedAt = changed.IsEnd ? changed.Time : finding.EndedAt,
        };
    }

    private void JudgeLocked(KeptVerdict verdict)
    {
        _lastVerdict = Math.Max(_lastVerdict, verdict.Number);
        _verdicts[verdict.Number] = verdict;
        _forDetection = null;
        if (_verdicts.Count > IngestionLimits.VerdictsRememberedMax)
        {
            KeptVerdict? past = _verdicts.Values.FirstOrDefault(one => !one.IsInForceAt(verdict.GivenAt + 1));
            _verdicts.Remove(past?.Number ?? 0);
        }
    }

    /// <summary>What came last of a signal.</summary>
    private readonly record struct SignalTrail(long Offset, long Time, int Seen, long Notice, long Episode)
    {
        private const int LevelCount = 4;

        public bool Has(long offset, long time, FindingRecordKind kind, FindingLevel level) =>
            (offset, time).CompareTo((Offset, Time)) is var order
            && (order < 0 || (order == 0 && (Seen & BitOf(kind, level)) != 0));

        public SignalTrail With(long offset, long time, FindingRecordKind kind, FindingLevel level)
        {
            int seen = (offset, time) == (Offset, Time) ? Seen : 0;
            return this with { Offset = offset, Time = time, Seen = seen | BitOf(kind, level) };
        }

        private static int BitOf(FindingRecordKind kind, FindingLevel level) =>
            1 << (((int)kind * LevelCount) + (int)level);
    }
}
