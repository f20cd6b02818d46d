namespace Telemetry.Mqtt.Pipelines;

/// <summary>What the MQTT server counts since its start. Reading is free and may be a moment old.</summary>
public sealed class MqttMetrics
{
    private readonly long[] _received = new long[16]; // by packet type: four bits
    private readonly long[] _refusals = new long[256]; // by reason code: one byte
    private readonly long[] _malformed = new long[256]; // by malformed reason: one byte
    private long _bytesReceived;
    private long _connections;
    private long _connectionsAccepted;
    private long _connectionsTruncated;
    private long _takeOvers;
    private long _acknowledgements;
    private long _messagesDelivered;
    private long _messagesDropped;
    private long _messagesTooLarge;
    private long _subscribersOverflowed;
    private long _intakeStalls;
    private long _pacedReads;
    private long _intakeRefusals;
    private long _qos0Refused;
    private long _willsPublished;
    private long _retainedRefused;
    private long _unknownAcknowledgements;
    private long _duplicates;
    private long _messagesExpired;
    private long _clonedClients;
    private long _sessionsExpired;

    /// <summary>Bytes received in whole packets.</summary>
    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    /// <summary>Connections that are open now with an accepted CONNECT.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>CONNECT packets accepted.</summary>
    public long ConnectionsAccepted => Interlocked.Read(ref _connectionsAccepted);

    /// <summary>Connections that ended inside a packet or by a reset.</summary>
    public long ConnectionsTruncated => Interlocked.Read(ref _connectionsTruncated);

    /// <summary>Connections that gave way to a newer one with the same client identifier.</summary>
    public long TakeOvers => Interlocked.Read(ref _takeOvers);

    /// <summary>PUBACK packets handed to the intake's commit.</summary>
    public long Acknowledgements => Interlocked.Read(ref _acknowledgements);

    /// <summary>Messages queued for subscribers.</summary>
    public long MessagesDelivered => Interlocked.Read(ref _messagesDelivered);

    /// <summary>Messages dropped because a subscriber's queue was full: QoS 0, or any for a client away.</summary>
    public long MessagesDropped => Interlocked.Read(ref _messagesDropped);

    /// <summary>Messages not sent because the subscriber accepts no packet of that size.</summary>
    public long MessagesTooLarge => Interlocked.Read(ref _messagesTooLarge);

    /// <summary>Subscribers disconnected because QoS 1 messages went beyond the ceiling of their queue.</summary>
    public long SubscribersOverflowed => Interlocked.Read(ref _subscribersOverflowed);

    /// <summary>How often a connection had to wait because the intake had no room.</summary>
    public long IntakeStalls => Interlocked.Read(ref _intakeStalls);

    /// <summary>Pauses of connections that sent above their ceiling of rate.</summary>
    public long PacedReads => Interlocked.Read(ref _pacedReads);

    /// <summary>How often the intake refused a block (disk full or failed).</summary>
    public long IntakeRefusals => Interlocked.Read(ref _intakeRefusals);

    /// <summary>QoS 0 messages of blocks that were never appended because their connection ended first.</summary>
    public long Qos0Refused => Interlocked.Read(ref _qos0Refused);

    /// <summary>Will messages handed to the intake.</summary>
    public long WillsPublished => Interlocked.Read(ref _willsPublished);

    /// <summary>Retained messages not kept because of a ceiling.</summary>
    public long RetainedRefused => Interlocked.Read(ref _retainedRefused);

    /// <summary>PUBACK packets from clients for identifiers that were not in flight.</summary>
    public long UnknownAcknowledgements => Interlocked.Read(ref _unknownAcknowledgements);

    /// <summary>QoS 2 PUBLISH packets that came again and were not taken twice.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>Messages whose expiry was over before their subscriber took them.</summary>
    public long MessagesExpired => Interlocked.Read(ref _messagesExpired);

    /// <summary>How often two devices were found to fight over one client identifier.</summary>
    public long ClonedClients => Interlocked.Read(ref _clonedClients);

    /// <summary>Sessions that ended because their client stayed away.</summary>
    public long SessionsExpired => Interlocked.Read(ref _sessionsExpired);

    /// <summary>Packets received of one type.</summary>
    public long Received(PacketType type) => Interlocked.Read(ref _received[(int)type]);

    /// <summary>Connections refused or closed by the server, and subscriptions refused, with one reason code.</summary>
    public long Refused(ReasonCode reason) => Interlocked.Read(ref _refusals[(int)reason]);

    /// <summary>Connections closed for one way of breaking the protocol.</summary>
    public long Malformed(MalformedReason reason) => Interlocked.Read(ref _malformed[(int)reason]);

    internal void OnReceived(PacketType type, long count) => Interlocked.Add(ref _received[(int)type], count);

    internal void OnBytesReceived(long bytes) => Interlocked.Add(ref _bytesReceived, bytes);

    internal void OnRefused(ReasonCode reason) => Interlocked.Increment(ref _refusals[(int)reason]);

    internal void OnMalformed(MalformedReason reason) => Interlocked.Increment(ref _malformed[(int)reason]);

    internal void OnConnected()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _connectionsAccepted);
    }

    internal void OnDisconnected() => Interlocked.Decrement(ref _connections);

    internal void OnTruncated() => Interlocked.Increment(ref _connectionsTruncated);

    internal void OnTakeOver() => Interlocked.Increment(ref _takeOvers);

    internal void OnAcknowledgements(long count) => Interlocked.Add(ref _acknowledgements, count);

    internal void OnPacedRead() => Interlocked.Increment(ref _pacedReads);

    internal void OnIntakeStall() => Interlocked.Increment(ref _intakeStalls);

    internal void OnIntakeRefusal() => Interlocked.Increment(ref _intakeRefusals);

    internal void OnQos0Refused(long count) => Interlocked.Add(ref _qos0Refused, count);

    internal void OnWillPublished() => Interlocked.Increment(ref _willsPublished);

    internal void OnRetainedRefused() => Interlocked.Increment(ref _retainedRefused);

    internal void OnUnknownAcknowledgement() => Interlocked.Increment(ref _unknownAcknowledgements);

    internal void OnDuplicate() => Interlocked.Increment(ref _duplicates);

    internal void OnExpired(long count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref _messagesExpired, count);
        }
    }

    internal void OnTooLarge() => Interlocked.Increment(ref _messagesTooLarge);

    internal void OnClonedClient() => Interlocked.Increment(ref _clonedClients);

    internal void OnSessionExpired() => Interlocked.Increment(ref _sessionsExpired);

    internal void OnQueued(QueueOutcome outcome)
    {
        switch (outcome)
        {
            case QueueOutcome.Queued:
                Interlocked.Increment(ref _messagesDelivered);
                break;
            case QueueOutcome.Dropped:
                Interlocked.Increment(ref _messagesDropped);
                break;
            case QueueOutcome.Overflowed:
                Interlocked.Increment(ref _subscribersOverflowed);
                break;
            case QueueOutcome.Gone:
            default:
                break;
        }
    }
}
