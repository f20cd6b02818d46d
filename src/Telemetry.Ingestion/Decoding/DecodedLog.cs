using System.Buffers;
using System.Diagnostics;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>A batch on loan: read-only, and to be disposed when its reader is through with it.</summary>
internal sealed class BatchLease(DecodedLog owner) : IDisposable
{
    private int _holders;

    public PointBatch Batch { get; } = new();

    public void Dispose() => owner.Return(this);

    internal void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>True when that was the last holder.</summary>
    internal bool Release()
    {
        int left = Interlocked.Decrement(ref _holders);
        Debug.Assert(left >= 0, "a lease is returned as often as it was taken");
        return left == 0;
    }
}

/// <summary>
/// The spool as decoded batches. At the tail a batch is decoded once, by whoever asks first, and every consumer is
/// handed the same one. The last few are kept, and who is ahead waits a moment before one goes that another at the tail
/// has still to take: to decode it again would cost more. A consumer that has fallen behind them reads and decodes for
/// itself up to where they begin, so the slowest never holds memory, nor the others for long. States of decoding are
/// kept now and then, so that whoever decodes a record, and when, has the same state before it.
/// </summary>
internal sealed class DecodedLog
{
    /// <summary>How long a reader at the tail waits for another before it goes on without it.</summary>
    internal const int PatienceMilliseconds = 500;

    private const int KeptBatches = 4;
    private readonly Lock _lock = new();
    private readonly Spool.Spool _spool;
    private readonly TimeProvider _time;
    private readonly long _openedAt;
    private readonly RecordDecoder _counting;
    private readonly DecodingContext _context;
    private RecordDecoder _decoder; // counts nothing up to where the log ended when it was opened
    private SpoolReader _reader;
    private readonly Queue<BatchLease> _kept = new();
    private readonly Stack<BatchLease> _free = new();
    private readonly DecodingSnapshots _snapshots;
    private readonly List<LaggingDecoder> _waitedFor = [];
    private TaskCompletionSource? _moving;
    private long _tail;

    public DecodedLog(
        Spool.Spool spool,
        DecodingContext context,
        IngestionMetrics metrics,
        RefusedNames refused,
        DecodingSnapshots snapshots,
        TimeProvider time)
    {
        _time = time;
        _spool = spool;
        _context = context;
        _snapshots = snapshots;
        _counting = new RecordDecoder(context, metrics, refused);
        _decoder = new RecordDecoder(context, metrics: null);
        _openedAt = spool.DurableOffset;
        snapshots.RemoveBeyond(_openedAt);
        _tail = RestoreBefore(_decoder.State, _openedAt); // a kill may leave much behind it, for which nothing waits
        if (snapshots.IsEmpty)
        {
            snapshots.Add(_tail, _decoder.State, spool.HistoryOffset); // whoever starts behind here folds from here on
        }

        _reader = spool.OpenReader(_tail);
        SiteAtEnd = FindSiteAtEnd();
        CountFromEnd();
    }

    /// <summary>The site in force at the end that the log had when it was opened.</summary>
    internal SiteInForce SiteAtEnd { get; }

    /// <summary>What reads beside the consumers, and counts nothing.</summary>
    internal Spool.Spool Spool => _spool;

    /// <summary>Where the newest batch ends.</summary>
    public long Tail
    {
        get
        {
            lock (_lock)
            {
                return _tail;
            }
        }
    }

    /// <summary>A reader's own means of decoding, for when it has fallen behind.</summary>
    /// <param name="isWaitedFor">Others at the tail may wait for it, and it for others.</param>
    public LaggingDecoder OpenLagging(bool isWaitedFor = false)
    {
        var lagging = new LaggingDecoder(this, _spool);
        lock (_lock)
        {
            if (isWaitedFor)
            {
                _waitedFor.Add(lagging);
            }
        }

        return lagging;
    }

    /// <summary>The edge nodes as they stand at the tail.</summary>
    public IReadOnlyList<SparkplugNodeView> SparkplugNodes()
    {
        lock (_lock)
        {
            return SparkplugNodeView.Of(_decoder.State.Sparkplug);
        }
    }

    /// <summary>Keeps the state at the tail, so that the next start need not decode anything for it.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (_tail > _snapshots.NewestOffset)
            {
                _snapshots.Add(_tail, _decoder.State, _spool.HistoryOffset);
            }
        }
    }

    /// <summary>
    /// A decoder that counts nothing, with the state that decoding has at an offset. Without a kept state before it
    /// the way is from the log's first record when that is near, and else the state is the empty one.
    /// </summary>
    /// <param name="offset">Where it goes on.</param>
    /// <param name="refused">Lists refused names for its reader; null when that wants none.</param>
    internal RecordDecoder DecoderAt(long offset, RefusedNames? refused = null)
    {
        var decoder = new RecordDecoder(_context, metrics: null, refused);
        Bring(decoder, offset);
        return decoder;
    }

    /// <summary>Restores the newest kept state at or before an offset; false when there is none.</summary>
    internal bool TryRestore(DecodingState state, long before, out long offset)
    {
        lock (_lock)
        {
            return _snapshots.TryRestore(state, before, out offset);
        }
    }

    /// <summary>
    /// Gives a decoder the state at an offset; what it has learnt of names, which is no state, stays.
    /// </summary>
    internal void Bring(RecordDecoder decoder, long offset)
    {
        long start;
        lock (_lock)
        {
            start = RestoreBefore(decoder.State, offset);
        }

        using SpoolReader reader = _spool.OpenReader(start);
        using BatchLease lease = Rent();
        while (decoder.TryFill(lease.Batch, reader, offset))
        {
            // Decoded for what it leaves in the state.
        }
    }

    /// <summary>
    /// The batch that starts at <paramref name="offset"/>; null when nothing durable is beyond it, or others are to
    /// be waited for: <see cref="WaitForOthersAsync"/> knows.
    /// </summary>
    public BatchLease? TryNext(long offset, LaggingDecoder lagging)
    {
        long behindUntil;
        lock (_lock)
        {
            if (offset > _tail)
            {
                MoveTailLocked(offset);
            }

            MoveLocked(lagging, offset);
            foreach (BatchLease kept in _kept)
            {
                if (kept.Batch.StartOffset == offset)
                {
                    kept.Hold();
                    return HandedLocked(kept, lagging);
                }
            }

            if (offset == _tail)
            {
                return MustWaitLocked(lagging) ? null : HandedLocked(DecodeTailLocked(), lagging);
            }

            lagging.IsAtTail = false;
            WakeLocked();
            behindUntil = NextStartLocked(offset);
        }

        return lagging.TryNext(offset, behindUntil);
    }

    /// <summary>
    /// Waits for those that have still to take the batch that would go next; false when there was no reason to.
    /// </summary>
    public async ValueTask<bool> WaitForOthersAsync(LaggingDecoder lagging, CancellationToken cancellationToken)
    {
        if (lagging.OthersMoving is not { } moving)
        {
            return false;
        }

        try
        {
            await moving.WaitAsync(TimeSpan.FromMilliseconds(PatienceMilliseconds), _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                foreach (LaggingDecoder late in _waitedFor)
                {
                    late.IsAtTail &= !IsAwaitedLocked(late);
                }
            }
        }

        return true;
    }

    private void MoveLocked(LaggingDecoder lagging, long offset)
    {
        lagging.OthersMoving = null;
        if (lagging.Next != offset)
        {
            lagging.Next = offset;
            WakeLocked();
        }
    }

    private BatchLease? HandedLocked(BatchLease? lease, LaggingDecoder lagging)
    {
        if (lease is not null)
        {
            lagging.Next = lease.Batch.EndOffset;
            lagging.OnHanded();
            WakeLocked();
        }

        lagging.IsAtTail = true;
        return lease;
    }

    /// <summary>Only a reader that has moved wakes the others: two that wait would wake each other for ever.</summary>
    private void WakeLocked()
    {
        _moving?.TrySetResult();
        _moving = null;
    }

    private bool MustWaitLocked(LaggingDecoder lagging)
    {
        if (_kept.Count < KeptBatches || !_waitedFor.Contains(lagging) || !_waitedFor.Exists(IsAwaitedLocked))
        {
            return false;
        }

        _moving ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lagging.OthersMoving = _moving.Task;
        return true;
    }

    /// <summary>True for a reader at the tail that has still to take the batch that would go.</summary>
    private bool IsAwaitedLocked(LaggingDecoder other) =>
        other.IsAtTail && other.Next <= _kept.Peek().Batch.StartOffset;

    /// <summary>What lies before has been taken by all who are quick; the others read from the disk.</summary>
    private long SlowestLocked()
    {
        long slowest = _kept.Count > 0 ? _kept.Peek().Batch.StartOffset : _tail;
        foreach (LaggingDecoder lagging in _waitedFor)
        {
            slowest = Math.Min(slowest, lagging.Next);
        }

        return slowest;
    }

    /// <summary>Where the first kept batch behind the offset starts: there its reader joins the others again.</summary>
    private long NextStartLocked(long offset)
    {
        foreach (BatchLease kept in _kept)
        {
            if (kept.Batch.StartOffset > offset)
            {
                return kept.Batch.StartOffset;
            }
        }

        return _tail;
    }

    internal BatchLease Rent()
    {
        lock (_lock)
        {
            BatchLease lease = _free.TryPop(out BatchLease? free) ? free : new BatchLease(this);
            lease.Hold();
            return lease;
        }
    }

    internal void Return(BatchLease lease)
    {
        if (lease.Release())
        {
            lock (_lock)
            {
                _free.Push(lease);
            }
        }
    }

    /// <summary>
    /// Gives a state that decoding has at an offset or before it, and says where. Without a kept one that is the log's
    /// first record when it is near, and else the offset itself, with a state that knows nothing. Under the lock, but
    /// for the constructor.
    /// </summary>
    private long RestoreBefore(DecodingState state, long offset)
    {
        if (_snapshots.TryRestore(state, offset, out long start))
        {
            return Math.Max(start, _spool.FirstOffset);
        }

        state.Restore([]);
        bool isNear = offset - _spool.FirstOffset <= 2 * _snapshots.BytesApart;
        return isNear ? _spool.FirstOffset : offset;
    }

    /// <summary>Looks at what lies behind the tail for changes of the site, without decoding it.</summary>
    private SiteInForce FindSiteAtEnd()
    {
        var site = new SiteInForce(_context);
        SiteInForce atTail = _decoder.State.Site;
        site.Change(atTail.Version.Hash, atTail.Offset, atTail.ArrivalTime);
        using SpoolReader reader = _spool.OpenReader(_tail);
        while (reader.TryRead(out RecordView record))
        {
            if (record.Kind == (byte)RecordKind.SiteChange && !record.IsDropped)
            {
                site.Change(SiteChangeRecord.ReadHash(record.Body), record.Offset, record.ArrivalTime);
            }
        }

        return site;
    }

    /// <summary>For a reader beyond the tail: it took the records between before the service was killed.</summary>
    private void MoveTailLocked(long offset)
    {
        _decoder = DecoderAt(offset);
        _reader.Dispose();
        _reader = _spool.OpenReader(offset);
        _tail = offset;
        CountFromEnd();
    }

    /// <summary>
    /// What was there when the log was opened came before; what comes behind it is this run's. Under the lock, but for
    /// the constructor.
    /// </summary>
    private void CountFromEnd()
    {
        if (_tail >= _openedAt && _decoder != _counting)
        {
            var state = new ArrayBufferWriter<byte>();
            _decoder.State.Save(state);
            _counting.State.Restore(state.WrittenSpan);
            _decoder = _counting;
        }
    }

    private BatchLease? DecodeTailLocked()
    {
        BatchLease lease = _free.TryPop(out BatchLease? free) ? free : new BatchLease(this);
        if (!_decoder.TryFill(lease.Batch, _reader, before: _tail < _openedAt ? _openedAt : long.MaxValue))
        {
            _free.Push(lease);
            return null;
        }

        _tail = lease.Batch.EndOffset;
        CountFromEnd();
        if (_tail - _snapshots.NewestOffset >= _snapshots.BytesApart)
        {
            _snapshots.Add(_tail, _decoder.State, _spool.HistoryOffset);
        }

        if (_kept.Count == KeptBatches)
        {
            BatchLease evicted = _kept.Dequeue();
            if (evicted.Release())
            {
                _free.Push(evicted);
            }

            _spool.DropCacheBefore(SlowestLocked());
        }

        lease.Hold(); // the log's own hold
        _kept.Enqueue(lease);
        lease.Hold(); // the caller's
        return lease;
    }
}
