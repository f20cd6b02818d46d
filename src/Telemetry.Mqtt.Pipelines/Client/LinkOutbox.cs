using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Telemetry.Buffers;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// All that goes to one broker: acknowledgements in receipt order behind their commit, and packets of our own. Any
/// thread may add; <see cref="RunAsync"/> alone writes. What waits is bounded by the receive maximum that we asked for.
/// </summary>
internal sealed class LinkOutbox
{
    private readonly Lock _gate = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(1);
    private readonly TimeProvider _time;
    private readonly AckQueue _acks = new();
    private readonly AckGate _ackGate;
    private readonly ByteQueue _direct = new();
    private long _lastSentAt;
    private bool _isWriting;

    /// <param name="time">The clock of <see cref="Idle"/>.</param>
    /// <param name="durableOffset">What is durable already.</param>
    public LinkOutbox(TimeProvider time, long durableOffset)
    {
        _ackGate = new AckGate(durableOffset);
        _time = time;
        _lastSentAt = time.GetTimestamp();
    }

    /// <summary>Acknowledgements that have not left yet.</summary>
    public int AckCount
    {
        get
        {
            lock (_gate)
            {
                return _acks.Count;
            }
        }
    }

    /// <summary>True when nothing waits and nothing is being written.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _acks.Count == 0 && _direct.Count == 0 && !_isWriting;
            }
        }
    }

    /// <summary>Time since the last packet left.</summary>
    public TimeSpan Idle => _time.GetElapsedTime(Volatile.Read(ref _lastSentAt));

    /// <summary>Adds a packet.</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            _direct.Add(packet);
        }

        Wake();
    }

    /// <summary>Adds acknowledgements; they leave when all before the offset is durable.</summary>
    public void SendAfterCommit(ReadOnlySpan<byte> acks, long endOffset)
    {
        lock (_gate)
        {
            _acks.Add(acks, acks.Length / AckView.SuccessBytes, endOffset);
            _ackGate.Expect(_acks.OldestOffset);
        }

        if (_ackGate.IsOpenFor(endOffset))
        {
            Wake();
        }
    }

    /// <summary>Releases acknowledgements. Called on the committer's thread: marks, wakes, returns.</summary>
    public void OnCommitted(long durableOffset)
    {
        if (_ackGate.Open(durableOffset))
        {
            Wake();
        }
    }

    /// <summary>Writes until cancelled.</summary>
    /// <exception cref="IOException">The connection was reset; thrown by the transport.</exception>
    public async Task RunAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _wake.Reader.ReadAsync(cancellationToken);
            while (Render(output))
            {
                Volatile.Write(ref _lastSentAt, _time.GetTimestamp());
                FlushResult flushed = await output.FlushAsync(cancellationToken);
                if (flushed.IsCompleted)
                {
                    return;
                }
            }
        }
    }

    private bool Render(PipeWriter output)
    {
        lock (_gate)
        {
            ReadOnlySpan<byte> acks = _acks.TakeReleased(_ackGate.DurableOffset);
            output.Write(acks);
            _isWriting = acks.Length + _direct.Count > 0;
            _acks.Skip(acks.Length);
            _ackGate.Expect(_acks.OldestOffset);
            output.Write(_direct.Waiting);
            _direct.Clear();
            return _isWriting;
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true); // one wake-up is enough for all that waits
}
