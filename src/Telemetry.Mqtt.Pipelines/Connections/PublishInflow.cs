namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The way of one connection's PUBLISH packets: checked, copied into the intake, appended once per read, acknowledged
/// when durable. All calls come from the connection's thread, but for <see cref="OnCommitted"/>.
/// </summary>
internal sealed class PublishInflow : ICommitSignal
{
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(250); // no spin on a full disk

    private readonly IConnectionIntake _intake;
    private readonly PacketOutbox _outbox;
    private readonly MqttServerOptions _options;
    private readonly MqttMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ProtocolLevel _level;
    private readonly TopicAliases _aliases;
    private readonly ByteQueue _acks = new();
    private IntakeOutcome _outcome = IntakeOutcome.Appended;
    private int _unsentAcks;
    private int _blockMessages;
    private int _blockQos0;

    public PublishInflow(
        IConnectionIntake intake,
        PacketOutbox outbox,
        ProtocolLevel level,
        MqttServerOptions options,
        MqttMetrics metrics,
        TimeProvider time)
    {
        _intake = intake;
        _outbox = outbox;
        _level = level;
        _options = options;
        _metrics = metrics;
        _time = time;
        _aliases = new TopicAliases((ushort)options.TopicAliasMax);
    }

    /// <summary>Messages received.</summary>
    public long MessagesIn { get; private set; }

    /// <summary>True while a block waits for room: nothing more may be added.</summary>
    public bool IsWaiting => _outcome != IntakeOutcome.Appended;

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

        if (publish.Qos > 1)
        {
            return Refusal.Of(ReasonCode.QosNotSupported);
        }

        return publish.Properties.IsEmpty ? Take(publish) : TakeWithProperties(publish);
    }

    /// <summary>A read ends: all it brought is appended as one block.</summary>
    public void OnReadEnd()
    {
        if (_blockMessages > 0)
        {
            _metrics.OnReceived(PacketType.Publish, _blockMessages); // a block is empty when a read begins
            TryAppend();
        }
    }

    /// <summary>Completes when the waiting block was appended.</summary>
    /// <exception cref="OperationCanceledException">The connection is stopping; the block was not appended.</exception>
    public async ValueTask WaitUntilAppendedAsync(CancellationToken cancellationToken)
    {
        while (IsWaiting)
        {
            if (_outcome == IntakeOutcome.Refused)
            {
                await Task.Delay(RefusedPause, _time, cancellationToken);
            }

            await _intake.WaitForRoomAsync(cancellationToken);
            TryAppend();
        }
    }

    /// <summary>Takes the will of a connection that ended without DISCONNECT: the last of its messages.</summary>
    public async ValueTask PublishWillAsync(WillMessage will)
    {
        _intake.Add(will.View());
        _blockMessages++;
        _metrics.OnWillPublished();
        TryAppend();
        if (IsWaiting)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(_options.WillTimeoutSeconds), _time);
            await WaitUntilAppendedAsync(patience.Token);
        }
    }

    /// <summary>The connection is over: counts what was taken and could never be appended.</summary>
    public void Abandon()
    {
        if (_blockQos0 > 0)
        {
            _metrics.OnQos0Refused(_blockQos0);
        }
    }

    private Refusal TakeWithProperties(in PublishView publish)
    {
        MalformedReason broken = SessionRules.CheckFromClient(publish);
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
        if (publish.Topic.Count((byte)'/') >= _options.TopicLevelsMax)
        {
            return Refusal.Of(ReasonCode.TopicNameInvalid);
        }

        return publish.Qos == 0 ? TakeQos0(publish) : TakeQos1(publish);
    }

    private Refusal TakeQos0(in PublishView publish)
    {
        _intake.Add(publish);
        _blockMessages++;
        _blockQos0++;
        MessagesIn++;
        return Refusal.None;
    }

    private Refusal TakeQos1(in PublishView publish)
    {
        int unsent = _unsentAcks + (_acks.Count / AckQueue.AckBytes);
        if (_level >= ProtocolLevel.V50 && unsent >= _options.ReceiveMaximum)
        {
            return Refusal.Of(MalformedReason.ReceiveMaximumExceeded);
        }

        _intake.Add(publish);
        _blockMessages++;
        MessagesIn++;
        AckView.WriteSuccess(_acks.Extend(AckQueue.AckBytes), PacketType.PubAck, publish.PacketIdentifier);
        return Refusal.None;
    }

    private void TryAppend()
    {
        _outcome = _intake.TryAppend(this, out long endOffset);
        if (_outcome == IntakeOutcome.NoRoom)
        {
            _metrics.OnIntakeStall();
        }
        else if (_outcome == IntakeOutcome.Refused)
        {
            _metrics.OnIntakeRefusal();
        }
        else
        {
            OnAppended(endOffset);
        }
    }

    private void OnAppended(long endOffset)
    {
        _blockMessages = 0;
        _blockQos0 = 0;
        if (_acks.Count > 0)
        {
            _metrics.OnAcknowledgements(_acks.Count / AckQueue.AckBytes);
            _outbox.SendAfterCommit(_acks.Waiting, endOffset);
            _acks.Clear();
        }
    }
}
