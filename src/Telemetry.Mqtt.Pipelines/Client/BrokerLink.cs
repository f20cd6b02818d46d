using System.Net.WebSockets;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// One connection to a broker, from CONNECT to its end: what the broker's packets mean, when PINGREQ and canaries are
/// due, and when silence is the end. The pump calls it on one thread at a time; the clock and <see cref="Stop"/> come
/// from elsewhere. What is subscribed to stands in <see cref="LinkSubscription"/>.
/// </summary>
internal sealed class BrokerLink : IPacketReceiver, IDisposable
{
    private const int PacketBytesFramed = 32 << 20; // what is above the ceiling must be read to be acknowledged
    private const ushort CanaryIdentifierFirst = LinkPresence.PacketIdentifier;
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeaveLook = TimeSpan.FromMilliseconds(20);

    private readonly BrokerClientParts _parts;
    private readonly BrokerClientOptions _options;
    private readonly IBrokerTransport _transport;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly LinkOutbox _outbox;
    private readonly LinkWatch _watch;
    private readonly LinkSubscription _subscription;
    private readonly LinkPresence _presence;
    private readonly DateTimeOffset _connectedAt;
    private readonly long _openedAt;
    private ushort _canaryIdentifier = CanaryIdentifierFirst;
    private byte _canaryQos = 1;
    private uint _packetBytesMax; // the broker's ceiling
    private long _lastMessageAt;
    private bool _isOver;
    private volatile bool _isConnected;
    private LinkEnd? _end;

    /// <param name="parts">What the connections of one client share.</param>
    /// <param name="transport">A fresh connection; whoever made it closes it.</param>
    /// <param name="level">The protocol level to speak.</param>
    /// <param name="subscribesAnyway">Subscribe although the broker has a session.</param>
    public BrokerLink(
        BrokerClientParts parts, IBrokerTransport transport, ProtocolLevel level, bool subscribesAnyway)
    {
        _parts = parts;
        _options = parts.Options;
        _transport = transport;
        _time = parts.Time;
        Level = level;
        _outbox = new LinkOutbox(parts.Time, parts.Inflow.DurableOffset);
        _watch = new LinkWatch(parts.Time, parts.Options.KeepAliveSeconds);
        _subscription = new LinkSubscription(parts, level, subscribesAnyway);
        _connectedAt = parts.Time.GetUtcNow();
        _presence = new LinkPresence(parts, _outbox, level, _connectedAt);
        _openedAt = parts.Time.GetTimestamp();
        _lastMessageAt = _openedAt;
    }

    /// <summary>The protocol level spoken.</summary>
    public ProtocolLevel Level { get; }

    /// <summary>True once CONNACK said success.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>True once the broker has answered SUBSCRIBE, or had the session.</summary>
    public bool IsSubscribed => _subscription.IsDone;

    /// <inheritdoc/>
    public bool IsStopped => Volatile.Read(ref _end) is not null;

    /// <inheritdoc/>
    public bool TakesPackets => !IsStopped && !_parts.Inflow.IsWaiting;

    /// <inheritdoc/>
    public bool MustPause => _parts.Inflow.IsWaiting;

    /// <summary>Runs to the connection's end and says why it came.</summary>
    public async Task<LinkEnd> RunAsync()
    {
        using var writingStops = new CancellationTokenSource();
        _parts.Inflow.Attach(_outbox, Level);
        _outbox.Send(LinkPackets.Connect(_options, Level, _connectedAt));
        Task writing = WriteAsync(writingStops.Token);
        Task watching = WatchAsync();
        Stop(await PumpAsync());
        if (_end!.Kind == LinkEndKind.Stopped && _isConnected)
        {
            await TakeLeaveAsync();
        }

        _parts.Inflow.Detach();
        await writingStops.CancelAsync();
        await Task.WhenAll(writing, watching);
        return _end;
    }

    /// <summary>Sends a message with QoS 0 from any thread; false when there is no connection for it.</summary>
    public bool TryPublish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        byte[] packet = LinkPackets.Publish(topic, payload, Level);
        bool canSend = _isConnected && _subscription.IsDone && !IsStopped && packet.Length <= _packetBytesMax;
        if (canSend)
        {
            _outbox.Send(packet);
        }

        return canSend;
    }

    /// <summary>Ends the connection from any thread; the first reason stands.</summary>
    public void Stop(LinkEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, end, null) is not null)
        {
            return;
        }

        lock (_stopping)
        {
            if (!_isOver)
            {
                _ = _stopping.CancelAsync(); // what waits goes on elsewhere, not under this lock
                _transport.Input.CancelPendingRead();
            }
        }
    }

    /// <inheritdoc/>
    public void OnReadStart() => _watch.OnPacket();

    /// <inheritdoc/>
    public void OnReadEnd(long consumedBytes) => _parts.Inflow.OnReadEnd();

    /// <inheritdoc/>
    public void OnMalformed(MalformedReason reason) =>
        Stop(new LinkEnd(LinkEndKind.Malformed, $"the broker broke the protocol: {MalformedReasonText.Of(reason)}"));

    /// <inheritdoc/>
    public void OnPacket(PacketFrame frame)
    {
        // Fast path: the only packet that comes by the hundred thousand.
        if (frame.Type == PacketType.Publish && _isConnected)
        {
            Volatile.Write(ref _lastMessageAt, _time.GetTimestamp());
            Judge(_parts.Inflow.OnPublish(frame));
            if (_parts.Inflow.TakeDenial())
            {
                _presence.OnDenied();
            }

            return;
        }

        ConnectionState state = _isConnected ? ConnectionState.Connected : ConnectionState.Opening;
        MalformedReason reason = SessionRules.CheckFromServer(state, frame.Type, Level);
        Judge(reason == MalformedReason.None ? OnOther(frame) : reason);
    }

    /// <inheritdoc/>
    public async ValueTask PauseAsync()
    {
        _watch.OnPaused();
        try
        {
            await _parts.Inflow.WaitUntilAppendedAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The connection ends; its block waits for the next one.
        }
        finally
        {
            _parts.Canary.OnResumed();
            _watch.OnResumed();
        }
    }

    /// <summary>The connection is over; a late <see cref="Stop"/> does nothing.</summary>
    public void Dispose()
    {
        lock (_stopping)
        {
            _isOver = true;
            _stopping.Dispose();
        }
    }

    private async Task<LinkEnd> PumpAsync()
    {
        using var framer = new FramerState(Math.Max(PacketBytesFramed, _options.PacketBytesMax));
        try
        {
            PumpEnd end = await PacketPump.RunAsync(_transport.Input, framer, this);
            return new LinkEnd(LinkEndKind.Closed, end == PumpEnd.Truncated
                ? "the broker closed the connection inside a packet"
                : "the broker closed the connection");
        }
        catch (Exception broken) when (IsOfTransport(broken))
        {
            return new LinkEnd(LinkEndKind.Closed, $"the connection broke: {broken.Message}");
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _outbox.RunAsync(_transport.Output, cancellationToken);
        }
        catch (Exception broken) when (IsOfTransport(broken))
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                Stop(new LinkEnd(LinkEndKind.Closed, $"the connection broke: {broken.Message}"));
            }
        }
    }

    private static bool IsOfTransport(Exception cause) =>
        cause is IOException or OperationCanceledException or WebSocketException or InvalidOperationException;

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(_watch.LookEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                CheckTime();
                timer.Period = _watch.LookEvery;
            }
        }
        catch (OperationCanceledException)
        {
            // The connection is over.
        }
    }

    private void CheckTime()
    {
        if (!_isConnected || !_subscription.IsDone)
        {
            CheckOpening();
        }

        switch (_watch.Look(_outbox.Idle))
        {
            case LinkDuty.GiveUp:
                Stop(new LinkEnd(
                    LinkEndKind.Late,
                    $"no packet came within one and a half times the keep alive of {_watch.KeepAliveSeconds} s"));
                break;
            case LinkDuty.Ping when _isConnected:
                _outbox.Send(LinkPackets.Ping());
                break;
            case LinkDuty.None:
            case LinkDuty.Ping:
            default:
                break;
        }

        if (_isConnected && _subscription.IsDone && !_watch.IsPaused)
        {
            CheckCanary();
        }
    }

    private void CheckOpening()
    {
        double seconds = _time.GetElapsedTime(_openedAt).TotalSeconds;
        if (seconds > _options.ConnectTimeoutSeconds && !_watch.IsPaused)
        {
            string awaited = _isConnected ? "SUBACK" : "CONNACK";
            Stop(new LinkEnd(
                LinkEndKind.Late, $"no {awaited} came within {_options.ConnectTimeoutSeconds} s of the connection"));
        }
    }

    private void CheckCanary()
    {
        if (_parts.Canary.IsOverdue(Volatile.Read(ref _lastMessageAt)))
        {
            Stop(new LinkEnd(
                LinkEndKind.Silent,
                $"connected but silent: the canary did not come back within {_options.CanarySeconds * 2} s"));
        }
        else if (_parts.Canary.IsDue())
        {
            _canaryIdentifier = _canaryIdentifier == ushort.MaxValue
                ? CanaryIdentifierFirst
                : (ushort)(_canaryIdentifier + 1);
            byte[] canary = _parts.Canary.Render(Level, _canaryQos, _canaryIdentifier);
            if (canary.Length <= _packetBytesMax)
            {
                _outbox.Send(canary);
            }
            else if (_parts.Canary.Refuse($"it has {canary.Length} bytes, the broker takes {_packetBytesMax}"))
            {
                BrokerClientLog.CanaryOff(_parts.Log, _options.Name, _options.CanaryTopic, _parts.Canary.State);
            }
        }
    }

    private MalformedReason OnOther(PacketFrame frame) => frame.Type switch
    {
        PacketType.ConnAck => OnConnAck(frame),
        PacketType.SubAck => OnSubAck(frame),
        PacketType.PubAck => OnPubAck(frame),
        PacketType.PubRel => OnPubRel(frame),
        PacketType.PubRec when Level >= ProtocolLevel.V50 => OnPubRec(frame),
        PacketType.UnsubAck => OnUnsubAck(frame),
        PacketType.PingResp => MalformedReason.None,
        PacketType.Disconnect => OnDisconnect(frame),
        _ => MalformedReason.PacketNotExpected,
    };

    private MalformedReason OnConnAck(PacketFrame frame)
    {
        // A broker that does not know 5.0 answers in 3.1.1: two bytes, without properties.
        ProtocolLevel level = frame.Body.Length == 2 ? ProtocolLevel.V311 : Level;
        if (!ConnAckView.TryRead(frame, level, out ConnAckView ack, out MalformedReason reason))
        {
            return reason;
        }

        if (ack.ReasonCode == ReasonCode.Success)
        {
            return level == Level ? Accept(ack) : MalformedReason.PacketTooShort;
        }

        bool isLevel = ack.ReasonCode == ReasonCode.UnsupportedProtocolVersion;
        Stop(new LinkEnd(
            isLevel ? LinkEndKind.ProtocolUnsupported : LinkEndKind.Refused,
            $"the broker refuses the connection: {ack.ReasonCode}{ReasonText(ack.Properties)}"));
        return MalformedReason.None;
    }

    private MalformedReason Accept(in ConnAckView ack)
    {
        _watch.KeepAliveSeconds = (ushort)PropertyReader.FindNumber(
            ack.Properties, PropertyId.ServerKeepAlive, _watch.KeepAliveSeconds);
        _canaryQos = (byte)Math.Min(1, PropertyReader.FindNumber(ack.Properties, PropertyId.MaximumQos, 2));
        _packetBytesMax = PropertyReader.FindNumber(ack.Properties, PropertyId.MaximumPacketSize, int.MaxValue);
        _parts.Tally.OnConnected();
        _parts.Status.Speak(Level);
        _parts.Canary.OnConnected();
        if (!ack.SessionPresent)
        {
            _parts.Inflow.OnSessionLost();
        }

        _isConnected = true;
        byte[]? subscribe = _subscription.Begin(ack);
        _parts.Status.Enter(subscribe is null ? BrokerClientState.Connected : BrokerClientState.Subscribing);
        if (subscribe?.Length > _packetBytesMax)
        {
            Stop(new LinkEnd(
                LinkEndKind.Refused,
                $"cannot subscribe: SUBSCRIBE has {subscribe.Length} bytes, the broker takes {_packetBytesMax}; "
                + "configure fewer or shorter filters"));
        }
        else if (subscribe is not null)
        {
            _outbox.Send(subscribe);
        }

        BrokerClientLog.Connected(
            _parts.Log, _options.Name, _options.Url, _parts.Status.Now.Protocol, ack.SessionPresent);
        return MalformedReason.None;
    }

    private MalformedReason OnSubAck(PacketFrame frame)
    {
        if (SubAckView.TryRead(frame, Level, out SubAckView ack, out MalformedReason reason))
        {
            _subscription.OnSubAck(ack);
            _presence.OnSubscribed(_subscription.IsGranted);
            _parts.Status.Enter(BrokerClientState.Connected);
        }

        return reason;
    }

    private MalformedReason OnPubAck(PacketFrame frame)
    {
        bool isRead = AckView.TryRead(frame, Level, out AckView ack, out MalformedReason reason);
        if (isRead)
        {
            _presence.OnAcknowledged(ack);
        }

        if (isRead && _parts.Canary.OnAcknowledged(ack.PacketIdentifier, ack.ReasonCode))
        {
            BrokerClientLog.CanaryOff(_parts.Log, _options.Name, _options.CanaryTopic, _parts.Canary.State);
        }

        return reason;
    }

    private MalformedReason OnPubRel(PacketFrame frame)
    {
        if (AckView.TryRead(frame, Level, out AckView release, out MalformedReason reason))
        {
            _parts.Inflow.OnRelease(release.PacketIdentifier);
            Span<byte> answer = stackalloc byte[AckView.SuccessBytes];
            AckView.WriteSuccess(answer, PacketType.PubComp, release.PacketIdentifier);
            _outbox.Send(answer);
        }

        return reason;
    }

    /// <summary>
    /// Nothing is sent from here with QoS 2, but the session may be older than this process: what somebody began under
    /// our client identifier is let go, or the broker would wait for it for ever (MQTT 5 §4.4).
    /// </summary>
    private MalformedReason OnPubRec(PacketFrame frame)
    {
        if (AckView.TryRead(frame, Level, out AckView received, out MalformedReason reason)
            && received.ReasonCode < ReasonCode.UnspecifiedError)
        {
            Span<byte> answer = stackalloc byte[AckView.SuccessBytes];
            AckView.WriteSuccess(answer, PacketType.PubRel, received.PacketIdentifier);
            _outbox.Send(answer);
        }

        return reason;
    }

    /// <summary>We never unsubscribe: an answer to it says nothing to us, and harms nobody.</summary>
    private MalformedReason OnUnsubAck(PacketFrame frame)
    {
        _ = UnsubAckView.TryRead(frame, Level, out _, out MalformedReason reason);
        return reason;
    }

    private MalformedReason OnDisconnect(PacketFrame frame)
    {
        if (DisconnectView.TryRead(frame, Level, out DisconnectView disconnect, out MalformedReason reason))
        {
            string taken = disconnect.ReasonCode == ReasonCode.SessionTakenOver
                ? "; another client uses the same client identifier"
                : "";
            Stop(new LinkEnd(
                LinkEndKind.Refused,
                $"the broker disconnects: {disconnect.ReasonCode}{ReasonText(disconnect.Properties)}{taken}"));
        }

        return reason;
    }

    /// <summary>
    /// Lets the acknowledgements that become legal soon leave: fewer messages come twice. Then DISCONNECT; the session
    /// stays.
    /// </summary>
    private async Task TakeLeaveAsync()
    {
        long start = _time.GetTimestamp();
        bool hasSaidGoodbye = false;
        while (_time.GetElapsedTime(start) < LeavePatience && !(hasSaidGoodbye && _outbox.IsEmpty))
        {
            if (!hasSaidGoodbye && _outbox.AckCount == 0)
            {
                _presence.OnLeaving();
                _outbox.Send(LinkPackets.Disconnect(Level));
                hasSaidGoodbye = true;
            }

            await Task.Delay(LeaveLook, _time);
        }
    }

    private void Judge(MalformedReason reason)
    {
        if (reason != MalformedReason.None)
        {
            OnMalformed(reason);
        }
    }

    private static string ReasonText(ReadOnlySpan<byte> properties) =>
        PropertyReader.TryFind(properties, PropertyId.ReasonString, out PropertyView text)
            ? $", \"{System.Text.Encoding.UTF8.GetString(text.Value)}\""
            : "";
}
