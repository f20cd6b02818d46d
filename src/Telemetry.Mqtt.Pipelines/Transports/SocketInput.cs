using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// What a socket brings, received straight into the buffer that is read from: whoever waits goes on on the thread that
/// received. One reader; <see cref="CancelPendingRead"/> may come from any thread.
/// </summary>
/// <remarks>
/// The buffer follows the sender: a receive that fills it doubles the next one up to <see cref="BufferBytesMax"/>, one
/// that leaves three quarters empty halves it. It grows beyond only for a packet that is longer.
/// </remarks>
#pragma warning disable CA1001 // a reader's end is Complete, and the receive that is going on may outlast that
internal sealed class SocketInput : PipeReader, IValueTaskSource<ReadResult>, IThreadPoolWorkItem
#pragma warning restore CA1001 // as above
{
    /// <summary>What an idle connection holds.</summary>
    public const int BufferBytesMin = 2 * 1024;

    /// <summary>What one receive brings at most, unless a longer packet is on its way.</summary>
    public const int BufferBytesMax = 64 * 1024;

    private const int ReceivesInARowMax = 8; // that found bytes waiting; then it is the turn of other connections

    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly Receive _receive;
    private ManualResetValueTaskSourceCore<ReadResult> _waiter;
    private CancellationTokenRegistration _cancellation;
    private ReadOnlySequence<byte> _lastRead;
    private byte[] _buffer = [];
    private int _start; // of what is not consumed
    private int _end; // of what was received
    private int _examined;
    private int _nextBytes = BufferBytesMin;
    private int _receivesInARow;
    private bool _isReceiving; // the buffer is the socket's behind _end, and must stay where it is
    private bool _isWaiting;
    private bool _isCancelled; // before anybody waited
    private bool _isEnded;
    private bool _isCompleted;
    private Exception? _fault;

    public SocketInput(Socket socket)
    {
        _socket = socket;
        _receive = new Receive(this);
    }

    /// <summary>What it holds now; for tests.</summary>
    internal int BufferBytes => _buffer.Length;

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        lock (_gate)
        {
            return TryReadLocked(out result);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool receives;
        lock (_gate)
        {
            if (TryReadLocked(out ReadResult result))
            {
                return ValueTask.FromResult(result);
            }

            _waiter.Reset();
            _isWaiting = true;
            receives = !_isReceiving;
            if (receives)
            {
                _isReceiving = true;
                MakeRoomLocked();
            }
        }

        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (input, token) => ((SocketInput)input!).OnCancelled(token), this);
        }

        if (receives)
        {
            BeginReceive();
        }

        return new ValueTask<ReadResult>(this, _waiter.Version);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate)
        {
            int from = _start;
            _start = from + OffsetOf(consumed);
            _examined = from + OffsetOf(examined);
            _lastRead = default;
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        ReadResult result;
        lock (_gate)
        {
            if (!_isWaiting)
            {
                _isCancelled = true;
                return;
            }

            _isWaiting = false;
            result = ResultLocked(isCanceled: true);
        }

        _waiter.RunContinuationsAsynchronously = true; // whoever cancels may hold a lock
        _waiter.SetResult(result);
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            _isCompleted = true;
            ReleaseLocked();
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _cancellation.Dispose();
        _cancellation = default;
        return _waiter.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    void IThreadPoolWorkItem.Execute() => ReceiveNow();

    private bool TryReadLocked(out ReadResult result)
    {
        bool hasNews = _end > _examined || _isEnded || _isCancelled;
        if (!hasNews && _fault is not null)
        {
            throw _fault;
        }

        result = hasNews ? ResultLocked(_isCancelled) : default;
        _isCancelled &= !hasNews;
        return hasNews;
    }

    private ReadResult ResultLocked(bool isCanceled)
    {
        _lastRead = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        return new ReadResult(_lastRead, isCanceled, _isEnded);
    }

    private int OffsetOf(SequencePosition position) => (int)(_lastRead.Length - _lastRead.Slice(position).Length);

    /// <summary>What is left goes to the front, of a larger or smaller buffer if need be.</summary>
    private void MakeRoomLocked()
    {
        int left = _end - _start;
        int wanted = _nextBytes;
        while (wanted < left * 2)
        {
            wanted *= 2; // a packet longer than the buffer
        }

        byte[] target = _buffer.Length == wanted ? _buffer : ArrayPool<byte>.Shared.Rent(wanted);
        _buffer.AsSpan(_start, left).CopyTo(target);
        if (target != _buffer)
        {
            Return(_buffer);
            _buffer = target;
        }

        _examined -= _start;
        _start = 0;
        _end = left;
    }

    private void BeginReceive()
    {
        if (_receivesInARow < ReceivesInARowMax)
        {
            ReceiveNow();
            return;
        }

        _receivesInARow = 0;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void ReceiveNow()
    {
        _receive.SetBuffer(_buffer, _end, _buffer.Length - _end);
        try
        {
            _receivesInARow++;
            if (_socket.ReceiveAsync(_receive))
            {
                return;
            }
        }
        catch (ObjectDisposedException)
        {
            OnReceived(0, SocketError.OperationAborted);
            return;
        }

        OnReceived(_receive.BytesTransferred, _receive.SocketError);
    }

    private void OnReceived(int bytes, SocketError error)
    {
        ReadResult result;
        Exception? fault;
        lock (_gate)
        {
            _isReceiving = false;
            if (error != SocketError.Success)
            {
                _fault = new ConnectionResetException($"the socket says {error}", new SocketException((int)error));
            }

            _isEnded = error == SocketError.Success && bytes == 0;
            bool isFull = bytes == _buffer.Length - _end;
            _end += bytes;
            _nextBytes = isFull ? Math.Min(_nextBytes * 2, BufferBytesMax)
                : bytes < _nextBytes / 4 ? Math.Max(_nextBytes / 2, BufferBytesMin)
                : _nextBytes;
            ReleaseLocked();
            if (!_isWaiting)
            {
                return;
            }

            _isWaiting = false;
            fault = _fault;
            result = ResultLocked(isCanceled: false);
        }

        _waiter.RunContinuationsAsynchronously = false;
        if (fault is null)
        {
            _waiter.SetResult(result);
        }
        else
        {
            _waiter.SetException(fault);
        }
    }

    private void OnCancelled(CancellationToken token)
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                return;
            }

            _isWaiting = false;
        }

        _waiter.RunContinuationsAsynchronously = true;
        _waiter.SetException(new OperationCanceledException(token));
    }

    private void ReleaseLocked()
    {
        if (_isCompleted && !_isReceiving)
        {
            Return(_buffer);
            _buffer = [];
            _start = _end = _examined = 0;
            _receive.Dispose();
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The receive that is going on; the socket calls it on a thread of the pool.</summary>
    private sealed class Receive(SocketInput input) : SocketAsyncEventArgs(true)
    {
        protected override void OnCompleted(SocketAsyncEventArgs e)
        {
            input._receivesInARow = 0;
            input.OnReceived(BytesTransferred, SocketError);
        }
    }
}
