using System.Buffers;
using System.IO.Pipelines;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// All that goes to one client: acknowledgements behind their commit, answers, and messages of its subscriptions within
/// its window. Any thread may add; only the <see cref="OutboxPump"/> writes to the pipe. Every queue has a ceiling, and
/// what waits is always whole packets.
/// </summary>
internal sealed class PacketOutbox
{
    private readonly Lock _gate = new();
    private readonly OutboxPump _pump;
    private readonly MqttServerOptions _options;
    private readonly MqttMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Action _onBroken;
    private readonly AckQueue _acks = new();
    private readonly ByteQueue _direct = new(); // answers, QoS 0, and QoS 1 that has its identifier
    private readonly WindowQueue _windowed = new(); // QoS 1 that waits for the window
    private readonly Queue<RetainedDelivery> _retained = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _drained;
    private DeliveryTerms _terms = new(ProtocolLevel.V311, 0, int.MaxValue);
    private long _durableOffset;
    private long _oldestAckOffset = long.MaxValue;
    private int _directMessages;
    private bool _hasOverflowed;
    private bool _isClosing;

    public PacketOutbox(
        PipeWriter output, MqttServerOptions options, MqttMetrics metrics, TimeProvider time, Action onBroken)
    {
        _pump = new OutboxPump(output, this);
        _options = options;
        _metrics = metrics;
        _time = time;
        _onBroken = onBroken;
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
    public Task Closed => _closed.Task;

    /// <summary>Sets what the client's CONNECT asked for, before the first message is queued.</summary>
    public void Agree(DeliveryTerms terms)
    {
        lock (_gate)
        {
            _terms = terms;
        }
    }

    /// <summary>Adds an answer.</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_isClosing)
            {
                return;
            }

            _direct.Add(packet);
        }

        _pump.Schedule();
    }

    /// <summary>Adds the acknowledgements of one block; they leave when all before the offset is durable.</summary>
    public void SendAfterCommit(ReadOnlySpan<byte> acks, long endOffset)
    {
        lock (_gate)
        {
            if (_isClosing)
            {
                return;
            }

            _acks.Add(acks, endOffset);
            Volatile.Write(ref _oldestAckOffset, _acks.OldestOffset);
        }

        // The commit may have come first: either it saw the group above, or it is seen here.
        Interlocked.MemoryBarrier();
        if (endOffset <= Volatile.Read(ref _durableOffset))
        {
            _pump.Schedule();
        }
    }

    /// <summary>Releases acknowledgements. Called on the committer's thread: marks, schedules, returns.</summary>
    public void OnCommitted(long durableOffset)
    {
        long seen = Volatile.Read(ref _durableOffset);
        while (durableOffset > seen)
        {
            long before = Interlocked.CompareExchange(ref _durableOffset, durableOffset, seen);
            if (before == seen)
            {
                break;
            }

            seen = before;
        }

        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _oldestAckOffset) <= durableOffset)
        {
            _pump.Schedule();
        }
    }

    /// <summary>
    /// Queues a message whose QoS and retain flag are already those of the subscription; its packet identifier is
    /// any but 0 and is set when it leaves.
    /// </summary>
    public QueueOutcome Queue(in PublishView message)
    {
        QueueOutcome outcome;
        lock (_gate)
        {
            outcome = QueueLocked(message);
        }

        if (outcome == QueueOutcome.Queued)
        {
            _pump.Schedule();
        }

        return outcome;
    }

    /// <summary>Queues retained messages of a new subscription; they follow as the queue has room for them.</summary>
    public QueueOutcome Queue(IReadOnlyCollection<RetainedDelivery> deliveries)
    {
        lock (_gate)
        {
            // A client that subscribes faster than it reads can pile up references: never more than twice the store.
            if (_retained.Count + deliveries.Count > _options.RetainedMessagesMax * 2)
            {
                return QueueOutcome.Overflowed;
            }

            foreach (RetainedDelivery delivery in deliveries)
            {
                _retained.Enqueue(delivery);
            }
        }

        _pump.Schedule();
        return QueueOutcome.Queued;
    }

    /// <summary>The client has acknowledged a message; false when none with this identifier was in flight.</summary>
    public bool OnAcknowledged(ushort packetIdentifier)
    {
        bool isKnown;
        bool mayGoOn;
        lock (_gate)
        {
            isKnown = _windowed.OnAcknowledged(packetIdentifier);
            mayGoOn = _windowed.Count > 0 || _retained.Count > 0;
        }

        if (mayGoOn)
        {
            _pump.Schedule();
        }

        return isKnown;
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

    /// <summary>Drops what waits, sends a last packet (may be empty) and takes nothing more.</summary>
    public void Close(ReadOnlySpan<byte> lastPacket)
    {
        lock (_gate)
        {
            if (_isClosing)
            {
                return;
            }

            _isClosing = true;
            _windowed.Clear();
            _retained.Clear();
            if (!lastPacket.IsEmpty)
            {
                _direct.Add(lastPacket);
            }
        }

        _pump.Schedule();
    }

    /// <summary>Called by the pump: writes all that may leave now; false when that is nothing.</summary>
    public bool Render(PipeWriter output)
    {
        lock (_gate)
        {
            ReadOnlySpan<byte> acks = _acks.TakeReleased(Volatile.Read(ref _durableOffset));
            bool writes = !acks.IsEmpty;
            output.Write(acks);
            _acks.Skip(acks.Length);
            Volatile.Write(ref _oldestAckOffset, _acks.OldestOffset);

            _directMessages += _windowed.MoveTo(_direct, _terms.SendWindow);
            FillFromRetainedLocked();
            writes |= _direct.Count > 0;
            output.Write(_direct.Waiting);
            _direct.Clear();
            _directMessages = 0;
            CompleteWaitersLocked(isIdle: !writes);
            return writes;
        }
    }

    /// <summary>Called by the pump: the transport takes no more bytes.</summary>
    public void OnBroken()
    {
        lock (_gate)
        {
            _isClosing = true;
            _acks.Clear();
            _direct.Clear();
            _windowed.Clear();
            _retained.Clear();
            Volatile.Write(ref _oldestAckOffset, long.MaxValue);
            CompleteWaitersLocked(isIdle: true);
        }

        _onBroken();
    }

    private bool IsAboveLocked(int acks, int bytes) => _acks.Count > acks || _direct.Count > bytes;

    private QueueOutcome QueueLocked(in PublishView message)
    {
        if (_isClosing || _hasOverflowed)
        {
            return QueueOutcome.Gone;
        }

        int packetBytes = message.Measure(_terms.Level);
        if (packetBytes > _terms.PacketBytesMax)
        {
            return QueueOutcome.TooLarge;
        }

        bool isFull = _directMessages + _windowed.Count >= _options.QueuedMessagesPerSubscriberMax
            || _direct.Count + _windowed.Bytes + packetBytes > _options.QueuedBytesPerSubscriberMax;
        if (isFull)
        {
            _hasOverflowed = message.Qos > 0; // its connection is about to be ended, once
            return message.Qos == 0 ? QueueOutcome.Dropped : QueueOutcome.Overflowed;
        }

        if (message.Qos > 0)
        {
            _windowed.Add(message, _terms.Level, packetBytes);
        }
        else
        {
            message.Write(_direct.Extend(packetBytes), _terms.Level);
            _directMessages++;
        }

        return QueueOutcome.Queued;
    }

    private void FillFromRetainedLocked()
    {
        while (_retained.Count > 0
            && _directMessages + _windowed.Count < _options.QueuedMessagesPerSubscriberMax / 2
            && _direct.Count + _windowed.Bytes < _options.QueuedBytesPerSubscriberMax / 2)
        {
            RetainedDelivery delivery = _retained.Dequeue();
            if (!delivery.Message.IsSuperseded && !delivery.Message.IsExpired(_time))
            {
                _metrics.OnQueued(QueueLocked(delivery.Message.View(delivery.Qos, _time)));
            }
        }

        _directMessages += _windowed.MoveTo(_direct, _terms.SendWindow);
    }

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
            _closed.TrySetResult();
        }
    }
}
