using System.IO.Pipelines;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Moves what an outbox has to say into its <see cref="PipeWriter"/>, on the thread pool, one flush for all that waits.
/// Any thread may call <see cref="Schedule"/>; at most one thread renders or flushes at any time, so the pipe has one
/// owner without a lock around it.
/// </summary>
internal sealed class OutboxPump : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1; // a turn is queued or going on
    private const int RunningAgain = 2; // the same, and something came after it looked

    private readonly PipeWriter _output;
    private readonly PacketOutbox _outbox;
    private int _state;

    public OutboxPump(PipeWriter output, PacketOutbox outbox)
    {
        _output = output;
        _outbox = outbox;
    }

    /// <summary>Says that there may be something to write. Returns at once.</summary>
    public void Schedule()
    {
        if (Interlocked.Exchange(ref _state, RunningAgain) == Idle)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    /// <summary>Never faults. It allocates only when a flush has to wait for a peer that does not read.</summary>
    private async Task RunAsync()
    {
        do
        {
            Interlocked.Exchange(ref _state, Running);
            while (_outbox.Render(_output))
            {
                if (!await TryFlushAsync())
                {
                    _outbox.OnBroken();
                }
            }
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
    }

    /// <summary>False when the transport takes no more bytes.</summary>
    private async ValueTask<bool> TryFlushAsync()
    {
        try
        {
            FlushResult result = await _output.FlushAsync();
            return !result.IsCompleted && !result.IsCanceled;
        }
        catch (Exception closed) when (closed is IOException or OperationCanceledException or InvalidOperationException)
        {
            return false; // reset by the peer, or completed by the transport under us
        }
    }
}
