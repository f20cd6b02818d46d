using System.Text;
using Microsoft.Extensions.Logging;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Keeps messages that could not be decoded, raw, with their reason and decoder, in a log of their own, and what
/// became of them when they were decoded again. It follows the store's cursor: a message and an outcome are in the log
/// for good before the spool may let go of what they stand for. Nothing is deleted.
/// </summary>
public sealed class Quarantine
{
    private const int ToldMax = 10_000; // clients and kinds remembered for the log
    private const long QuietNanoseconds = 60 * Timestamp.NanosecondsPerSecond;
    private const long OutcomeBytesMax = 64L * 1024 * 1024; // beyond the messages' ceiling, so that retries end
    private static readonly TimeSpan StateLookInterval = TimeSpan.FromSeconds(1);
    private readonly Spool.Spool _spool;
    private readonly Spool.Spool _log;
    private readonly ILogger _logger;
    private readonly long _bytesMax;
    private readonly int _messagesMax;
    private readonly QuarantineIndex _index = new();
    private readonly Dictionary<(string Client, byte Reason), (long ToldAt, int Untold)> _told = [];
    private long _lastOffset = -1;
    private long _appendedTo;
    private long _refused;

    /// <param name="spool">Where the messages come from.</param>
    /// <param name="log">Where they are kept.</param>
    /// <param name="logger">Names each kind of fault.</param>
    /// <param name="bytesMax">Ceiling of what is kept; less than the quota of the log, which would stop it.</param>
    /// <param name="messagesMax">Ceiling of how many are kept; each takes a slot in memory.</param>
    public Quarantine(
        Spool.Spool spool,
        Spool.Spool log,
        ILogger logger,
        long bytesMax = IngestionLimits.QuarantineBytesMax,
        int messagesMax = IngestionLimits.QuarantineMessagesMax)
    {
        _bytesMax = bytesMax;
        _messagesMax = messagesMax;
        _spool = spool;
        _log = log;
        _logger = logger;
        _appendedTo = log.DurableOffset;
        Reader = new QuarantineReader(log, _index);
        using SpoolReader reader = log.OpenReader(log.FirstOffset);
        while (reader.TryRead(out RecordView record))
        {
            if (QuarantineFormat.IsMessage(record))
            {
                KeptMessage kept = QuarantineFormat.ReadMessage(record);
                Remember(kept, record.Offset);
                _lastOffset = kept.Id;
            }
            else if (record.Kind == (byte)QuarantineRecordKind.Outcome)
            {
                _index.Take(QuarantineFormat.ReadOutcome(record), record.Offset);
            }
        }
    }

    /// <summary>What is kept, for people and for retries.</summary>
    public QuarantineReader Reader { get; }

    /// <summary>How many messages are in quarantine, resolved ones included.</summary>
    public long Count => _index.Count;

    /// <summary>How many of them are not resolved.</summary>
    public long UnresolvedCount => _index.Count - _index.CountOf(QuarantineState.Resolved);

    /// <summary>How many messages or outcomes were not kept because the quarantine is at its ceiling.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Offsets of messages that were not kept, for whoever counts them, and then clears this.</summary>
    internal HashSet<long> RefusedOffsets { get; } = [];

    /// <summary>Whether its log takes anything, and why not.</summary>
    public SpoolState State => _log.State;

    /// <summary>True when it can keep what becomes of a retry.</summary>
    internal bool HasRoomForOutcomes =>
        _log.State.Status == SpoolStatus.Running
        && _log.AppendedOffset - _log.FirstOffset < _bytesMax + (OutcomeBytesMax / 2);

    /// <summary>How many messages stand there.</summary>
    public long CountOf(QuarantineState state) => _index.CountOf(state);

    /// <summary>Marks a message as on its way through the spool.</summary>
    internal void Mark(long id) => _index.Mark(id);

    /// <summary>Takes the mark back.</summary>
    internal void Unmark(long id) => _index.Unmark(id);

    /// <summary>
    /// Takes the batch's messages that could not be decoded, and the outcomes of retries; those it has already (a
    /// replay) are left out.
    /// </summary>
    /// <returns>False while its disk takes nothing: the batch is to be offered again.</returns>
    internal bool TryTake(PointBatch batch)
    {
        foreach (ref readonly RecordEntry record in batch.Records)
        {
            bool isNew = record.Fate == RecordFate.Quarantined && record.Offset > _lastOffset;
            bool isTaken = record.IsRetry ? TryTakeRetry(batch, record)
                : record.ReleasedAt > 0 ? TryTakeOutcome(batch, record, record.Offset, record.ReleasedAt)
                : !isNew || TryTakeMessage(batch, record);
            if (!isTaken)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Completes when all that was taken is durable, or cannot be made so now.</summary>
    /// <returns>Null when it is durable; else why it cannot be.</returns>
    internal async ValueTask<string?> CommitAsync(TimeProvider time)
    {
        while (_log.DurableOffset < _appendedTo)
        {
            if (_log.State is { Status: not SpoolStatus.Running } state)
            {
                return state.Cause;
            }

            using var look = new CancellationTokenSource(StateLookInterval, time);
            try
            {
                await _log.WaitForCommitAsync(_appendedTo - 1, look.Token);
            }
            catch (OperationCanceledException)
            {
                // A log that fills up or fails completes nothing: its state says so.
            }
        }

        return null;
    }

    private bool TryTakeMessage(PointBatch batch, in RecordEntry entry)
    {
        using SpoolReader reader = _spool.OpenReader(entry.Offset);
        if (!reader.TryRead(out RecordView record) || record.Offset != entry.Offset)
        {
            return true; // set aside by the spool's own recovery, which has said so
        }

        if (record.IsDropped)
        {
            RefusedOffsets.Add(entry.Offset); // it gave way after it was decoded
            _lastOffset = entry.Offset;
            return true;
        }

        var kept = new KeptMessage
        {
            Id = entry.Offset,
            ArrivalTime = record.ArrivalTime,
            Lane = record.Lane,
            Kind = (RecordKind)record.Kind,
            Verdict = QuarantineVerdict.Of(batch, entry),
            Body = record.Body,
        };
        byte[] copy = QuarantineFormat.Write(kept);
        if (Count >= _messagesMax || _log.AppendedOffset - _log.FirstOffset + copy.Length > _bytesMax)
        {
            Interlocked.Increment(ref _refused);
            RefusedOffsets.Add(entry.Offset);
            _lastOffset = entry.Offset;
            return true;
        }

        if (Append(copy, out long start) != AppendOutcome.Appended)
        {
            return false;
        }

        _lastOffset = entry.Offset;
        Remember(kept, start);
        Tell(kept);
        return true;
    }

    private bool TryTakeRetry(PointBatch batch, in RecordEntry entry)
    {
        using SpoolReader reader = _spool.OpenReader(entry.Offset);
        bool isThere = reader.TryRead(out RecordView record) && record.Offset == entry.Offset;
        return !isThere || TryTakeOutcome(batch, entry, RetryRecord.Read(record.Body).Id, entry.Offset);
    }

    /// <summary>
    /// A replay brings an outcome again. It is taken again only if it is another one: the site was changed between.
    /// </summary>
    /// <param name="batch">Where the entry stands.</param>
    /// <param name="entry">The message, decoded once more.</param>
    /// <param name="id">Its number in quarantine.</param>
    /// <param name="offset">Where the record stands that had it decoded once more.</param>
    private bool TryTakeOutcome(PointBatch batch, in RecordEntry entry, long id, long offset)
    {
        if (_index.Find(id) is not { } slot || offset < slot.RetryOffset)
        {
            return true;
        }

        QuarantineVerdict verdict = QuarantineVerdict.Of(batch, entry);
        bool isKnown = offset == slot.RetryOffset && entry.Fate == slot.Fate && verdict.Reason == slot.Reason;
        if (isKnown)
        {
            return true;
        }

        var outcome = new QuarantineOutcome(
            id, offset, entry.Fate, entry.PointCount, entry.RefusedCount, verdict);
        byte[] copy = QuarantineFormat.Write(outcome, entry.Lane, entry.ArrivalTime);
        if (_log.AppendedOffset - _log.FirstOffset + copy.Length > _bytesMax + OutcomeBytesMax)
        {
            Interlocked.Increment(ref _refused);
            return true;
        }

        if (Append(copy, out long start) != AppendOutcome.Appended)
        {
            return false;
        }

        _index.Take(outcome, start);
        return true;
    }

    /// <summary>
    /// The log hears of the first message of a client and kind in a minute; a gateway that sends nothing else must not
    /// fill it. Time is that of arrival.
    /// </summary>
    private void Tell(in KeptMessage kept)
    {
        string client = Encoding.UTF8.GetString(kept.Message.Client);
        (string, byte) key = (client, (byte)kept.Verdict.Reason);
        if (_told.TryGetValue(key, out (long ToldAt, int Untold) last)
            && kept.ArrivalTime - last.ToldAt < QuietNanoseconds)
        {
            _told[key] = (last.ToldAt, last.Untold + 1);
            return;
        }

        if (_told.Count >= ToldMax)
        {
            _told.Clear();
        }

        _told[key] = (kept.ArrivalTime, 0);
        string topic = Encoding.UTF8.GetString(kept.Message.Topic);
        IngestionLog.Quarantined(
            _logger, client, topic, kept.Verdict.Words, kept.Verdict.FaultOffset, Count, last.Untold);
    }

    /// <summary>
    /// Waits while the log's buffers are full: that passes with its next commit, or the log refuses from then on.
    /// </summary>
    private AppendOutcome Append(byte[] record, out long start)
    {
        AppendOutcome outcome = _log.TryAppend(record, listener: null, out long end);
        while (outcome == AppendOutcome.NoRoom)
        {
            Task room = _log.WaitForRoomAsync(CancellationToken.None).AsTask();
            room.Wait(StateLookInterval);
            outcome = _log.TryAppend(record, listener: null, out end);
        }

        start = end - record.Length;
        _appendedTo = outcome == AppendOutcome.Appended ? end : _appendedTo;
        return outcome;
    }

    private void Remember(in KeptMessage kept, long logOffset)
    {
        string gateway = Encoding.UTF8.GetString(kept.Message.Gateway);
        string topic = Encoding.UTF8.GetString(kept.Message.Topic);
        _index.Add(kept.Id, logOffset, gateway, topic, kept.Verdict.Reason, kept.ArrivalTime);
    }
}
