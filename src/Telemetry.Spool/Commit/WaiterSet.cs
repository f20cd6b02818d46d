using System.Threading.Tasks.Sources;

namespace Telemetry.Spool;

/// <summary>
/// Those who wait until a value that only grows exceeds theirs. Waiters are reused, so waiting allocates nothing at
/// steady state; they continue on the pool, never on the thread that releases them.
/// </summary>
internal sealed class WaiterSet(long value)
{
    private const int SpareCountMax = 256;

    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiting = [];
    private readonly Stack<Waiter> _spare = new();
    private long _value = value;
    private bool _isClosed;

    /// <summary>Completes once the value is greater than <paramref name="beyond"/>.</summary>
    public ValueTask<long> WaitAsync(long beyond, CancellationToken cancellation)
    {
        return TryEnter(beyond, cancellation, out long value) is { } waiter
            ? new ValueTask<long>(waiter, waiter.Version)
            : new ValueTask<long>(value);
    }

    /// <summary>As <see cref="WaitAsync"/>, for those who do not want the value.</summary>
    public ValueTask WaitQuietlyAsync(long beyond, CancellationToken cancellation)
    {
        return TryEnter(beyond, cancellation, out _) is { } waiter
            ? new ValueTask(waiter, waiter.Version)
            : ValueTask.CompletedTask;
    }

    /// <summary>Raises the value and lets go whom it passes.</summary>
    public void Release(long value)
    {
        lock (_gate)
        {
            _value = value;
            int kept = 0;
            for (int i = 0; i < _waiting.Count; i++)
            {
                Waiter waiter = _waiting[i];
                if (waiter.Beyond < value)
                {
                    waiter.Complete(value);
                }
                else
                {
                    _waiting[kept++] = waiter;
                }
            }

            _waiting.RemoveRange(kept, _waiting.Count - kept);
        }
    }

    /// <summary>Nobody waits any more: all get an <see cref="ObjectDisposedException"/>, now and later.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (Waiter waiter in _waiting)
            {
                waiter.Fail(new ObjectDisposedException(nameof(Spool)));
            }

            _waiting.Clear();
        }
    }

    private Waiter? TryEnter(long beyond, CancellationToken cancellation, out long value)
    {
        cancellation.ThrowIfCancellationRequested();
        Waiter? waiter;
        lock (_gate)
        {
            value = _value;
            if (value > beyond)
            {
                return null;
            }

            ObjectDisposedException.ThrowIf(_isClosed, typeof(Spool));
            if (!_spare.TryPop(out waiter))
            {
                waiter = new Waiter(this);
            }

            waiter.Beyond = beyond;
            _waiting.Add(waiter);
        }

        // Outside the lock: a token that is cancelled meanwhile calls back here and now.
        waiter.Watch(cancellation);
        return waiter;
    }

    private void Cancel(Waiter waiter, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_waiting.Remove(waiter))
            {
                waiter.Fail(new OperationCanceledException(cancellation));
            }
        }
    }

    private void Recycle(Waiter waiter)
    {
        lock (_gate)
        {
            if (_spare.Count < SpareCountMax)
            {
                _spare.Push(waiter);
            }
        }
    }

    private sealed class Waiter(WaiterSet owner) : IValueTaskSource<long>, IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<long> _core = new() { RunContinuationsAsynchronously = true };
        private CancellationTokenRegistration _registration;

        public long Beyond { get; set; }

        public short Version => _core.Version;

        public void Watch(CancellationToken cancellation) =>
            _registration = cancellation.UnsafeRegister(
                static (state, token) =>
                {
                    var waiter = (Waiter)state!;
                    waiter.Owner.Cancel(waiter, token);
                },
                this);

        public void Complete(long value) => _core.SetResult(value);

        public void Fail(Exception error) => _core.SetException(error);

        public long GetResult(short token)
        {
            // Waits for a cancellation that is running, so that it cannot meet this waiter in its next use.
            _registration.Dispose();
            _registration = default;
            try
            {
                return _core.GetResult(token);
            }
            finally
            {
                _core.Reset();
                owner.Recycle(this);
            }
        }

        void IValueTaskSource.GetResult(short token) => GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);

        private WaiterSet Owner => owner;
    }
}
