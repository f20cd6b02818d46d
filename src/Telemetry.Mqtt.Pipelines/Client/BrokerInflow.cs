using System.Numerics;
using Microsoft.Extensions.Logging;
using Telemetry.Buffers;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The way of the messages of one broker: into the intake, appended once per read, acknowledged in receipt order when
/// durable. It outlives the connections: what was taken from one and found no room is appended before the next begins.
/// All calls come from one thread at a time, but for <see cref="OnCommitted"/> and the counters.
/// </summary>
internal sealed class BrokerInflow : ICommitSignal
{
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(250); // no spin on a full disk

    private readonly IConnectionIntake _intake;
    private readonly BrokerClientOptions _options;
    private readonly BrokerTally _tally;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly byte[][] _ownFilters;
    private readonly byte[]? _presenceTopic;
    private readonly Canary _canary;
    private readonly ByteQueue _acks = new();
    private readonly ReceivedIdentifiers _received = new();
    private IntakeOutcome _outcome = IntakeOutcome.Appended;
    private ProtocolLevel _level;
    private volatile LinkOutbox? _outbox;
    private long _durableOffset;
    private long _appendedOffset;
    private int _blockMessages;
    private bool _isDenied;

    public BrokerInflow(
        IConnectionIntake intake,
        BrokerClientOptions options,
        BrokerTally tally,
        Canary canary,
        TimeProvider time,
        ILogger log)
    {
        _intake = intake;
        _options = options;
        _tally = tally;
        _canary = canary;
        _time = time;
        _log = log;
        _presenceTopic = options.Presence is { } told ? System.Text.Encoding.UTF8.GetBytes(told.Topic) : null;
        _ownFilters = [.. options.OwnFilters.Select(System.Text.Encoding.UTF8.GetBytes)];
    }

    /// <summary>Everything before is durable.</summary>
    public long DurableOffset => Volatile.Read(ref _durableOffset);

    /// <summary>True while a block waits for room: nothing more may be added.</summary>
    public bool IsWaiting => _outcome != IntakeOutcome.Appended;

    /// <inheritdoc/>
    public void OnCommitted(long durableOffset)
    {
        // Signals of one client come from the committer alone, so that the offset never goes back.
        Volatile.Write(ref _durableOffset, Math.Max(durableOffset, Volatile.Read(ref _durableOffset)));
        Interlocked.MemoryBarrier();
        _outbox?.OnCommitted(durableOffset);
    }

    /// <summary>A connection begins.</summary>
    public void Attach(LinkOutbox outbox, ProtocolLevel level)
    {
        _acks.Clear();
        _level = level;
        _outbox = outbox;
        Interlocked.MemoryBarrier();
        outbox.OnCommitted(DurableOffset); // a commit may have come between its making and now
    }

    /// <summary>The connection is over: its acknowledgements have nobody to go to.</summary>
    public void Detach()
    {
        _outbox = null;
        _acks.Clear();
    }

    /// <summary>The broker has no session, and so knows nothing of what was in flight.</summary>
    public void OnSessionLost() => _received.Clear();

    /// <summary>True once after a message that said that this client is away.</summary>
    public bool TakeDenial()
    {
        bool isDenied = _isDenied;
        _isDenied = false;
        return isDenied;
    }

    /// <summary>Takes one PUBLISH.</summary>
    public MalformedReason OnPublish(PacketFrame frame)
    {
        if (!PublishView.TryRead(frame, _level, out PublishView publish, out MalformedReason reason))
        {
            return reason;
        }

        if (publish.Topic.IsEmpty)
        {
            return MalformedReason.TopicAliasTooLarge; // none was offered [MQTT-3.1.2-26]
        }

        _tally.OnMessage(publish.Dup, _time.GetUtcNow());
        bool isRepeat = publish.Qos == 2 && !_received.TryAdd(publish.PacketIdentifier);
        if (!isRepeat && IsForIntake(publish, frame.Body.Length))
        {
            _intake.Add(publish);
            _blockMessages++;
        }

        if (publish.Qos > 0)
        {
            PacketType answer = publish.Qos == 1 ? PacketType.PubAck : PacketType.PubRec;
            AckView.WriteSuccess(_acks.Extend(AckView.SuccessBytes), answer, publish.PacketIdentifier);
        }

        return MalformedReason.None;
    }

    /// <summary>The broker lets go of a QoS 2 message; the answer is PUBCOMP.</summary>
    public void OnRelease(ushort packetIdentifier) => _received.Release(packetIdentifier);

    /// <summary>A read ends: all it brought is appended as one block.</summary>
    public void OnReadEnd()
    {
        if (_blockMessages > 0)
        {
            TryAppend();
        }
        else
        {
            SendAcks(); // nothing to append: they only keep their place behind the others
        }
    }

    /// <summary>Completes when the waiting block was appended.</summary>
    /// <exception cref="OperationCanceledException">The block was not appended and stays.</exception>
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

    private bool IsForIntake(in PublishView publish, int bytes)
    {
        if (_canary.TryTake(publish.Topic) || IsOwn(publish.Topic))
        {
            _tally.OnOwn();
            return false;
        }

        if (_presenceTopic is not null && publish.Topic.SequenceEqual(_presenceTopic))
        {
            _isDenied |= _options.Presence!.IsOffline(publish.Payload);
            _tally.OnOwn();
            return false;
        }

        if (bytes > _options.PacketBytesMax)
        {
            OnOversized();
            return false;
        }

        return true;
    }

    /// <summary>It is acknowledged all the same: the broker would send it for ever.</summary>
    private void OnOversized()
    {
        long count = _tally.OnOversized();
        if (BitOperations.IsPow2(count))
        {
            BrokerClientLog.Oversized(_log, _options.Name, _options.PacketBytesMax, count);
        }
    }

    private bool IsOwn(ReadOnlySpan<byte> topic)
    {
        foreach (byte[] filter in _ownFilters)
        {
            if (TopicFilter.Matches(filter, topic))
            {
                return true;
            }
        }

        return false;
    }

    private void TryAppend()
    {
        _outcome = _intake.TryAppend(this, out long endOffset);
        if (_outcome == IntakeOutcome.Appended)
        {
            _blockMessages = 0;
            _appendedOffset = endOffset;
            SendAcks();
        }
    }

    private void SendAcks()
    {
        if (_acks.Count > 0 && _outbox is { } outbox)
        {
            _tally.OnAcknowledged(_acks.Count / AckView.SuccessBytes);
            outbox.SendAfterCommit(_acks.Waiting, _appendedOffset);
        }

        _acks.Clear();
    }
}
