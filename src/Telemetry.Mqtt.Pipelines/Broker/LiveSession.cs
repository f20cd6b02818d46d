using System.IO.Pipelines;
using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// A client's session as the broker runs it: its state, its queues, and the outbox of its connection while it has one.
/// The queues have a lock of their own, so that a slow client stands in nobody's way; what a match notes down belongs
/// to the broker's lock, which is always taken first.
/// </summary>
internal sealed class LiveSession
{
    private const int RenderBytesMax = 256 * 1024; // one write's worth: what is written can not be taken back

    private readonly Lock _gate = new();
    private readonly QueueBudget _budget;
    private readonly MqttServerOptions _options;
    private readonly MqttMetrics _metrics;
    private OutgoingQueue? _unacknowledged; // QoS 0: no window may hold it back [MQTT-4.9.0-3]
    private RetainedBacklog? _retained; // like the two before and below, only subscribers have one
    private Dictionary<string, Subscription>? _granted;
    private MatchNote? _match;
    private PacketOutbox? _outbox;
    private MessageRenderer? _renderer;
    private bool _hasOverflowed;

    public LiveSession(ClientSession state, QueueBudget budget, MqttServerOptions options, MqttMetrics metrics)
    {
        State = state;
        ClientIdentifier = Encoding.UTF8.GetBytes(state.ClientIdentifier);
        _budget = budget;
        _options = options;
        _metrics = metrics;
    }

    /// <summary>What is kept of the client. Its queues and identifiers are used through this type only.</summary>
    public ClientSession State { get; }

    /// <summary>Its client identifier, UTF-8.</summary>
    public byte[] ClientIdentifier { get; }

    /// <summary>Its connection; null while it is away. The broker's lock guards it.</summary>
    public Connection? Connection { get; set; }

    /// <summary>Its subscriptions in the broker's tree, by topic filter. The broker's lock guards it.</summary>
    public Dictionary<string, Subscription> Granted => _granted ??= [];

    /// <summary>What the message in hand matched. The broker's lock guards it.</summary>
    public MatchNote Match => _match ??= new MatchNote();

    /// <summary>QoS 2 messages of the client that it has not released.</summary>
    public int ReceivedCount
    {
        get
        {
            lock (_gate)
            {
                return State.Received.Count;
            }
        }
    }

    /// <summary>Messages that wait or are in flight.</summary>
    public int QueuedCount
    {
        get
        {
            lock (_gate)
            {
                return WaitingLocked() + (_retained?.Count ?? 0);
            }
        }
    }

    /// <summary>The client is here: what waits begins to leave through this outbox.</summary>
    public void Attach(PacketOutbox outbox, DeliveryTerms terms)
    {
        lock (_gate)
        {
            _outbox = outbox;
            _renderer = new MessageRenderer(terms);
            _hasOverflowed = false;
        }

        outbox.Attach(this);
    }

    /// <summary>The client is away: messages with QoS wait for it, the others are forgotten.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            long before = BytesLocked();
            _outbox = null;
            _renderer = null;
            _unacknowledged = null;
            _retained = null;
            State.Outgoing.Rewind();
            _budget.Add(BytesLocked() - before);
        }
    }

    /// <summary>The session is over: nothing of it is needed any more.</summary>
    public void End()
    {
        Detach();
        lock (_gate)
        {
            _budget.Add(-State.Outgoing.Bytes);
            State.Outgoing.Clear();
            State.Received.Clear();
        }
    }

    /// <summary>Queues a message whose QoS and retain flag are already those of the subscription.</summary>
    public QueueOutcome Queue(in OutgoingView message)
    {
        QueueOutcome outcome;
        PacketOutbox? outbox;
        lock (_gate)
        {
            outbox = _outbox;
            foreach (RetainedDelivery older in _retained?.TakeAll(message.Topic) ?? [])
            {
                QueueLocked(older);
            }

            outcome = QueueLocked(message);
        }

        if (outcome == QueueOutcome.Queued)
        {
            outbox?.Wake();
        }

        return outcome;
    }

    /// <summary>
    /// Queues the retained messages of a new subscription. Those of a durable session are part of what a replay
    /// repeats; the others follow as the queue has room for them.
    /// </summary>
    public QueueOutcome Queue(IReadOnlyCollection<RetainedDelivery> deliveries, long now)
    {
        PacketOutbox? outbox;
        lock (_gate)
        {
            // A client that subscribes faster than it reads can pile up references: never more than twice the store.
            _retained ??= new RetainedBacklog();
            if (_retained.Count + deliveries.Count > _options.RetainedMessagesMax * 2)
            {
                return QueueOutcome.Overflowed;
            }

            outbox = _outbox;
            foreach (RetainedDelivery delivery in deliveries)
            {
                if (State.IsDurable && delivery.Qos > 0)
                {
                    QueueLocked(delivery);
                }
                else
                {
                    _retained.Add(delivery);
                }
            }

            FillFromRetainedLocked(now);
        }

        outbox?.Wake();
        return QueueOutcome.Queued;
    }

    /// <summary>In a replay: the connection ended at this time, and what was sent over it is not known.</summary>
    public void CutOff(long now)
    {
        lock (_gate)
        {
            State.ClosedAt = now;
            State.Outgoing.AssumeSent(_options.SendWindowMax);
        }
    }

    /// <summary>Called by the outbox's pump: writes what may leave now; false when that is nothing.</summary>
    public bool Render(PipeWriter output, long now)
    {
        lock (_gate)
        {
            if (_renderer is null)
            {
                return false;
            }

            FillFromRetainedLocked(now); // what it queues it counts itself
            long before = BytesLocked();
            long expiredBefore = ExpiredLocked();
            bool writes = _unacknowledged is not null && RenderLocked(_unacknowledged, output, now);
            writes |= RenderLocked(State.Outgoing, output, now);
            _metrics.OnExpired(ExpiredLocked() - expiredBefore);
            _budget.Add(BytesLocked() - before);
            return writes;
        }
    }

    /// <summary>PUBACK, or PUBREC with an error; false when it was not awaited.</summary>
    public bool OnAcknowledged(ushort packetIdentifier, byte qos, out long offset)
    {
        lock (_gate)
        {
            long before = BytesLocked();
            bool isKnown = State.Outgoing.OnAcknowledged(packetIdentifier, qos, out offset);
            _budget.Add(BytesLocked() - before);
            return isKnown;
        }
    }

    /// <summary>PUBREC; false when it was not awaited.</summary>
    public bool OnReceived(ushort packetIdentifier, out long offset)
    {
        lock (_gate)
        {
            return State.Outgoing.OnReceived(packetIdentifier, out offset);
        }
    }

    /// <summary>Whether a message with this identifier is in flight.</summary>
    public bool IsInFlight(ushort packetIdentifier)
    {
        lock (_gate)
        {
            return State.Outgoing.IsInFlight(packetIdentifier);
        }
    }

    /// <summary>PUBCOMP; false when it was not awaited.</summary>
    public bool OnCompleted(ushort packetIdentifier, out long offset)
    {
        lock (_gate)
        {
            long before = BytesLocked();
            bool isKnown = State.Outgoing.OnCompleted(packetIdentifier, out offset);
            _budget.Add(BytesLocked() - before);
            return isKnown;
        }
    }

    /// <summary>The client's QoS 2 PUBLISH: true when it is a new message, which is now held as received.</summary>
    public bool TryReceive(ushort packetIdentifier)
    {
        lock (_gate)
        {
            return State.Received.TryAdd(packetIdentifier);
        }
    }

    /// <summary>The messages with these identifiers are in the log, durable when this offset is.</summary>
    public void SetReceived(List<ushort> packetIdentifiers, long endOffset)
    {
        lock (_gate)
        {
            foreach (ushort identifier in packetIdentifiers)
            {
                State.Received.Set(identifier, endOffset);
            }
        }
    }

    /// <summary>PUBREL, or messages that could not be appended; false when it was not held.</summary>
    public bool Release(ushort packetIdentifier)
    {
        lock (_gate)
        {
            return State.Received.Release(packetIdentifier);
        }
    }

    /// <summary>The highest offset of a received message: known to be durable once this is.</summary>
    public long HighestReceivedOffset()
    {
        lock (_gate)
        {
            return State.Received.Count == 0 ? 0 : State.Received.All.Max(held => held.Value);
        }
    }

    /// <summary>In a replay: how far the delivery of a message was.</summary>
    public void ReplayDelivered(long offset, OutgoingState state)
    {
        lock (_gate)
        {
            long before = BytesLocked();
            State.Outgoing.Replay(offset, state);
            _budget.Add(BytesLocked() - before);
        }
    }

    /// <summary>Takes over messages out of a checkpoint; false when they cannot be read.</summary>
    public bool TryLoad(ReadOnlySpan<byte> outgoing)
    {
        lock (_gate)
        {
            bool isRead = State.Outgoing.TryLoad(outgoing);
            _budget.Add(State.Outgoing.Bytes);
            return isRead;
        }
    }

    /// <summary>Does something with the state while nobody else touches it: a checkpoint.</summary>
    public void Read(Action<ClientSession> reader)
    {
        lock (_gate)
        {
            reader(State);
        }
    }

    private void QueueLocked(in RetainedDelivery delivery)
    {
        if (!delivery.Message.IsSuperseded)
        {
            _metrics.OnQueued(QueueLocked(delivery.Message.View(delivery.Qos, delivery.SubscriptionIdentifiers)));
        }
    }

    private QueueOutcome QueueLocked(in OutgoingView message)
    {
        if (_hasOverflowed || (message.Qos == 0 && _outbox is null))
        {
            State.Outgoing.Pass(message.Qos);
            return QueueOutcome.Gone;
        }

        int bytes = OutgoingQueue.Measure(message);
        OutgoingQueue queue = message.Qos == 0 ? _unacknowledged ??= new OutgoingQueue() : State.Outgoing;
        bool isFull = WaitingLocked() >= _options.QueuedMessagesPerSubscriberMax
            || BytesLocked() + bytes > _options.QueuedBytesPerSubscriberMax
            || _budget.IsExceededBy(bytes);
        if (isFull)
        {
            State.Outgoing.Pass(message.Qos);
        }

        if (isFull || !queue.TryAdd(message))
        {
            _hasOverflowed = message.Qos > 0 && _outbox is not null; // its connection is about to be ended, once
            return _hasOverflowed ? QueueOutcome.Overflowed : QueueOutcome.Dropped;
        }

        _budget.Add(bytes);
        return QueueOutcome.Queued;
    }

    private bool RenderLocked(OutgoingQueue queue, PipeWriter output, long now)
    {
        bool writes = false;
        while (output.UnflushedBytes < RenderBytesMax && queue.TryPeek(now, out OutgoingView message))
        {
            if (message.Qos > 0 && queue.InFlightCount >= _renderer!.Terms.SendWindow)
            {
                break;
            }

            if (_renderer!.TryWrite(message, now, output))
            {
                queue.MarkSent();
                writes = true;
            }
            else
            {
                queue.Drop();
                _metrics.OnTooLarge();
            }
        }

        return writes;
    }

    private void FillFromRetainedLocked(long now)
    {
        while (_retained is { Count: > 0 }
            && WaitingLocked() < _options.QueuedMessagesPerSubscriberMax / 2
            && BytesLocked() < _options.QueuedBytesPerSubscriberMax / 2)
        {
            RetainedDelivery delivery = _retained.Take();
            if (!delivery.Message.IsExpired(now))
            {
                QueueLocked(delivery);
            }
        }
    }

    private int WaitingLocked() => State.Outgoing.Count + (_unacknowledged?.Count ?? 0);

    private long ExpiredLocked() => State.Outgoing.ExpiredCount + (_unacknowledged?.ExpiredCount ?? 0);

    private long BytesLocked() => State.Outgoing.Bytes + (long)(_unacknowledged?.Bytes ?? 0);
}
