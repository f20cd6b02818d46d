using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Logging;
using Telemetry.Model;
using Telemetry.Payloads;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Keeps messages that could not be decoded, raw, with their reason, in a log of their own. It follows the store's
/// cursor: a message is in quarantine for good before the spool may let go of it. Nothing is deleted.
/// </summary>
/// <remarks>
/// Record body: spool offset i64 | fault offset i32 | reason u8 | the message's own body. With the upper bit of the
/// reason set, what the reason cannot say alone stands before the message: bytes u16 | UTF-8.
/// </remarks>
public sealed class Quarantine
{
    private const int PrefixBytes = sizeof(long) + sizeof(int) + sizeof(byte);
    private const byte DetailFlag = 0b1000_0000; // of the reason; reasons stay below it
    private const int DetailBytesMax = 2_048; // a name may be longer than what anyone reads
    private const int ListedMax = 1_000; // the newest; the log keeps all
    private const int PayloadStartBytes = 120;
    private const int ToldMax = 10_000; // clients and kinds remembered for the log
    private const long QuietNanoseconds = 60 * Timestamp.NanosecondsPerSecond;
    private static readonly TimeSpan StateLookInterval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Spool.Spool _spool;
    private readonly Spool.Spool _log;
    private readonly ILogger _logger;
    private readonly long _bytesMax;
    private readonly Queue<QuarantineEntry> _newest = new();
    private readonly Dictionary<(string Client, byte Reason), (long ToldAt, int Untold)> _told = [];
    private long _lastOffset = -1;
    private long _appendedTo;
    private long _count;
    private long _refused;

    /// <param name="spool">Where the messages come from.</param>
    /// <param name="log">Where they are kept.</param>
    /// <param name="logger">Names each kind of fault.</param>
    /// <param name="bytesMax">Ceiling of what is kept; less than the quota of the log, which would stop it.</param>
    public Quarantine(
        Spool.Spool spool, Spool.Spool log, ILogger logger, long bytesMax = IngestionLimits.QuarantineBytesMax)
    {
        _bytesMax = bytesMax;
        _spool = spool;
        _log = log;
        _logger = logger;
        _appendedTo = log.DurableOffset;
        using SpoolReader reader = log.OpenReader(log.FirstOffset);
        while (reader.TryRead(out RecordView record))
        {
            _lastOffset = BinaryPrimitives.ReadInt64LittleEndian(record.Body);
            Remember(EntryOf(record.Body, record.ArrivalTime));
        }
    }

    /// <summary>How many messages are in quarantine.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>How many were not kept because the quarantine is at its ceiling.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Offsets of messages that were not kept, for whoever counts them, and then clears this.</summary>
    internal HashSet<long> RefusedOffsets { get; } = [];

    /// <summary>Whether its log takes anything, and why not.</summary>
    public SpoolState State => _log.State;

    /// <summary>The newest messages, newest first.</summary>
    public IReadOnlyList<QuarantineEntry> Newest()
    {
        lock (_lock)
        {
            return [.. _newest.Reverse()];
        }
    }

    /// <summary>
    /// Takes the batch's messages that could not be decoded; those it has already (a replay) are left out.
    /// </summary>
    /// <returns>False while its disk takes nothing: the batch is to be offered again.</returns>
    internal bool TryTake(PointBatch batch)
    {
        foreach (ref readonly RecordEntry record in batch.Records)
        {
            bool isNew = record.Fate == RecordFate.Quarantined && record.Offset > _lastOffset;
            if (isNew && !TryTake(record, batch.FaultTextOf(record)))
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
                await _log.WaitForCommitAsync(_log.DurableOffset, look.Token);
            }
            catch (OperationCanceledException)
            {
                // A log that fills up or fails completes nothing: its state says so.
            }
        }

        return null;
    }

    private bool TryTake(in RecordEntry entry, ReadOnlySpan<byte> detail)
    {
        using SpoolReader reader = _spool.OpenReader(entry.Offset);
        if (!reader.TryRead(out RecordView record) || record.Offset != entry.Offset)
        {
            return true; // set aside by the spool's own recovery, which has said so
        }

        detail = detail[..Math.Min(detail.Length, DetailBytesMax)];
        int detailBytes = detail.IsEmpty ? 0 : sizeof(ushort) + detail.Length;
        var copy = new byte[SpoolRecord.Measure(PrefixBytes + detailBytes + record.Body.Length)];
        Span<byte> body = copy.AsSpan(SpoolRecord.HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(body, entry.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(body[sizeof(long)..], entry.FaultOffset);
        body[PrefixBytes - 1] = entry.FaultReason;
        if (!detail.IsEmpty)
        {
            body[PrefixBytes - 1] |= DetailFlag;
            BinaryPrimitives.WriteUInt16LittleEndian(body[PrefixBytes..], (ushort)detail.Length);
            detail.CopyTo(body[(PrefixBytes + sizeof(ushort))..]);
        }

        record.Body.CopyTo(body[(PrefixBytes + detailBytes)..]);
        SpoolRecord.Seal(copy, record.Kind, record.Lane, record.ArrivalTime);
        if (_log.AppendedOffset - _log.FirstOffset + copy.Length > _bytesMax)
        {
            Interlocked.Increment(ref _refused);
            RefusedOffsets.Add(entry.Offset);
            _lastOffset = entry.Offset;
            return true;
        }

        if (Append(copy, out long end) != AppendOutcome.Appended)
        {
            return false;
        }

        _appendedTo = end;
        _lastOffset = entry.Offset;
        QuarantineEntry kept = EntryOf(body, record.ArrivalTime);
        Remember(kept);
        Tell(kept, entry.FaultReason);
        return true;
    }

    /// <summary>
    /// The log hears of the first message of a client and kind in a minute; a gateway that sends nothing else must not
    /// fill it. Time is that of arrival.
    /// </summary>
    private void Tell(QuarantineEntry kept, byte reason)
    {
        (string, byte) key = (kept.Client, reason);
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
        IngestionLog.Quarantined(
            _logger, kept.Client, kept.Topic, kept.Reason, kept.FaultOffset, Count, last.Untold);
    }

    /// <summary>
    /// Waits while the log's buffers are full: that passes with its next commit, or the log refuses from then on.
    /// </summary>
    private AppendOutcome Append(byte[] record, out long end)
    {
        AppendOutcome outcome = _log.TryAppend(record, listener: null, out end);
        while (outcome == AppendOutcome.NoRoom)
        {
            Task room = _log.WaitForRoomAsync(CancellationToken.None).AsTask();
            room.Wait(StateLookInterval);
            outcome = _log.TryAppend(record, listener: null, out end);
        }

        return outcome;
    }

    private void Remember(QuarantineEntry entry)
    {
        lock (_lock)
        {
            _count++;
            _newest.Enqueue(entry);
            if (_newest.Count > ListedMax)
            {
                _newest.Dequeue();
            }
        }
    }

    private static QuarantineEntry EntryOf(ReadOnlySpan<byte> body, long arrivalTime)
    {
        byte reason = body[PrefixBytes - 1];
        ReadOnlySpan<byte> rest = body[PrefixBytes..];
        string words = FaultReasonText.Of((FaultReason)(reason & ~DetailFlag));
        if ((reason & DetailFlag) != 0)
        {
            int end = sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(rest);
            words = $"{words}: {Encoding.UTF8.GetString(rest[sizeof(ushort)..end])}";
            rest = rest[end..];
        }

        MessageRecord message = MessageRecord.Read(rest);
        return new QuarantineEntry(
            BinaryPrimitives.ReadInt64LittleEndian(body),
            arrivalTime,
            Encoding.UTF8.GetString(message.Client),
            Encoding.UTF8.GetString(message.Topic),
            words,
            BinaryPrimitives.ReadInt32LittleEndian(body[sizeof(long)..]),
            message.Payload.Length,
            Encoding.UTF8.GetString(message.Payload[..Math.Min(message.Payload.Length, PayloadStartBytes)]));
    }
}
