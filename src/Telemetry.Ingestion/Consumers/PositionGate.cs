namespace Telemetry.Ingestion;

/// <summary>
/// Lets callers wait until a position has been reached. Reaching costs one comparison while nobody waits.
/// </summary>
internal sealed class PositionGate(long position)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiters = new();
    private long _position = position;
    private volatile int _waiterCount;
    private Exception? _end;

    public Task WaitForAsync(long offset, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // The count is raised before the position is read: Reached does it the other way round, so one of the two
            // sees the other.
            _waiterCount++;
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _position) >= offset)
            {
                _waiterCount--;
                return Task.CompletedTask;
            }

            if (_end is not null)
            {
                _waiterCount--;
                return Task.FromException(_end);
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Enqueue(waiter, offset);
            return waiter.Task.WaitAsync(cancellationToken);
        }
    }

    public void Reached(long offset)
    {
        Volatile.Write(ref _position, offset);
        Interlocked.MemoryBarrier();
        if (_waiterCount == 0)
        {
            return;
        }

        lock (_lock)
        {
            while (_waiters.TryPeek(out _, out long wanted) && wanted <= offset)
            {
                _waiters.Dequeue().TrySetResult();
                _waiterCount--;
            }
        }
    }

    /// <summary>Nothing further will be reached: who waits, or comes to wait, is given the cause.</summary>
    public void Fail(Exception cause)
    {
        lock (_lock)
        {
            _end = cause;
            while (_waiters.TryDequeue(out TaskCompletionSource? waiter, out _))
            {
                waiter.TrySetException(cause);
                _waiterCount--;
            }
        }
    }
}
