using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Telemetry.Alarms;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// The one owner of the alarm board and its journal. Findings and operators' commands enter one bounded queue, so the
/// journal's order is the only order; each is journalled, then applied, then told to listeners.
/// </summary>
public sealed class AlarmDesk
{
    private const int QueuedMax = 4_096; // a full queue pauses the detect cursor, never the store's
    private const byte JournalKind = 1;
    private const string Self = "telemetry"; // who acts when no operator does
    private readonly AlarmBoard _board;
    private readonly Spool.Spool _journal;
    private readonly ArrivalClock _clock;
    private readonly ILogger _logger;
    private readonly Channel<Request> _queue = Channel.CreateBounded<Request>(QueuedMax);
    private readonly List<IAlarmListener> _listeners = [];

    /// <summary>Folds the journal into the board.</summary>
    /// <param name="board">An empty board.</param>
    /// <param name="journal">The log that holds the journal.</param>
    /// <param name="clock">Time of decisions.</param>
    /// <param name="logger">For transitions.</param>
    public AlarmDesk(AlarmBoard board, Spool.Spool journal, ArrivalClock clock, ILogger logger)
    {
        _board = board;
        _journal = journal;
        _clock = clock;
        _logger = logger;
        long last = 0;
        using SpoolReader reader = journal.OpenReader(journal.FirstOffset);
        while (reader.TryRead(out RecordView record))
        {
            AlarmReadStatus status = AlarmRecordFormat.TryRead(record.Body, out AlarmRecord? transition, out _);
            if (status == AlarmReadStatus.Complete)
            {
                Replay(transition!, record.Offset, expected: last + 1);
                last = Math.Max(last, transition!.Sequence);
            }
            else
            {
                IngestionLog.JournalRecordPassed(logger, record.Offset, $"its body is {status}");
            }
        }
    }

    /// <summary>
    /// Applies a journalled record; one that does not follow, because the journal is damaged before it, is passed over.
    /// </summary>
    private void Replay(AlarmRecord record, long offset, long expected)
    {
        if (record.Sequence > expected)
        {
            IngestionLog.JournalGap(_logger, offset, expected, record.Sequence, record.Sequence - expected);
        }

        _board.PassTo(record.Sequence - 1);
        try
        {
            _board.Apply(record);
        }
        catch (ArgumentException cause)
        {
            IngestionLog.JournalRecordPassed(_logger, offset, cause.Message);
            _board.PassTo(record.Sequence);
        }
    }

    /// <summary>The board as of the last transition; for any thread.</summary>
    public AlarmSnapshot Snapshot => _board.Snapshot;

    /// <summary>Why the desk has ended and decides nothing more; null while all is well.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Whether the journal takes anything, and why not.</summary>
    public SpoolState JournalState => _journal.State;

    /// <summary>Adds a listener; before the desk runs.</summary>
    public void Add(IAlarmListener listener) => _listeners.Add(listener);

    /// <summary>Hands over a finding; waits while the queue is full.</summary>
    public ValueTask TellAsync(in Finding finding, CancellationToken cancellationToken)
    {
        Finding copy = finding;
        return AskAsync(new Request(board => board.Decide(copy, _clock.Now()), null), cancellationToken);
    }

    /// <summary>Hands over a finding that is on no signal; waits while the queue is full.</summary>
    public ValueTask TellAsync(AlarmDefinition definition, in Finding finding, CancellationToken cancellationToken)
    {
        Finding copy = finding;
        var request = new Request(board => board.Decide(definition, copy, _clock.Now()), null);
        return AskAsync(request, cancellationToken);
    }

    /// <summary>An operator acknowledges.</summary>
    /// <returns>What the board said; anything but Moves changed nothing.</returns>
    public async Task<DecisionOutcome> AcknowledgeAsync(
        string alarmId, string operatorName, string comment, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<DecisionOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await AskAsync(
            new Request(board => board.DecideAcknowledge(alarmId, operatorName, comment, _clock.Now()), answer),
            cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Withdraws alarms that nothing can end any more because the site no longer watches for them; all that was handed
    /// over before is in the journal by then.
    /// </summary>
    public async Task FollowAsync(SiteCatalogue site, CancellationToken cancellationToken)
    {
        await JournalledAsync();
        foreach (Alarm orphan in _board.FindOrphans(site))
        {
            await AskAsync(new Request(board => Withdraw(board, orphan), null), cancellationToken);
        }
    }

    /// <summary>Completes when all that was handed over before is in the journal.</summary>
    public async Task JournalledAsync()
    {
        var answer = new TaskCompletionSource<DecisionOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var nothing = new Request(_ => new AlarmDecision(DecisionOutcome.Stays, null), answer);
        await AskAsync(nothing, CancellationToken.None);
        await answer.Task;
    }

    /// <summary>
    /// Withdraws alarms that nothing can end any more because the site no longer watches for them, then runs until
    /// <see cref="Complete"/> is called and the queue is empty.
    /// </summary>
    /// <remarks>After a fault whoever waits for an answer, or asks for one later, is given it.</remarks>
    public async Task RunAsync(SiteCatalogue site)
    {
        Request current = default;
        try
        {
            await WithdrawOrphansAsync(site);
            await foreach (Request request in _queue.Reader.ReadAllAsync())
            {
                current = request;
                AlarmDecision decision = request.Decide(_board);
                await CarryOutAsync(decision);
                request.Answer?.TrySetResult(decision.Outcome);
            }
        }
        catch (Exception fault)
        {
            Fault = fault;
            _queue.Writer.TryComplete(fault);
            current.Answer?.TrySetException(fault);
            while (_queue.Reader.TryRead(out Request waiting))
            {
                waiting.Answer?.TrySetException(fault);
            }

            throw;
        }
    }

    /// <summary>Takes nothing more; what is queued is still done.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    private async ValueTask AskAsync(Request request, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(request, cancellationToken);
        }
        catch (ChannelClosedException closed) when (Fault is { } fault)
        {
            throw new InvalidOperationException($"the alarm desk has ended: {fault.Message}", closed);
        }
    }

    private async Task WithdrawOrphansAsync(SiteCatalogue site)
    {
        foreach (Alarm orphan in _board.FindOrphans(site))
        {
            await CarryOutAsync(Withdraw(_board, orphan));
        }
    }

    private AlarmDecision Withdraw(AlarmBoard board, Alarm orphan) =>
        board.DecideWithdraw(orphan.Id, Self, "the site file no longer watches for this", _clock.Now());

    private async Task CarryOutAsync(AlarmDecision decision)
    {
        if (decision.Record is { } record)
        {
            await JournalAsync(record);
            Announce(record);
        }
    }

    private void Announce(AlarmRecord record)
    {
        AlarmChange change = _board.Apply(record);
        IngestionLog.AlarmChanged(_logger, change.Alarm.Id, AlarmMessage.NameOf(change.Alarm.State));
        foreach (IAlarmListener listener in _listeners)
        {
            listener.OnChange(change);
        }
    }

    /// <summary>
    /// Appends until the journal has taken it: an alarm that cannot be journalled waits, it is not lost.
    /// </summary>
    private async Task JournalAsync(AlarmRecord record)
    {
        var block = new byte[SpoolRecord.Measure(AlarmRecordFormat.Measure(record))];
        AlarmRecordFormat.Write(record, block.AsSpan(SpoolRecord.HeaderBytes));
        SpoolRecord.Seal(block, JournalKind, lane: 0, record.DecidedAt);
        long end;
        while (_journal.TryAppend(block, listener: null, out end) != AppendOutcome.Appended)
        {
            IngestionLog.JournalRefused(_logger, _journal.State.Cause);
            await _journal.WaitForRoomAsync(CancellationToken.None);
        }

        await _journal.WaitForCommitAsync(end - 1, CancellationToken.None);
    }

    private readonly record struct Request(
        Func<AlarmBoard, AlarmDecision> Decide, TaskCompletionSource<DecisionOutcome>? Answer);
}
