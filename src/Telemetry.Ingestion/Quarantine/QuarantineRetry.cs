namespace Telemetry.Ingestion;

/// <summary>What a retry did.</summary>
/// <param name="Retried">Messages that were decoded again.</param>
/// <param name="Resolved">Those of which nothing is missing any more.</param>
/// <param name="Failed">Those that failed again.</param>
/// <param name="Points">Points they gave.</param>
/// <param name="Outcomes">What became of the first of them.</param>
/// <param name="Refusals">Why a number that was asked for was left alone.</param>
/// <param name="Error">Why the retry ended before its time; empty when it did not.</param>
public sealed record RetryReport(
    long Retried,
    long Resolved,
    long Failed,
    long Points,
    IReadOnlyList<QuarantineRetryView> Outcomes,
    IReadOnlyList<string> Refusals,
    string Error);

/// <summary>
/// Decodes quarantined messages again with the routes in force. They go the way of all data: a record of
/// <see cref="RecordKind.Retry"/> in the spool, decoded behind the commit with the first arrival time, stored by the
/// store's cursor, and the outcome kept by the quarantine, which follows it. One retry runs at a time.
/// </summary>
/// <remarks>
/// Whether a message is on its way is known in memory only. So nothing is taken up before the store has passed what was
/// in the spool at the start: the outcomes of retries before a crash are known by then, and none is done twice.
/// </remarks>
public sealed class QuarantineRetry
{
    private const int MessagesAtOnce = 1_000; // on their way, before their outcomes are waited for
    private const int BytesAtOnce = 4 * 1024 * 1024; // a block of the spool holds twice as much
    private const int OutcomesToldMax = 1_000; // what a person reads; the log keeps all
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);
    private readonly Spool.Spool _spool;
    private readonly Quarantine _quarantine;
    private readonly ArrivalClock _clock;
    private readonly CursorPump _store;
    private readonly TimeProvider _time;
    private readonly long _startOffset;
    private int _isRunning;

    internal QuarantineRetry(
        Spool.Spool spool, Quarantine quarantine, ArrivalClock clock, CursorPump store, TimeProvider time)
    {
        _spool = spool;
        _quarantine = quarantine;
        _clock = clock;
        _store = store;
        _time = time;
        _startOffset = spool.DurableOffset;
    }

    /// <summary>Decodes these messages again and waits for what becomes of them.</summary>
    /// <param name="ids">Their numbers; those that are resolved or on their way are refused by name.</param>
    /// <param name="cancellationToken">The asker went away; what is on its way goes on.</param>
    public Task<RetryReport> RetryAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return RunAsync(tally => RetryAsync([.. ids.Distinct().Order()], tally, cancellationToken), cancellationToken);
    }

    /// <summary>Decodes all unresolved messages that pass again and waits for what becomes of them.</summary>
    /// <param name="filter">Which are meant; those that arrive meanwhile are not.</param>
    /// <param name="cancellationToken">The asker went away; what is on its way goes on.</param>
    public Task<RetryReport> RetryAsync(QuarantineFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return RunAsync(tally => RetryAsync(filter, tally, cancellationToken), cancellationToken);
    }

    private async Task<RetryReport> RunAsync(Func<Tally, Task> act, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            tally.Error = "cannot retry: another retry is running; nothing was done, ask again when it has ended";
            return tally.Report();
        }

        try
        {
            await _store.WaitForAsync(_startOffset, cancellationToken).WaitAsync(
                StartPatience, _time, cancellationToken);
            await act(tally);
        }
        catch (TimeoutException)
        {
            tally.Error = "cannot retry: what came before the start is not stored yet, retries may be among it; "
                + $"{_startOffset - _store.Position} bytes are before them; nothing was done, ask again soon";
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }

        return tally.Report();
    }

    private async Task RetryAsync(long[] ids, Tally tally, CancellationToken cancellationToken)
    {
        var chunk = new Chunk();
        foreach (long id in ids)
        {
            if (RefusalOf(id) is { } refusal)
            {
                tally.Refusals.Add(refusal);
                continue;
            }

            Chunk open = chunk;
            _quarantine.Reader.Visit(id, (_, in kept) => Add(open, kept));
            if (chunk.IsFull && tally.Error.Length == 0)
            {
                await SendAsync(chunk, tally, cancellationToken);
                chunk = new Chunk();
            }
        }

        await SendAsync(chunk, tally, cancellationToken);
    }

    private async Task RetryAsync(QuarantineFilter filter, Tally tally, CancellationToken cancellationToken)
    {
        long after = -1;
        long last = _quarantine.Reader.LastId; // what fails again meanwhile is not taken up twice
        while (after < last && tally.Error.Length == 0)
        {
            var chunk = new Chunk();
            after = _quarantine.Reader.Visit(
                filter,
                after,
                () => chunk.IsFull,
                (slot, in kept) =>
                {
                    if (slot.State is QuarantineState.Waiting or QuarantineState.Failed && kept.Id <= last)
                    {
                        Add(chunk, kept);
                    }
                });
            await SendAsync(chunk, tally, cancellationToken);
        }
    }

    private string? RefusalOf(long id) => _quarantine.Reader.SlotOf(id) switch
    {
        null => $"cannot retry message {id}: there is none of this number in quarantine",
        { State: QuarantineState.Resolved } slot =>
            $"cannot retry message {id}: it was resolved by the retry at offset {slot.RetryOffset}; nothing was done",
        { State: QuarantineState.Retried } => $"cannot retry message {id}: it is on its way; nothing was done",
        _ => null,
    };

    private void Add(Chunk chunk, in KeptMessage kept)
    {
        byte[] record = RetryRecord.Write(kept.Id, kept.ArrivalTime, kept.Kind, kept.Body, kept.Lane, _clock.Now());
        chunk.Records.Add((kept.Id, record));
        chunk.Bytes += record.Length;
    }

    /// <summary>Puts messages into the spool and waits until store and quarantine have them.</summary>
    private async Task SendAsync(Chunk chunk, Tally tally, CancellationToken cancellationToken)
    {
        var sent = new List<long>();
        foreach ((long id, byte[] record) in chunk.Records)
        {
            if (!_quarantine.HasRoomForOutcomes)
            {
                tally.Error = $"cannot retry message {id}: the quarantine cannot keep what becomes of it; nothing more "
                    + "was done";
                break;
            }

            _quarantine.Mark(id);
            if (await PatientAppend.TryAsync(_spool, record, _time) is not { } end)
            {
                _quarantine.Unmark(id);
                tally.Error = $"cannot retry message {id}: the spool takes nothing, {_spool.State.Cause}; nothing more "
                    + "was done, ask again when it does";
                break;
            }

            sent.Add(id);
            tally.End = end;
        }

        if (sent.Count > 0)
        {
            await _store.WaitForAsync(tally.End, cancellationToken);
            await _quarantine.CommitAsync(_time);
            tally.Count(_quarantine.Reader.OutcomesOf(sent));
        }
    }

    /// <summary>Messages on their way together.</summary>
    private sealed class Chunk
    {
        public List<(long Id, byte[] Record)> Records { get; } = [];

        public long Bytes { get; set; }

        public bool IsFull => Records.Count >= MessagesAtOnce || Bytes >= BytesAtOnce;
    }

    /// <summary>What has been done so far.</summary>
    private sealed class Tally
    {
        private readonly List<QuarantineRetryView> _outcomes = [];
        private long _retried;
        private long _resolved;
        private long _points;

        public List<string> Refusals { get; } = [];

        public string Error { get; set; } = "";

        /// <summary>Where the last retry ends in the spool.</summary>
        public long End { get; set; }

        public void Count(IEnumerable<QuarantineOutcome> outcomes)
        {
            foreach (QuarantineOutcome outcome in outcomes)
            {
                _retried++;
                _resolved += outcome.IsResolved ? 1 : 0;
                _points += outcome.Points;
                if (_outcomes.Count < OutcomesToldMax)
                {
                    _outcomes.Add(QuarantineRetryView.Of(outcome));
                }
            }
        }

        public RetryReport Report() =>
            new(_retried, _resolved, _retried - _resolved, _points, _outcomes, Refusals, Error);
    }
}
