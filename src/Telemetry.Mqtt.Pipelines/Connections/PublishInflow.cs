using Telemetry.Buffers;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The way in of one connection: its PUBLISH and PUBREL packets and what happens to its session are checked, copied
/// into the intake, appended once per read, and acknowledged when durable. All calls come from the connection's thread,
/// but for <see cref="OnCommitted"/>.
/// </summary>
internal sealed class PublishInflow : ICommitSignal
{
    private const int BlockBytesMax = 1024 * 1024; // one append; what an alias stands for counts in full here
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(250); // no spin on a full disk

    private readonly IConnectionIntake _intake;
    private readonly LiveSession _session;
    private readonly PacketOutbox _outbox;
    private readonly IClientRights _rights;
    private readonly ConnectionParts _parts;
    private readonly ProtocolLevel _level;
    private readonly ByteQueue _acks = new();
    private TopicAliases? _aliases; // these three are made when used first: most connections never do
    private List<ushort>? _received; // QoS 2 messages of the block
    private List<SubscriptionChange>? _changes; // of this block, with their place in it
    private IntakeOutcome _outcome = IntakeOutcome.Appended;
    private long _appendedOffset;
    private int _ackCount;
    private int _unsentAcks;
    private int _blockMessages; // of the read in hand
    private int _blockQos0;

    public PublishInflow(
        IConnectionIntake intake,
        LiveSession session,
        PacketOutbox outbox,
        IClientRights rights,
        ProtocolLevel level,
        ConnectionParts parts)
    {
        _intake = intake;
        _session = session;
        _outbox = outbox;
        _rights = rights;
        _level = level;
        _parts = parts;
    }

    /// <summary>Messages received.</summary>
    public long MessagesIn { get; private set; }

    /// <summary>True when the block has to be appended before more is added.</summary>
    public bool IsFull => _intake.BlockBytes >=
        (_outcome == IntakeOutcome.Refused ? _parts.Options.HeldBytesMax : BlockBytesMax);

    /// <summary>True when nothing more may be read until the block is appended.</summary>
    public bool MustPause => _outcome == IntakeOutcome.NoRoom || (_outcome == IntakeOutcome.Refused && IsFull);

    /// <summary>
    /// True while the disk refuses a block that has room for more: acknowledgements are withheld, and what else the
    /// client says is still heard, its PINGREQ above all.
    /// </summary>
    public bool IsHeldUp => _outcome == IntakeOutcome.Refused && !IsFull;

    /// <inheritdoc/>
    public void OnCommitted(long durableOffset) => _outbox.OnCommitted(durableOffset);

    /// <summary>A read begins: what has left by now may have made room for what it brings.</summary>
    public void OnReadStart() => _unsentAcks = _outbox.AckCount;

    /// <summary>Takes one PUBLISH.</summary>
    /// <returns>Why it is refused; <see cref="Refusal.None"/> when it was taken.</returns>
    public Refusal OnPublish(PacketFrame frame)
    {
        if (!PublishView.TryRead(frame, _level, out PublishView publish, out MalformedReason reason))
        {
            return Refusal.Of(reason);
        }

        return publish.Properties.IsEmpty ? Take(publish) : TakeWithProperties(publish);
    }

    /// <summary>Takes one PUBREL: the packet identifier is free again once that is durable [MQTT-4.3.3-11].</summary>
    public Refusal OnRelease(PacketFrame frame)
    {
        if (!AckView.TryRead(frame, _level, out AckView release, out MalformedReason reason))
        {
            return Refusal.Of(reason);
        }

        ushort identifier = release.PacketIdentifier;
        if (!_session.Release(identifier))
        {
            // Released before, and PUBCOMP was lost. Success, not 0x92: clients report that as a message that failed.
            Acknowledge(PacketType.PubComp, identifier, ReasonCode.Success, freesPlace: true);
            return Refusal.None;
        }

        if (_session.State.IsDurable)
        {
            ReadOnlySpan<byte> content = [(byte)(identifier >> 8), (byte)identifier];
            _intake.Add(SessionEventKind.Released, content);
        }

        Acknowledge(PacketType.PubComp, identifier, ReasonCode.Success, freesPlace: true);
        return Refusal.None;
    }

    /// <summary>Adds what happened to the session, in its order among the messages.</summary>
    public void Add(SessionEventKind kind, ReadOnlySpan<byte> content) => _intake.Add(kind, content);

    /// <summary>Adds a change of subscriptions, which takes effect behind what has been added so far.</summary>
    public void Add(SubscriptionChange change)
    {
        change.Barrier = _intake.BlockBytes;
        _changes ??= [];
        _changes.Add(change);
    }

    /// <summary>Adds a will, as a message of this client, if it may publish it now.</summary>
    public void Add(SessionWill will)
    {
        PublishView message = will.View();
        if (!_rights.MayPublish(message.Topic))
        {
            _parts.Metrics.OnRefused(ReasonCode.NotAuthorized);
            return;
        }

        _intake.Add(message);
        if (message.Qos == 2)
        {
            _intake.Add(SessionEventKind.Released, SessionWill.Release);
        }

        _blockMessages++;
        _parts.Metrics.OnWillPublished();
    }

    /// <summary>
    /// The client has a message, or owns it: that is kept when the session is, and PUBREL follows when it is durable.
    /// </summary>
    public void OnDelivered(ushort packetIdentifier, long offset, OutgoingState state)
    {
        if (_session.State.IsDurable && offset > 0)
        {
            Span<byte> content = stackalloc byte[SessionEventFormat.DeliveredBytes];
            SessionEventFormat.WriteDelivered(content, offset, state);
            _intake.Add(SessionEventKind.Delivered, content);
        }

        if (state == OutgoingState.Received)
        {
            Acknowledge(PacketType.PubRel, packetIdentifier, ReasonCode.Success, freesPlace: false);
        }
    }

    /// <summary>PUBREC came for a message that is not in flight [MQTT-4.3.3-4].</summary>
    public void OnUnknownReceived(ushort packetIdentifier)
    {
        ReasonCode code =
            _parts.Options.AnswersLikeMosquitto ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;
        Acknowledge(PacketType.PubRel, packetIdentifier, code, freesPlace: false);
    }

    /// <summary>A read ends: all it brought is appended as one block.</summary>
    public void OnReadEnd()
    {
        if (_blockMessages > 0)
        {
            _parts.Metrics.OnReceived(PacketType.Publish, _blockMessages);
            _blockMessages = 0;
        }

        if (_intake.BlockBytes > 0)
        {
            TryAppend();
        }
        else if (_acks.Count > 0 || _changes is { Count: > 0 })
        {
            // Nothing new has to become durable: a repeated PUBLISH, a PUBREL of a session that is not kept.
            ReleaseBlock(_appendedOffset, blockBytes: 0);
            _outbox.OnCommitted(_parts.Intake.DurableOffset);
        }
    }

    /// <summary>Completes when the waiting block was appended.</summary>
    /// <exception cref="OperationCanceledException">The connection is stopping; the block was not appended.</exception>
    public async ValueTask WaitUntilAppendedAsync(CancellationToken cancellationToken)
    {
        while (_outcome != IntakeOutcome.Appended)
        {
            await WaitForRoomAsync(cancellationToken);
            TryAppend();
        }
    }

    /// <summary>Completes when the waiting block may be tried again, on any thread.</summary>
    /// <exception cref="OperationCanceledException">The connection is stopping.</exception>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        if (_outcome == IntakeOutcome.Refused)
        {
            await Task.Delay(RefusedPause, _parts.Time, cancellationToken);
        }

        await _intake.WaitForRoomAsync(cancellationToken);
    }

    /// <summary>Appends what was added last, waiting for room no longer than <paramref name="patience"/>.</summary>
    /// <exception cref="OperationCanceledException">There was no room.</exception>
    public async ValueTask AppendLastAsync(TimeSpan patience)
    {
        if (_intake.BlockBytes == 0)
        {
            return;
        }

        TryAppend();
        if (_outcome != IntakeOutcome.Appended)
        {
            using var limit = new CancellationTokenSource(patience, _parts.Time);
            await WaitUntilAppendedAsync(limit.Token);
        }
    }

    /// <summary>The connection is over: what was taken and could never be appended was never received.</summary>
    public void Abandon()
    {
        foreach (ushort identifier in _received ?? [])
        {
            _session.Release(identifier);
        }

        if (_blockQos0 > 0)
        {
            _parts.Metrics.OnQos0Refused(_blockQos0);
        }
    }

    private Refusal TakeWithProperties(in PublishView publish)
    {
        MalformedReason broken = _parts.Options.AnswersLikeMosquitto
            ? MalformedReason.None
            : SessionRules.CheckFromClient(publish);
        _aliases ??= new TopicAliases((ushort)_parts.Options.TopicAliasMax);
        MalformedReason reason = _aliases.Resolve(publish, out ReadOnlySpan<byte> topic);
        if (broken != MalformedReason.None || reason != MalformedReason.None)
        {
            return Refusal.Of(broken != MalformedReason.None ? broken : reason);
        }

        PublishView resolved = publish with { Topic = topic };
        return Take(resolved);
    }

    private Refusal Take(in PublishView publish)
    {
        int levelsMax = _parts.Options.TopicLevelsMax;
        if (publish.Topic.Length >= levelsMax && publish.Topic.Count((byte)'/') >= levelsMax)
        {
            return Refusal.Of(ReasonCode.TopicNameInvalid);
        }

        if (publish.Qos > 0 && _level >= ProtocolLevel.V50 && WindowTaken() >= _parts.Options.ReceiveMaximum)
        {
            return Refusal.Of(MalformedReason.ReceiveMaximumExceeded);
        }

        MessagesIn++;
        if (!_rights.MayPublish(publish.Topic))
        {
            Deny(publish);
            return Refusal.None;
        }

        if (publish.Qos == 2 && !_session.TryReceive(publish.PacketIdentifier))
        {
            _parts.Metrics.OnDuplicate();
            Acknowledge(PacketType.PubRec, publish.PacketIdentifier, ReasonCode.Success, freesPlace: false);
            return Refusal.None;
        }

        _intake.Add(publish);
        _blockMessages++;
        Promise(publish);
        return Refusal.None;
    }

    /// <summary>What the sender gets once the message is durable.</summary>
    private void Promise(in PublishView publish)
    {
        switch (publish.Qos)
        {
            case 0:
                _blockQos0++;
                break;
            case 1 when _parts.Options.AnswersLikeMosquitto:
                Acknowledge(PacketType.PubAck, publish.PacketIdentifier, Outcome(), freesPlace: true);
                break;
            case 1:
                AckView.WriteSuccess(_acks.Extend(AckView.SuccessBytes), PacketType.PubAck, publish.PacketIdentifier);
                _ackCount++;
                break;
            default:
                _received ??= [];
                _received.Add(publish.PacketIdentifier);
                Acknowledge(PacketType.PubRec, publish.PacketIdentifier, Outcome(), freesPlace: false);
                break;
        }
    }

    private ReasonCode Outcome() => _parts.Options.AnswersLikeMosquitto && !_parts.Broker.HasSubscribers
        ? ReasonCode.NoMatchingSubscribers
        : ReasonCode.Success;

    /// <summary>
    /// The message is not the client's to publish. MQTT 3.1.1 knows no refusal: it is acknowledged and goes nowhere
    /// [MQTT-3.3.5-2].
    /// </summary>
    private void Deny(in PublishView publish)
    {
        _parts.Metrics.OnRefused(ReasonCode.NotAuthorized);
        if (publish.Qos > 0)
        {
            PacketType answer = publish.Qos == 1 ? PacketType.PubAck : PacketType.PubRec;
            Acknowledge(answer, publish.PacketIdentifier, ReasonCode.NotAuthorized, freesPlace: publish.Qos == 1);
        }
    }

    /// <summary>QoS 1 and 2 messages received whose flow has not ended with an acknowledgement that left.</summary>
    private int WindowTaken() => _unsentAcks + _ackCount + _session.ReceivedCount;

    private void Acknowledge(PacketType type, ushort packetIdentifier, ReasonCode code, bool freesPlace)
    {
        var ack = new AckView { Type = type, PacketIdentifier = packetIdentifier, ReasonCode = code };
        int bytes = ack.Measure(_level);
        ack.Write(_acks.Extend(bytes), _level);
        _ackCount += freesPlace ? 1 : 0;
    }

    private void TryAppend()
    {
        int blockBytes = _intake.BlockBytes;
        _outcome = _intake.TryAppend(this, out long endOffset);
        if (_outcome == IntakeOutcome.NoRoom)
        {
            _parts.Metrics.OnIntakeStall();
        }
        else if (_outcome == IntakeOutcome.Refused)
        {
            _parts.Metrics.OnIntakeRefusal();
        }
        else
        {
            _appendedOffset = endOffset;
            ReleaseBlock(endOffset, blockBytes);
        }
    }

    private void ReleaseBlock(long endOffset, int blockBytes)
    {
        _blockQos0 = 0;
        if (_received is { Count: > 0 })
        {
            _session.SetReceived(_received, endOffset);
            _received.Clear();
        }

        if (_acks.Count > 0)
        {
            _parts.Metrics.OnAcknowledgements(_ackCount);
            _outbox.SendAfterCommit(_acks.Waiting, _ackCount, endOffset);
            _acks.Clear();
            _ackCount = 0;
        }

        if (_changes is { Count: > 0 })
        {
            Submit(_changes, endOffset - blockBytes);
        }
    }

    private void Submit(List<SubscriptionChange> changes, long blockOffset)
    {
        foreach (SubscriptionChange change in changes)
        {
            // What anybody was told to be durable before this packet came has to be distributed first.
            change.Barrier = Math.Max(blockOffset + change.Barrier, _parts.Intake.DurableOffset);
            _parts.Broker.Submit(change);
        }

        changes.Clear();
    }
}
