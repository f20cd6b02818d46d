using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// What connections share: who is connected, who subscribes to what, and the retained messages. Messages of clients
/// come through <see cref="Distribute"/> behind the commit (law L2), the server's own through <see cref="Publish"/>;
/// neither ever waits for a subscriber.
/// </summary>
public sealed class Broker : IDisposable
{
    private const byte QosMax = 1;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Connection> _connections = [];
    private readonly SubscriptionTree<Subscription> _tree = new();
    private readonly ForwardedProperties _properties = new();
    private readonly List<Subscription> _found = [];
    private readonly List<Subscriber> _matched = [];
    private readonly RetainedStore _retained;
    private readonly MqttServerOptions _options;
    private readonly MqttMetrics _metrics;
    private long _messageNumber;
    private int _subscriptionCount;

    /// <summary>A broker without clients.</summary>
    /// <param name="options">The ceilings.</param>
    /// <param name="metrics">Where it counts.</param>
    /// <param name="time">The clock of keep alive and of message expiry.</param>
    public Broker(MqttServerOptions options, MqttMetrics metrics, TimeProvider time)
    {
        _options = options;
        _metrics = metrics;
        _retained = new RetainedStore(options, time);
        Sweep = new ConnectionSweep(time);
    }

    /// <summary>
    /// Whether anybody subscribes to anything. When not, only messages with the retain flag need be given to
    /// <see cref="Distribute"/>.
    /// </summary>
    public bool HasSubscribers => Volatile.Read(ref _subscriptionCount) > 0;

    /// <summary>How many subscriptions there are.</summary>
    public int SubscriptionCount => Volatile.Read(ref _subscriptionCount);

    /// <summary>How many retained messages are kept.</summary>
    public int RetainedCount
    {
        get
        {
            lock (_gate)
            {
                return _retained.Count;
            }
        }
    }

    /// <summary>Bytes of the retained messages.</summary>
    public long RetainedBytes
    {
        get
        {
            lock (_gate)
            {
                return _retained.Bytes;
            }
        }
    }

    internal ConnectionSweep Sweep { get; }

    /// <summary>
    /// Gives a durable message of a client to all whose subscriptions match, once each, at the highest QoS granted, and
    /// keeps it when it has the retain flag. Called by one thread, in the order of the commit.
    /// </summary>
    /// <param name="message">The message as it was received, its topic alias resolved.</param>
    /// <param name="publisher">Client identifier of the publisher (for No Local); empty when it is not known.</param>
    public void Distribute(in PublishView message, ReadOnlySpan<byte> publisher = default)
    {
        if (!message.Retain && !HasSubscribers)
        {
            return;
        }

        lock (_gate)
        {
            _properties.Load(message.Properties);
            if (message.Retain && !_retained.TrySet(message, _properties.WithoutExpiry, _properties.ExpirySeconds))
            {
                _metrics.OnRetainedRefused();
            }

            MatchLocked(message.Topic, publisher);
            DeliverLocked(message);
        }
    }

    /// <summary>
    /// Publishes a message of the server itself to all whose subscriptions match. It is not written to the spool and
    /// not seen by the intake. Any thread may call it.
    /// </summary>
    /// <exception cref="ArgumentException">The topic name is not valid.</exception>
    public void Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, byte qos, bool retain)
    {
        if (!TopicName.IsValid(topic))
        {
            throw new ArgumentException("cannot publish: the topic name is not valid", nameof(topic));
        }

        byte sentQos = Math.Min(qos, QosMax);
        var message = new PublishView
        {
            Topic = topic,
            Payload = payload,
            PacketIdentifier = sentQos,
            Qos = sentQos,
            Retain = retain,
        };
        Distribute(message);
    }

    /// <summary>What the status page shows of the clients connected now.</summary>
    public IReadOnlyList<ConnectionSnapshot> Connections()
    {
        lock (_gate)
        {
            var snapshots = new List<ConnectionSnapshot>(_connections.Count);
            foreach (Connection connection in _connections.Values)
            {
                snapshots.Add(connection.Snapshot());
            }

            return snapshots;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Sweep.Dispose();

    /// <summary>
    /// Takes a client in. A client of the same identifier gives way [MQTT-3.1.4-3]; false when all places are taken.
    /// </summary>
    internal bool TryAdmit(Connection connection)
    {
        Connection? old;
        lock (_gate)
        {
            if (!_connections.TryGetValue(connection.ClientIdentifier, out old)
                && _connections.Count >= _options.ConnectionsMax)
            {
                return false;
            }

            _connections[connection.ClientIdentifier] = connection;
            if (old is not null)
            {
                UnsubscribeAllLocked(old.Subscriber);
            }
        }

        if (old is not null)
        {
            _metrics.OnTakeOver();
            old.Stop(ReasonCode.SessionTakenOver);
        }

        return true;
    }

    /// <summary>Forgets a client and its subscriptions.</summary>
    internal void Leave(Connection connection)
    {
        lock (_gate)
        {
            if (_connections.TryGetValue(connection.ClientIdentifier, out Connection? current) && current == connection)
            {
                _connections.Remove(connection.ClientIdentifier);
            }

            UnsubscribeAllLocked(connection.Subscriber);
        }
    }

    /// <summary>Adds a subscription, or puts it in place of the one with the same filter.</summary>
    /// <returns>Success and whether it is new, or quota exceeded.</returns>
    internal (ReasonCode Reason, bool IsNew) Subscribe(
        string filter, ReadOnlySpan<byte> filterBytes, Subscription wanted)
    {
        Dictionary<string, Subscription> held = wanted.Owner.Subscriptions;
        lock (_gate)
        {
            bool isNew = !held.TryGetValue(filter, out Subscription? old);
            if (isNew && held.Count >= _options.SubscriptionsPerClientMax)
            {
                return (ReasonCode.QuotaExceeded, false);
            }

            if (old is not null)
            {
                _tree.Remove(filterBytes, old);
                _subscriptionCount--;
            }

            _tree.Add(filterBytes, wanted);
            held[filter] = wanted;
            Volatile.Write(ref _subscriptionCount, _subscriptionCount + 1);
            return (ReasonCode.Success, isNew);
        }
    }

    /// <summary>Gives a subscription up; false when there was none.</summary>
    internal bool Unsubscribe(Subscriber owner, string filter, ReadOnlySpan<byte> filterBytes)
    {
        lock (_gate)
        {
            if (!owner.Subscriptions.Remove(filter, out Subscription? old))
            {
                return false;
            }

            _tree.Remove(filterBytes, old);
            Volatile.Write(ref _subscriptionCount, _subscriptionCount - 1);
            return true;
        }
    }

    /// <summary>The retained messages for a new subscription.</summary>
    internal void FindRetained(ReadOnlySpan<byte> filter, byte grantedQos, List<RetainedDelivery> found)
    {
        lock (_gate)
        {
            _retained.Find(filter, grantedQos, found);
        }
    }

    private void UnsubscribeAllLocked(Subscriber owner)
    {
        foreach ((string filter, Subscription subscription) in owner.Subscriptions)
        {
            _tree.Remove(Encoding.UTF8.GetBytes(filter), subscription);
        }

        Volatile.Write(ref _subscriptionCount, _subscriptionCount - owner.Subscriptions.Count);
        owner.Subscriptions.Clear();
    }

    /// <summary>Folds overlapping subscriptions of one client into one delivery (MQTT 5 §3.3.4).</summary>
    private void MatchLocked(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> publisher)
    {
        _found.Clear();
        _matched.Clear();
        _messageNumber++;
        _tree.Match(topic, _found);
        foreach (Subscription subscription in _found)
        {
            Subscriber owner = subscription.Owner;
            if (subscription.NoLocal && publisher.SequenceEqual(owner.ClientIdentifier))
            {
                continue;
            }

            if (owner.MatchedMessage != _messageNumber)
            {
                owner.MatchedMessage = _messageNumber;
                owner.MatchedQos = 0;
                owner.MatchedRetain = false;
                _matched.Add(owner);
            }

            owner.MatchedQos = Math.Max(owner.MatchedQos, subscription.Qos);
            owner.MatchedRetain |= subscription.RetainAsPublished;
        }
    }

    private void DeliverLocked(in PublishView message)
    {
        foreach (Subscriber subscriber in _matched)
        {
            byte qos = Math.Min(message.Qos, subscriber.MatchedQos);
            var delivered = new PublishView
            {
                Topic = message.Topic,
                Payload = message.Payload,
                Properties = _properties.All,
                PacketIdentifier = qos, // set when it leaves; never 0 with QoS 1
                Qos = qos,
                Retain = message.Retain && subscriber.MatchedRetain,
            };
            QueueOutcome outcome = subscriber.Outbox.Queue(delivered);
            _metrics.OnQueued(outcome);
            if (outcome == QueueOutcome.Overflowed)
            {
                subscriber.Stop(ReasonCode.QuotaExceeded);
            }
        }
    }
}
