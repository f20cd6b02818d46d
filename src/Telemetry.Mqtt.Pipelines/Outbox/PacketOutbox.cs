using System.Buffers;
using System.IO.Pipelines;
using Telemetry.Buffers;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// All that goes to one client: acknowledgements behind their commit, answers, and the messages of its session. Any
/// thread may add; only the <see cref="OutboxPump"/> writes to the pipe. Every queue has a ceiling, and what waits is
/// always whole packets.
/// </summary>
internal sealed class PacketOutbox
{
    private readonly Lock _gate = new();
    private readonly OutboxPump _pump;
    private readonly MqttServerOptions _options;
    private readonly TimeProvider _time;
    private readonly IOutboxOwner _owner;
    private readonly AckQueue _acks = new();
    private readonly AckGate _ackGate = new();
    private readonly ByteQueue _answers = new();
    private TaskCompletionSource? _closed; // both are made for who waits
    private TaskCompletionSource? _drained;
    private LiveSession? _session;
    private byte[] _lastPacket = [];
    private bool _isClosing;
    private bool _isClosed;

    public PacketOutbox(PipeWriter output, MqttServerOptions options, TimeProvider time, IOutboxOwner owner)
    {
        _pump = new OutboxPump(output, this);
        _options = options;
        _time = time;
        _owner = owner;
    }

    /// <summary>PUBACK and PUBCOMP that have not left yet.</summary>
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

    /// <summary>True while so much waits that the client must not be read from.</summary>
    public bool IsCongested
    {
        get
        {
            lock (_gate)
            {
                return IsAboveLocked(_options.ReceiveMaximum, _options.QueuedBytesPerSubscriberMax);
            }
        }
    }

    /// <summary>Completes when all that may still be sent has been handed to the transport, or it is broken.</summary>
    public Task Closed
    {
        get
        {
            lock (_gate)
            {
                if (_isClosed)
                {
                    return Task.CompletedTask;
                }

                _closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _closed.Task;
            }
        }
    }

    /// <summary>From here on the session's messages leave, behind the answers that are there.</summary>
    public void Attach(LiveSession session)
    {
        lock (_gate)
        {
            if (_isClosing)
            {
                return;
            }

            _session = session;
        }

        _pump.Schedule();
    }

    /// <summary>The session has something to send.</summary>
    public void Wake() => _pump.Schedule();

    /// <summary>The largest packet that the client accepts.</summary>
    public int PacketBytesMax { get; set; } = int.MaxValue;

    /// <summary>Adds an answer; one above what the client accepts is left out [MQTT-3.1.2-25].</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_isClosing || packet.Length > PacketBytesMax)
            {
                return;
            }

            _answers.Add(packet);
        }

        _pump.Schedule();
    }

    /// <summary>Adds the acknowledgements of one block; they leave when all before the offset is durable.</summary>
    /// <param name="acks">Ready rendered.</param>
    /// <param name="count">How many of them free a place in the client's window.</param>
    /// <param name="endOffset">What has to be durable.</param>
    public void SendAfterCommit(ReadOnlySpan<byte> acks, int count, long endOffset)
    {
        lock (_gate)
        {
            if (_isClosing)
            {
                return;
            }

            _acks.Add(acks, count, endOffset);
            _ackGate.Expect(_acks.OldestOffset);
        }

        if (_ackGate.IsOpenFor(endOffset))
        {
            _pump.Schedule();
        }
    }

    /// <summary>Releases acknowledgements. Called on the committer's thread: marks, schedules, returns.</summary>
    public void OnCommitted(long durableOffset)
    {
        if (_ackGate.Open(durableOffset))
        {
            _pump.Schedule();
        }
    }

    /// <summary>Completes when reading may go on.</summary>
    public Task WaitUntilDrainedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isClosing || !IsAboveLocked(_options.ReceiveMaximum / 2, _options.QueuedBytesPerSubscriberMax / 2))
            {
                return Task.CompletedTask;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Lets go of the session, sends a last packet (may be empty) and takes nothing more.</summary>
    public void Close(ReadOnlySpan<byte> lastPacket)
    {
        lock (_gate)
        {
            if (_isClosing)
            {
                return;
            }

            _isClosing = true;
            _session = null;
            _lastPacket = lastPacket.ToArray();
        }

        _pump.Schedule();
    }

    /// <summary>Called by the pump: writes all that may leave now; false when that is nothing.</summary>
    public bool Render(PipeWriter output)
    {
        LiveSession? session;
        bool writes;
        lock (_gate)
        {
            if (_isClosed)
            {
                return false; // a commit or a message that comes late: the pipe is not ours any more
            }

            ReadOnlySpan<byte> acks = _acks.TakeReleased(_ackGate.DurableOffset);
            writes = !acks.IsEmpty || _answers.Count > 0 || _lastPacket.Length > 0;
            if (writes) // a write of nothing would take a block out of the pool, and keep it while nothing is flushed
            {
                output.Write(_answers.Waiting); // CONNACK among them, which comes before all else [MQTT-3.2.0-1]
                output.Write(acks);
                _answers.Clear();
                _acks.Skip(acks.Length);
                WriteLastLocked(output);
                _ackGate.Expect(_acks.OldestOffset);
            }

            session = _session;
            CompleteWaitersLocked(isIdle: !writes);
        }

        bool rendersMessages = session is not null && session.Render(output, _time.GetUnixNanoseconds());
        return writes || rendersMessages;
    }

    /// <summary>Called by the pump: the transport takes no more bytes.</summary>
    public void OnBroken()
    {
        lock (_gate)
        {
            _isClosing = true;
            _session = null;
            _acks.Clear();
            _answers.Clear();
            _lastPacket = [];
            _ackGate.Expect(long.MaxValue);
            CompleteWaitersLocked(isIdle: true);
        }

        _owner.OnBroken();
    }

    /// <summary>What waits for its commit behind the last packet is not sent any more [MQTT-3.14.4-1].</summary>
    private void WriteLastLocked(PipeWriter output)
    {
        if (_lastPacket.Length > 0)
        {
            output.Write(_lastPacket);
            _lastPacket = [];
            _acks.Clear();
        }
    }

    private bool IsAboveLocked(int acks, int bytes) => _acks.Count > acks || _answers.Count > bytes;

    private void CompleteWaitersLocked(bool isIdle)
    {
        if (_drained is not null
            && (_isClosing || !IsAboveLocked(_options.ReceiveMaximum / 2, _options.QueuedBytesPerSubscriberMax / 2)))
        {
            _drained.TrySetResult();
            _drained = null;
        }

        if (_isClosing && isIdle)
        {
            _isClosed = true;
            _closed?.TrySetResult();
        }
    }
}
