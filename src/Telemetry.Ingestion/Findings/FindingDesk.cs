using System.Text;
using Microsoft.Extensions.Logging;
using Telemetry.Alarms;
using Telemetry.Detection;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// The history of anomalies and the verdicts on them. A verdict is on disk before anybody goes by it, and detection
/// waits while one is on its way there, so that it is in force behind the same record live and on every replay.
/// </summary>
public sealed class FindingDesk : IDisposable
{
    private readonly Spool.Spool _journal;
    private readonly ArrivalClock _clock;
    private readonly ILogger _logger;
    private readonly long _bytesMax;
    private readonly FindingBook _book = new();
    private readonly SemaphoreSlim _judging = new(1, 1);
    private long _noticeCount;
    private long _heldCount;
    private long _notKept;

    /// <summary>Folds the journal.</summary>
    /// <param name="journal">The log that holds it.</param>
    /// <param name="clock">Time of verdicts.</param>
    /// <param name="logger">For verdicts.</param>
    /// <param name="bytesMax">Ceiling of findings in the journal, below its quota: verdicts have the rest.</param>
    public FindingDesk(
        Spool.Spool journal, ArrivalClock clock, ILogger logger, long bytesMax = IngestionLimits.FindingsBytesMax)
    {
        _journal = journal;
        _clock = clock;
        _logger = logger;
        _bytesMax = bytesMax;
        using SpoolReader reader = journal.OpenReader(journal.FirstOffset);
        while (reader.TryRead(out RecordView record))
        {
            if (FindingRecordFormat.Read(record) is { } read)
            {
                _book.Apply(read);
            }
            else
            {
                IngestionLog.FindingRecordPassed(logger, record.Offset, record.Kind, record.Body.Length);
            }
        }
    }

    /// <summary>Told of each verdict that was given or revoked: who, which event, in which words.</summary>
    public Action<string, string, string>? Audit { get; init; }

    /// <summary>Whether the journal takes anything, and why not.</summary>
    public SpoolState JournalState => _journal.State;

    /// <summary>Notices since the start.</summary>
    public long NoticeCount => Volatile.Read(ref _noticeCount);

    /// <summary>Findings held back since the start.</summary>
    public long HeldCount => Volatile.Read(ref _heldCount);

    /// <summary>Findings since the start that are in memory only, because the journal is at its ceiling.</summary>
    public long NotKept => Volatile.Read(ref _notKept);

    /// <summary>Now, as verdicts count it.</summary>
    public long Now => _clock.Now();

    /// <summary>The newest findings, newest first.</summary>
    /// <param name="signal">Of this signal; empty for all.</param>
    /// <param name="level">Of this level; null for all.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<KeptFinding> Latest(string signal, FindingLevel? level, int limit) => _book.Latest(
        finding => (signal.Length == 0 || finding.Signal == signal) && (level ?? finding.Level) == finding.Level,
        limit);

    /// <summary>All verdicts that are remembered, newest first.</summary>
    public IReadOnlyList<KeptVerdict> Verdicts() => _book.Verdicts();

    /// <summary>Where the threshold of a signal is now, in steps from the default.</summary>
    public int StepsOf(string signal) => StepsOf(signal, _clock.Now());

    /// <summary>An operator says what a finding was.</summary>
    public async Task<VerdictAnswer> JudgeAsync(VerdictRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await _judging.WaitAsync(cancellationToken);
        try
        {
            long now = _clock.Now();
            VerdictAnswer answer = Decide(request, now);
            if (answer.Verdict is not { } verdict)
            {
                return answer;
            }

            return await JournalAsync(new JudgedRecord(verdict), verdict.GivenAt) is { } refusal
                ? refusal
                : Done("judge", verdict.Operator, verdict);
        }
        finally
        {
            _judging.Release();
        }
    }

    /// <summary>An operator takes a verdict back; from now on it is as if it had not been given.</summary>
    public async Task<VerdictAnswer> RevokeAsync(
        long number, string operatorName, string comment, CancellationToken cancellationToken)
    {
        await _judging.WaitAsync(cancellationToken);
        try
        {
            long now = _clock.Now();
            if (ErrorOf("revoke", operatorName, comment) is { } error)
            {
                return error;
            }

            if (_book.Verdicts().FirstOrDefault(one => one.Number == number) is not { } verdict)
            {
                return Refusal(VerdictOutcome.Unknown, $"cannot revoke: there is no verdict {number}");
            }

            if (!verdict.IsInForceAt(now))
            {
                return Refusal(
                    VerdictOutcome.Refused,
                    $"cannot revoke verdict {number} on {verdict.Signal}: it is no longer in force; nothing has "
                    + "changed");
            }

            var record = new RevokedRecord(number, now, WellFormed(operatorName), WellFormed(comment));
            return await JournalAsync(record, now) is { } refusal
                ? refusal
                : Done("revoke_judgement", record.Operator, _book.Verdicts().First(one => one.Number == number));
        }
        finally
        {
            _judging.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _judging.Dispose();

    /// <summary>
    /// Verdicts as detection takes them. Whatever is read of the log before this is older than a verdict that is given
    /// after it.
    /// </summary>
    internal async ValueTask<IReadOnlyDictionary<string, SeriesVerdicts>> VerdictsAsync(
        CancellationToken cancellationToken)
    {
        await _judging.WaitAsync(cancellationToken);
        _judging.Release();
        return _book.ForDetection();
    }

    /// <summary>Takes what detection found; what a replay brings again changes nothing.</summary>
    /// <param name="level">Who hears of it.</param>
    /// <param name="heldBy">The verdict that holds it back; 0 for none.</param>
    /// <param name="signal">Its signal.</param>
    /// <param name="finding">An anomaly.</param>
    /// <param name="cancellationToken">The service stops.</param>
    /// <returns>The finding with what is like it among earlier ones in its words.</returns>
    internal async ValueTask<Finding> TakeAsync(
        FindingLevel level,
        long heldBy,
        SignalInstance signal,
        Finding finding,
        CancellationToken cancellationToken)
    {
        string earlier = EarlierFindings.TextOf(
            EarlierFindings.Of(_book.OfAsset(signal.Asset.Id), signal.Id, finding), signal.Id, _book.Verdicts());
        Finding explained = earlier.Length == 0 ? finding
            : finding with { Explanation = $"{finding.Explanation}; {earlier}" };
        if (_book.Has(signal.Id, finding, FindingRecordKind.Found, level))
        {
            return explained;
        }

        if (_book.OpenOf(signal.Id, isNotice: false) is { } open && level != FindingLevel.Notice)
        {
            await EndAsync(open, finding, cancellationToken); // what was held back and calls now
        }

        await KeepAsync(
            new FoundRecord(new KeptFinding
            {
                Number = _book.NextFinding,
                Level = level,
                HeldBy = heldBy,
                Signal = signal.Id,
                Unit = signal.Definition.Unit,
                Finding = explained,
                Facts = finding.Anomaly!,
            }),
            cancellationToken);
        _ = level switch
        {
            FindingLevel.Notice => Interlocked.Increment(ref _noticeCount),
            FindingLevel.Held => Interlocked.Increment(ref _heldCount),
            _ => 0,
        };
        return explained;
    }

    /// <summary>Takes that an anomaly has ended.</summary>
    internal async ValueTask TakeEndAsync(SignalInstance signal, Finding finding, CancellationToken cancellationToken)
    {
        if (_book.OpenOf(signal.Id, isNotice: false) is { } open
            && !_book.Has(signal.Id, finding, FindingRecordKind.Ended, open.Level))
        {
            await EndAsync(open, finding, cancellationToken);
        }
    }

    /// <summary>Takes that an anomaly has become larger.</summary>
    internal async ValueTask TakeGrowthAsync(
        SignalInstance signal, Finding finding, CancellationToken cancellationToken)
    {
        KeptFinding?[] open = [_book.OpenOf(signal.Id, isNotice: false), _book.OpenOf(signal.Id, isNotice: true)];
        foreach (KeptFinding one in open.OfType<KeptFinding>())
        {
            if (!_book.Has(signal.Id, finding, FindingRecordKind.Grown, one.Level))
            {
                await KeepAsync(ChangeOf(one, finding, isEnd: false), cancellationToken);
            }
        }
    }

    /// <summary>Completes when all that was taken is durable.</summary>
    internal async ValueTask CommittedAsync() =>
        await _journal.WaitForCommitAsync(_journal.AppendedOffset - 1, CancellationToken.None);

    private ValueTask EndAsync(KeptFinding open, in Finding finding, CancellationToken cancellationToken) =>
        KeepAsync(ChangeOf(open, finding, isEnd: true), cancellationToken);

    private static ChangedRecord ChangeOf(KeptFinding open, in Finding finding, bool isEnd) => new(
        open.Number, finding.Time, finding.Offset, isEnd, finding.Anomaly!.Size, finding.Anomaly.Surprise);

    /// <summary>
    /// Appends until the journal has taken it; at its ceiling it is remembered until the next start and counted.
    /// </summary>
    private async ValueTask KeepAsync(FindingRecord record, CancellationToken cancellationToken)
    {
        byte[] block = FindingRecordFormat.Write(record, _clock.Now());
        if (_journal.AppendedOffset - _journal.FirstOffset + block.Length > _bytesMax)
        {
            if (Interlocked.Increment(ref _notKept) == 1)
            {
                IngestionLog.FindingsNotKept(_logger, _bytesMax);
            }
        }
        else
        {
            while (_journal.TryAppend(block, listener: null, out _) != AppendOutcome.Appended)
            {
                await _journal.WaitForRoomAsync(cancellationToken);
            }
        }

        _book.Apply(record);
    }

    /// <summary>Journals and applies.</summary>
    /// <returns>Null when that is done.</returns>
    private async Task<VerdictAnswer?> JournalAsync(FindingRecord record, long now)
    {
        byte[] block = FindingRecordFormat.Write(record, now);
        if (_journal.State.Status != SpoolStatus.Running
            || _journal.TryAppend(block, listener: null, out long end) != AppendOutcome.Appended)
        {
            return Refusal(
                VerdictOutcome.NotKept,
                $"cannot keep the verdict: {_journal.State.Cause}; nothing has changed, try again when there is room");
        }

        await _journal.WaitForCommitAsync(end - 1, CancellationToken.None); // it counts, whether the asker waits or not
        _book.Apply(record);
        return null;
    }

    private VerdictAnswer Decide(VerdictRequest request, long now)
    {
        if (ErrorOf("judge", request.Operator, request.Comment) is { } error)
        {
            return error;
        }

        if (request.Days is < 0 or > VerdictRules.ExpectedDaysMax)
        {
            return Refusal(
                VerdictOutcome.Invalid,
                $"cannot judge: expected 1 to {VerdictRules.ExpectedDaysMax} days, found {request.Days}; nothing has "
                + "changed");
        }

        if (FindingOf(request) is not { } finding)
        {
            string what = request.FindingNumber > 0
                ? $"finding {request.FindingNumber}"
                : $"anomaly of {request.Signal}";
            return Refusal(
                VerdictOutcome.Unknown,
                $"cannot judge: there is no {what} among the last {IngestionLimits.FindingsRememberedMax}; "
                + "/api/findings lists them");
        }

        KeptVerdict[] inForce = [.. _book.Verdicts().Where(verdict => verdict.IsInForceAt(now))];
        if (Array.Find(inForce, verdict => IsOn(verdict, finding)) is { } said)
        {
            return Refusal(
                VerdictOutcome.Refused,
                $"cannot judge finding {finding.Number}: {said.Operator} said "
                + $"\"{OperatorVerdictText.Of(said.Verdict)}\" of it; that stands until verdict {said.Number} is "
                + "revoked");
        }

        return inForce.Length < IngestionLimits.VerdictsInForceMax
            ? new VerdictAnswer(VerdictOutcome.Done, "", VerdictOf(request, finding, now))
            : Refusal(
                VerdictOutcome.Refused,
                $"cannot judge: {inForce.Length} verdicts are in force, and no more can be; revoke some first");
    }

    private KeptVerdict VerdictOf(VerdictRequest request, KeptFinding finding, long now)
    {
        long days = request.Days > 0 ? request.Days : VerdictRules.ExpectedDaysDefault;
        return new KeptVerdict
        {
            Number = _book.NextVerdict,
            FindingNumber = finding.Number,
            FindingTime = finding.Finding.Time,
            Signal = finding.Signal,
            Unit = finding.Unit,
            Verdict = request.Verdict,
            Judged = finding.Facts,
            Operator = WellFormed(request.Operator),
            Comment = WellFormed(request.Comment),
            GivenAt = now,
            ExpiresAt = request.Verdict == OperatorVerdict.Expected
                ? now + (days * Timestamp.NanosecondsPerDay)
                : long.MaxValue,
        };
    }

    private KeptFinding? FindingOf(VerdictRequest request) => request.FindingNumber > 0
        ? _book.Find(request.FindingNumber)
        : Latest(request.Signal, FindingLevel.Alarm, 1) is [KeptFinding last, ..] ? last : null;

    private int StepsOf(string signal, long now) =>
        _book.ForDetection().TryGetValue(signal, out SeriesVerdicts? verdicts) ? verdicts.StepsAt(now) : 0;

    private VerdictAnswer Done(string what, string who, KeptVerdict verdict)
    {
        string said = OperatorVerdictText.Of(verdict.Verdict);
        string words = $"{said}: finding {verdict.FindingNumber} of {verdict.Signal}";
        IngestionLog.VerdictChanged(_logger, what, verdict.Number, words, who);
        Audit?.Invoke(who, what, words);
        return new VerdictAnswer(VerdictOutcome.Done, "", verdict);
    }

    private static bool IsOn(KeptVerdict verdict, KeptFinding finding) =>
        verdict.FindingTime == finding.Finding.Time && verdict.Signal == finding.Signal;

    private static VerdictAnswer? ErrorOf(string verb, string operatorName, string comment)
    {
        if (string.IsNullOrWhiteSpace(operatorName))
        {
            return Refusal(
                VerdictOutcome.Invalid,
                $"cannot {verb}: the operator's name is missing; send {{\"operator\": \"…\"}}, nothing has changed");
        }

        int bytes = Math.Max(Encoding.UTF8.GetByteCount(operatorName), Encoding.UTF8.GetByteCount(comment));
        return bytes <= AlarmBoard.TextBytesMax ? null : Refusal(
            VerdictOutcome.Invalid,
            $"cannot {verb}: name and comment may have {AlarmBoard.TextBytesMax} bytes each, found {bytes}; nothing "
            + "has changed");
    }

    private static VerdictAnswer Refusal(VerdictOutcome outcome, string error) => new(outcome, error, null);

    /// <summary>The text as the journal gives it back: half a surrogate pair becomes U+FFFD now.</summary>
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
