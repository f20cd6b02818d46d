using System.Diagnostics;

namespace Telemetry.Spool;

/// <summary>
/// Where blocks wait for the committer: one buffer fills while the other is written. One short lock guards both and the
/// state; whatever needs it ends in <c>Locked</c>.
/// Always: durable ≤ end of the buffer being written ≤ <see cref="AppendedOffset"/>.
/// </summary>
internal sealed class AppendQueue
{
    private readonly object _gate = new();
    private readonly int _halfBytes;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly WaiterSet _roomWaiters = new(0);
    private AppendBuffer _active;
    private AppendBuffer? _idle;
    private AppendBuffer? _pending;
    private SpoolState _state = SpoolState.Running;
    private long _appended;
    private long _roomGeneration;
    private long _lastTaken;
    private bool _committerWaits;
    private bool _isNudged;
    private bool _isClosing;

    public AppendQueue(SpoolOptions options, TimeProvider time, long endOffset)
    {
        _active = new AppendBuffer(options.BufferBytesMax);
        _idle = new AppendBuffer(options.BufferBytesMax);
        _halfBytes = options.BufferBytesMax / 2;
        _interval = TimeSpan.FromMilliseconds(options.CommitIntervalMinMilliseconds);
        _time = time;
        _appended = endOffset;
    }

    public long AppendedOffset => Volatile.Read(ref _appended);

    public SpoolState State => Volatile.Read(ref _state);

    public AppendOutcome TryAppend(ReadOnlySpan<byte> block, ICommitListener? listener, out long endOffset)
    {
        lock (_gate)
        {
            endOffset = _appended;
            if (_isClosing || _state.Status != SpoolStatus.Running)
            {
                return AppendOutcome.Refused;
            }

            if (!_active.TryAdd(block, listener))
            {
                return AppendOutcome.NoRoom;
            }

            _appended += block.Length;
            endOffset = _appended;
            WakeLocked();
            return AppendOutcome.Appended;
        }
    }

    public ValueTask WaitForRoomAsync(CancellationToken cancellation)
    {
        long generation;
        lock (_gate)
        {
            if (HasRoomLocked)
            {
                return ValueTask.CompletedTask;
            }

            generation = _roomGeneration;
        }

        return _roomWaiters.WaitQuietlyAsync(generation, cancellation);
    }

    /// <summary>
    /// What the committer is to write: the buffer it has not finished yet, else all that came meanwhile, else null.
    /// </summary>
    public AppendBuffer? Take()
    {
        lock (_gate)
        {
            _isNudged = false;
            if (_pending is not null)
            {
                return _pending;
            }

            if (_active.Count == 0)
            {
                return null;
            }

            _lastTaken = _time.GetTimestamp();
            _pending = _active;
            _active = _idle ?? throw new UnreachableException("BUG: two buffers are with the committer");
            _idle = null;
            ReleaseRoomLocked();
            return _pending;
        }
    }

    /// <summary>The buffer taken last is durable, its listeners told; it may fill again.</summary>
    public void Return(AppendBuffer buffer)
    {
        lock (_gate)
        {
            buffer.Reset();
            _idle = buffer;
            _pending = null;
        }
    }

    public void Enter(SpoolState state)
    {
        lock (_gate)
        {
            _state = state;
            ReleaseRoomLocked();
        }
    }

    /// <summary>
    /// Blocks the committer's thread until there is something to do, or for as long as it has patience (real time, as
    /// that of <see cref="PaceLocked"/>); false ends it.
    /// </summary>
    public bool WaitForWork(TimeSpan patience)
    {
        lock (_gate)
        {
            bool isPatient = true;
            while (!HasWorkLocked && !_isClosing && isPatient)
            {
                _committerWaits = true;
                isPatient = Monitor.Wait(_gate, Milliseconds(patience));
                _committerWaits = false;
            }

            if (!isPatient)
            {
                return true;
            }

            PaceLocked();
            return !_isClosing || (_state.Status == SpoolStatus.Running && _active.Count > 0);
        }
    }

    /// <summary>There is something to do beside new blocks: a full disk to try again, segments to delete.</summary>
    public void Nudge()
    {
        lock (_gate)
        {
            _isNudged = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>No more blocks; the committer writes what it has and ends.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosing = true;
            Monitor.PulseAll(_gate);
        }

        _roomWaiters.Close();
    }

    private bool HasRoomLocked => _state.Status == SpoolStatus.Running && _active.Count <= _halfBytes;

    private bool HasWorkLocked => _isNudged || (_state.Status == SpoolStatus.Running && _active.Count > 0);

    private void ReleaseRoomLocked()
    {
        if (HasRoomLocked)
        {
            _roomWaiters.Release(++_roomGeneration);
        }
    }

    // While it paces, the committer is woken early only when memory runs short.
    private void WakeLocked()
    {
        if (_committerWaits || _active.Count > _halfBytes)
        {
            _committerWaits = false;
            Monitor.Pulse(_gate);
        }
    }

    // The wait is real time whatever the clock: it spares the disk and decides nothing.
    private void PaceLocked()
    {
        if (_interval == TimeSpan.Zero || _isNudged || _isClosing || _active.Count > _halfBytes)
        {
            return;
        }

        TimeSpan rest = _interval - _time.GetElapsedTime(_lastTaken);
        if (_lastTaken != 0 && rest > TimeSpan.Zero)
        {
            Monitor.Wait(_gate, Milliseconds(rest < _interval ? rest : _interval));
        }
    }

    private static int Milliseconds(TimeSpan wait) =>
        wait == Timeout.InfiniteTimeSpan ? Timeout.Infinite : Math.Max(0, (int)Math.Ceiling(wait.TotalMilliseconds));
}
