using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// What goes to a socket: written into one buffer, and sent by the thread that flushes. A flush waits only for a peer
/// that does not read, until the system has taken all of it. One writer.
/// </summary>
internal sealed class SocketOutput(Socket socket) : PipeWriter, IValueTaskSource<FlushResult>
{
    private const int BufferBytesMin = 256; // an acknowledgement has four

    private ManualResetValueTaskSourceCore<FlushResult> _waiter;
    private byte[] _buffer = []; // rented while something waits to be sent
    private int _bytes;
    private Send? _send; // made for the first peer that does not read
    private bool _isBroken;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _bytes;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_bytes);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsSpan(_bytes);
    }

    /// <inheritdoc/>
    public override void Advance(int bytes) => _bytes += bytes;

    /// <summary>Sends what was written. It cannot be cancelled: half a packet has to be finished.</summary>
    /// <returns>Completed when the socket takes no more bytes.</returns>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        int sent = 0;
        while (sent < _bytes && !_isBroken)
        {
            int count = TrySend(_buffer.AsSpan(sent, _bytes - sent), out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return WaitAsync(sent);
            }

            sent += count;
            _isBroken = error != SocketError.Success;
        }

        return ValueTask.FromResult(Finish());
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
        // Nobody does: a peer that does not read is ended by an abort of its connection.
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => Finish();

    /// <summary>The connection is over.</summary>
    public void Release() => _send?.Dispose();

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    private int TrySend(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        try
        {
            return socket.Send(bytes, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
            return 0;
        }
    }

    private ValueTask<FlushResult> WaitAsync(int sent)
    {
        _send ??= new Send(this);
        _send.SetBuffer(_buffer, sent, _bytes - sent);
        _waiter.Reset();
        bool isPending;
        try
        {
            isPending = socket.SendAsync(_send);
        }
        catch (ObjectDisposedException)
        {
            _isBroken = true;
            return ValueTask.FromResult(Finish());
        }

        if (!isPending)
        {
            OnSent();
        }

        return new ValueTask<FlushResult>(this, _waiter.Version);
    }

    private void OnSent()
    {
        _isBroken = _send!.SocketError != SocketError.Success;
        _waiter.SetResult(Finish());
    }

    private FlushResult Finish()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        _bytes = 0;
        return new FlushResult(isCanceled: false, isCompleted: _isBroken);
    }

    private void MakeRoom(int bytes)
    {
        if (_buffer.Length - _bytes >= Math.Max(bytes, 1))
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(_bytes + bytes, _bytes * 2), BufferBytesMin));
        _buffer.AsSpan(0, _bytes).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }

    /// <summary>The send that waits for the peer; a stream socket completes it when all bytes are taken.</summary>
    private sealed class Send(SocketOutput output) : SocketAsyncEventArgs(true)
    {
        protected override void OnCompleted(SocketAsyncEventArgs e) => output.OnSent();
    }
}
