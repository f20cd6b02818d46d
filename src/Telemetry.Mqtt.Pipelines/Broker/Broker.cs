using System.Text;
using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// What connections share: the sessions, who subscribes to what, and the retained messages. Messages come through
/// <see cref="Distribute"/> behind the commit (law L2), in the order of the log; it never waits for a subscriber. All
/// of it can be made anew from a checkpoint and the log.
/// </summary>
public sealed class Broker : IDisposable
{
    private static readonly TimeSpan ClonedClientDelay = TimeSpan.FromSeconds(5); // slows the fight, ends nothing

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Connection> _connections = [];
    private readonly SubscriptionTable _subscriptions = new();
    private readonly SessionTable _sessions;
    private readonly RetainedStore _retained;
    private readonly SubscriptionDesk _desk;
    private readonly BrokerReplay _replay;
    private readonly RightsReview _rights;
    private readonly ForwardedProperties _properties = new();
    private readonly TakeOverWatch _takeOvers = new();
    private readonly MqttServerOptions _options;
    private readonly MqttMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private SessionKeeper? _keeper;
    private long _position; // everything before it has been distributed

    /// <summary>A broker without clients.</summary>
    /// <param name="options">The ceilings.</param>
    /// <param name="metrics">Where it counts.</param>
    /// <param name="time">The clock of keep alive, session and message expiry.</param>
    /// <param name="log">Where it says what somebody should look at.</param>
    public Broker(MqttServerOptions options, MqttMetrics metrics, TimeProvider time, ILogger<Broker> log)
    {
        _options = options;
        _metrics = metrics;
        _time = time;
        _log = log;
        _retained = new RetainedStore(options);
        _sessions = new SessionTable(_subscriptions, options, metrics);
        _desk = new SubscriptionDesk(_sessions, _subscriptions, _retained, options, metrics, time);
        _replay = new BrokerReplay(_sessions, _subscriptions, _desk);
        _rights = new RightsReview(_sessions, _subscriptions, log);
        Sweep = new ConnectionSweep(time, () => _keeper?.Run());
    }

    /// <summary>
    /// Whether anybody subscribes to anything. When not, only messages with the retain flag need be given to
    /// <see cref="Distribute"/>.
    /// </summary>
    public bool HasSubscribers => _subscriptions.Count > 0;

    /// <summary>How many subscriptions there are.</summary>
    public int SubscriptionCount => _subscriptions.Count;

    /// <summary>Whether a subscription waits for its place in the log: <see cref="OnDistributed"/> matters.</summary>
    public bool HasChanges => _desk.HasWaiting;

    /// <summary>Sessions, those of clients that are away among them.</summary>
    public int SessionCount
    {
        get
        {
            lock (_gate)
            {
                return _sessions.All.Count;
            }
        }
    }

    /// <summary>Bytes that wait for subscribers.</summary>
    public long QueuedBytes => _sessions.QueuedBytes;

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
    /// Gives a durable message to all whose subscriptions match, once each, at the highest QoS granted, and keeps it
    /// when it has the retain flag. Called by one thread, in the order of the log.
    /// </summary>
    /// <param name="message">The message as it was received, its topic alias resolved.</param>
    /// <param name="publisher">Client identifier of the publisher (for No Local); empty when it is not known.</param>
    /// <param name="offset">Its place in the log; 0 when it is in no log and a restart need not know it.</param>
    /// <param name="arrivalTime">When it was received, nanoseconds since 1970.</param>
    public void Distribute(in PublishView message, ReadOnlySpan<byte> publisher, long offset, long arrivalTime)
    {
        if (!message.Retain && !HasSubscribers)
        {
            return;
        }

        lock (_gate)
        {
            _properties.Load(message.Properties);
            var outgoing = new OutgoingView
            {
                Offset = offset,
                ExpiresAt = _properties.ExpiresAt(arrivalTime),
                Qos = message.Qos,
                Retain = message.Retain,
                Topic = message.Topic,
                Properties = _properties.WithoutExpiry,
                Payload = message.Payload,
            };
            if (message.Retain && !_retained.TrySet(outgoing, _time.GetUnixNanoseconds()))
            {
                _metrics.OnRetainedRefused();
            }

            DeliverLocked(outgoing, publisher);
        }
    }

    /// <summary>
    /// Publishes a message of the server itself that is in no log. Any thread may call it.
    /// </summary>
    /// <exception cref="ArgumentException">The topic name is not valid.</exception>
    public void Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, byte qos, bool retain)
    {
        if (!TopicName.IsValid(topic))
        {
            throw new ArgumentException("cannot publish: the topic name is not valid", nameof(topic));
        }

        var message = new PublishView
        {
            Topic = topic,
            Payload = payload,
            PacketIdentifier = qos,
            Qos = qos,
            Retain = retain,
        };
        Distribute(message, publisher: default, offset: 0, _time.GetUnixNanoseconds());
    }

    /// <summary>Whether this payload is what is kept for a topic; an empty one: whether nothing is.</summary>
    public bool IsRetained(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            return _retained.Find(topic, _time.GetUnixNanoseconds()).SequenceEqual(payload);
        }
    }

    /// <summary>The topics of retained messages that match a filter.</summary>
    public IReadOnlyList<string> FindRetained(string filter)
    {
        lock (_gate)
        {
            var found = new List<RetainedDelivery>();
            _retained.Find(Encoding.UTF8.GetBytes(filter), 0, [], _time.GetUnixNanoseconds(), found);
            return [.. found.Select(delivery => Encoding.UTF8.GetString(delivery.Message.Topic))];
        }
    }

    /// <summary>Everything of the log before this offset has been given to <see cref="Distribute"/>.</summary>
    public void OnDistributed(long offset)
    {
        lock (_gate)
        {
            _position = Math.Max(_position, offset);
            _desk.RunUntil(_position);
        }
    }

    /// <summary>After a restart: applies an event of a session. See <see cref="SessionEventFormat"/>.</summary>
    public void Replay(
        SessionEventKind kind, ReadOnlySpan<byte> client, ReadOnlySpan<byte> content, long arrivalTime)
    {
        lock (_gate)
        {
            _replay.Apply(kind, client, content, arrivalTime);
        }
    }

    /// <summary>After a restart: a client had sent this QoS 2 message.</summary>
    public void ReplayReceived(ReadOnlySpan<byte> client, ushort packetIdentifier, long endOffset)
    {
        lock (_gate)
        {
            _sessions.Find(client)?.SetReceived([packetIdentifier], endOffset);
        }
    }

    /// <summary>
    /// The log has been replayed: nobody is connected any more, and from here on sessions end and wills are sent in
    /// their time.
    /// </summary>
    public void Start(IIntake intake)
    {
        lock (_gate)
        {
            long now = _time.GetUnixNanoseconds();
            foreach (LiveSession session in _sessions.All.Where(session => session.State.ClosedAt == 0))
            {
                session.CutOff(now);
            }
        }

        _keeper = new SessionKeeper(_gate, _sessions, _rights, intake, _metrics, _time);
    }

    /// <summary>All that a restart needs and the log before an offset tells, as bytes.</summary>
    public byte[] Save(long offset)
    {
        lock (_gate)
        {
            return BrokerStateFormat.Save(_sessions.All, _retained.All, offset);
        }
    }

    /// <summary>Takes over what <see cref="Save"/> gave; a state that cannot be read leaves the broker empty.</summary>
    /// <returns>Whether it could be read.</returns>
    public bool TryLoad(ReadOnlySpan<byte> state)
    {
        lock (_gate)
        {
            bool isRead = BrokerStateFormat.TryLoad(
                state, _sessions, _retained, _desk.Restore, out int failedAt);
            if (!isRead)
            {
                MqttLog.StateUnreadable(_log, "no such state", failedAt, state.Length);
            }

            return isRead;
        }
    }

    /// <summary>What the status page shows of the clients connected now.</summary>
    public IReadOnlyList<ConnectionSnapshot> Connections()
    {
        lock (_gate)
        {
            return [.. _connections.Values.Where(connection => connection.IsConnected).Select(c => c.Snapshot())];
        }
    }

    /// <summary>Ends the connections of an identity whose rights are gone.</summary>
    public void Disconnect(string identity)
    {
        Connection[] theirs;
        lock (_gate)
        {
            theirs = [.. _connections.Values.Where(connection => connection.Identity == identity)];
        }

        foreach (Connection connection in theirs)
        {
            connection.Stop(ReasonCode.NotAuthorized);
        }
    }

    /// <summary>
    /// Rights have changed: within a second every session of an identity gives up the subscriptions that it may not
    /// have any more. Those of an identity that may not connect stay: nobody gets their messages.
    /// </summary>
    /// <param name="findRights">The rights of an identity under a client identifier; null when it has none.</param>
    public void ReviewRights(Func<string, string, IClientRights?> findRights)
    {
        lock (_gate)
        {
            _rights.Begin(findRights);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Sweep.Dispose();

    /// <summary>
    /// Takes the client identifier for a connection; the one that has it gives way [MQTT-3.1.4-3], but not to another
    /// identity than its own.
    /// </summary>
    /// <param name="connection">The new one.</param>
    /// <param name="authenticator">Knows which identities there are.</param>
    /// <param name="old">The one that gives way, whose end is to be awaited; null when there is none.</param>
    /// <param name="delay">How long the new one is to wait: it is thrown out in turn, again and again.</param>
    /// <returns>Success, or why it is refused.</returns>
    internal ReasonCode Claim(
        Connection connection, IAuthenticator authenticator, out Connection? old, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        int takeOvers = 0;
        string client = connection.ClientIdentifier;
        lock (_gate)
        {
            _connections.TryGetValue(client, out old);
            string? owner = old is not null ? old.Identity : _sessions.Find(client)?.State.Owner;
            bool isOfAnother = owner is not null && owner != connection.Identity;
            if (isOfAnother && authenticator.FindRights(owner!, client) is not null)
            {
                string who = connection.Identity ?? "anonymous";
                MqttLog.IdentifierOfAnother(_log, client, connection.RemoteAddress, who, owner!);
                return ReasonCode.ClientIdentifierNotValid;
            }

            if (old is null && _connections.Count >= _options.ConnectionsMax)
            {
                return ReasonCode.ServerBusy;
            }

            _connections[client] = connection;
            bool hasLeft = old?.Session is { } session && session.Connection != old;
            if (old is null || hasLeft)
            {
                return ReasonCode.Success; // who has left only writes down that it did
            }

            takeOvers = _takeOvers.Note(client, _time.GetUtcNow());
        }

        if (takeOvers >= TakeOverWatch.CountMin)
        {
            delay = ClonedClientDelay;
            NoteCloned(connection, old, takeOvers);
        }

        _metrics.OnTakeOver();
        old.Stop(ReasonCode.SessionTakenOver);
        return ReasonCode.Success;
    }

    /// <summary>Gives a connection its session, an old one or a new one; null when too many are kept.</summary>
    /// <returns>
    /// The session, whether it is an old one, whether an old one is over now, and a will that waited in that.
    /// </returns>
    internal (LiveSession? Session, bool IsPresent, bool HasEnded, SessionWill? LastWill) Attach(
        Connection connection, ConnectTerms terms)
    {
        lock (_gate)
        {
            SessionWill? lastWill = null;
            bool hasEnded = false;
            LiveSession? session = _sessions.Find(terms.ClientIdentifier);
            bool isOver = session is not null && (terms.CleanStart
                || session.State.Owner != connection.Identity
                || session.State.IsExpired(_time.GetUnixNanoseconds()));
            if (isOver)
            {
                bool isOwn = session!.State.Owner is null || session.State.Owner == connection.Identity;
                lastWill = isOwn ? session.State.Will : null; // of an identity that may not publish any more
                _sessions.End(session);
                session = null;
                hasEnded = true;
            }

            bool isPresent = session is not null;
            session ??= _sessions.FindOrBegin(terms.ClientIdentifier);
            if (session is not null)
            {
                session.Connection = connection;
                session.State.Owner = connection.Identity;
                session.State.ExpirySeconds = terms.ExpirySeconds;
                session.State.ClosedAt = 0;
                session.State.Will = terms.Will;
            }

            return (session, isPresent, hasEnded, lastWill);
        }
    }

    /// <summary>A connection is over: its session waits for the next one, or ends.</summary>
    /// <returns>The will that is due now.</returns>
    internal SessionWill? Leave(Connection connection)
    {
        lock (_gate)
        {
            LiveSession? session = connection.Session;
            if (session is null || session.Connection != connection)
            {
                return null;
            }

            session.Connection = null;
            session.Detach();
            ClientSession state = session.State;
            SessionWill? will = state.Will;
            bool isDue = will is null || will.DelaySeconds == 0 || !state.IsDurable;
            state.Will = isDue ? null : will;
            state.ClosedAt = _time.GetUnixNanoseconds();
            if (!state.IsDurable)
            {
                _sessions.End(session);
            }

            return isDue ? will : null;
        }
    }

    /// <summary>A connection has written down its end: from here on nobody need wait for it.</summary>
    internal void Forget(Connection connection)
    {
        lock (_gate)
        {
            if (_connections.GetValueOrDefault(connection.ClientIdentifier) == connection)
            {
                _connections.Remove(connection.ClientIdentifier);
            }
        }
    }

    /// <summary>Brings a change of subscriptions into effect when everything before its place is distributed.</summary>
    internal void Submit(SubscriptionChange change)
    {
        lock (_gate)
        {
            _desk.Add(change);
            _desk.RunUntil(_position);
        }
    }

    private void NoteCloned(Connection connection, Connection old, int takeOvers)
    {
        if (takeOvers == TakeOverWatch.CountMin)
        {
            _metrics.OnClonedClient();
            MqttLog.TakenOverAgain(
                _log,
                connection.ClientIdentifier,
                takeOvers,
                TakeOverWatch.WindowSeconds,
                connection.RemoteAddress,
                old.RemoteAddress);
        }
    }

    private void DeliverLocked(in OutgoingView message, ReadOnlySpan<byte> publisher)
    {
        var (sessions, shared) = _subscriptions.Match(message.Topic, publisher);
        foreach (LiveSession session in sessions)
        {
            MatchNote match = session.Match;
            Deliver(session, message, match.Qos, match.RetainAsPublished, match.Identifiers);
        }

        foreach (Subscription member in shared)
        {
            SessionSubscription terms = member.Terms;
            Deliver(member.Owner, message, terms.Qos, terms.RetainAsPublished, member.IdentifierProperty);
        }
    }

    private void Deliver(
        LiveSession session,
        in OutgoingView message,
        byte qosGranted,
        bool retainAsPublished,
        ReadOnlySpan<byte> identifiers)
    {
        var delivered = new OutgoingView
        {
            Offset = message.Offset,
            ExpiresAt = message.ExpiresAt,
            Qos = Math.Min(message.Qos, qosGranted),
            Retain = message.Retain && retainAsPublished,
            Topic = message.Topic,
            Properties = message.Properties,
            SubscriptionIdentifiers = identifiers,
            Payload = message.Payload,
        };
        QueueOutcome outcome = session.Queue(delivered);
        _metrics.OnQueued(outcome);
        if (outcome == QueueOutcome.Overflowed)
        {
            session.Connection?.Stop(ReasonCode.QuotaExceeded);
        }
    }
}
