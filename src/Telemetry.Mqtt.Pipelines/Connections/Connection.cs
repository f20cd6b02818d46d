using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// One peer: what its packets mean in the state it is in. The pump calls it on one thread at a time; only
/// <see cref="Stop"/>, <see cref="CheckTime"/> and <see cref="Snapshot"/> may come from elsewhere. How it opens and
/// ends stands in <see cref="ConnectionLife"/>.
/// </summary>
internal sealed class Connection : IPacketReceiver, IThreadPoolWorkItem, IDisposable
{
    private readonly ConnectionParts _parts;
    private readonly PipeReader _input;
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _openedAt;
    private ConnectTerms? _terms;
    private PublishInflow? _inflow;
    private SubscriptionExchange? _subscriptions;
    private Subscriber? _subscriber;
    private DateTimeOffset _connectedSince;
    private long _lastPacketAt;
    private long _bytesIn;
    private int _stopReason; // reason code from another thread; 0 for none
    private bool _isOver;
    private volatile bool _isStopped;
    private volatile bool _isPaused;

    public Connection(ConnectionContext transport, ConnectionParts parts)
    {
        _parts = parts;
        _input = transport.Transport.Input;
        RemoteAddress = transport.RemoteEndPoint?.ToString() ?? string.Empty;
        Outbox = new PacketOutbox(
            transport.Transport.Output, parts.Options, parts.Metrics, parts.Time, () => Stop(ReasonCode.Success));
        _openedAt = parts.Time.GetTimestamp();
        _lastPacketAt = _openedAt;
    }

    /// <summary>What goes to the peer.</summary>
    public PacketOutbox Outbox { get; }

    /// <summary>Address and port of the peer.</summary>
    public string RemoteAddress { get; }

    /// <summary>The client identifier; empty before CONNECT was accepted.</summary>
    public string ClientIdentifier => _terms?.ClientIdentifier ?? string.Empty;

    /// <summary>The protocol level to answer in.</summary>
    public ProtocolLevel Level { get; private set; } = ProtocolLevel.V311;

    /// <summary>True once a CONNACK said success.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Why the connection is refused; unset when it is not.</summary>
    public Refusal Refusal { get; private set; }

    /// <summary>The will; null when there is none, or a DISCONNECT took it back [MQTT-3.1.2-10].</summary>
    public WillMessage? Will { get; private set; }

    /// <summary>The way of its PUBLISH packets; null before CONNECT was accepted.</summary>
    public PublishInflow? Inflow => _inflow;

    /// <summary>What the broker knows it by. The connection must be connected.</summary>
    public Subscriber Subscriber => _subscriber ?? throw new InvalidOperationException("BUG: not connected");

    /// <inheritdoc/>
    public bool IsStopped => _isStopped;

    /// <inheritdoc/>
    public bool MustPause => (_inflow is not null && _inflow.IsWaiting) || Outbox.IsCongested;

    /// <summary>Ends the connection from any thread, also from under a lock: marks and returns at once.</summary>
    /// <param name="reason">What an MQTT 5 peer is told; success when there is nobody left to tell.</param>
    public void Stop(ReasonCode reason)
    {
        Interlocked.CompareExchange(ref _stopReason, (int)reason, 0);
        _isStopped = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_stopping)
        {
            if (!_isOver)
            {
                _ = _stopping.CancelAsync(); // what waits goes on elsewhere, not under this lock
                _input.CancelPendingRead();
            }
        }
    }

    /// <summary>Looks at the time limits; called by the sweep.</summary>
    public void CheckTime()
    {
        if (!IsConnected)
        {
            bool isLate = _parts.Time.GetElapsedTime(_openedAt).TotalSeconds > _parts.Options.ConnectTimeoutSeconds;
            if (isLate && !_isStopped)
            {
                Stop(ReasonCode.MaximumConnectTime);
            }

            return;
        }

        TimeSpan silence = _parts.Time.GetElapsedTime(Volatile.Read(ref _lastPacketAt));
        if (!_isPaused && !_isStopped && KeepAlive.IsExceeded(_terms!.KeepAliveSeconds, silence))
        {
            Stop(ReasonCode.KeepAliveTimeout);
        }
    }

    /// <summary>What the status page shows. The connection must be connected.</summary>
    public ConnectionSnapshot Snapshot() => new(
        ClientIdentifier,
        _terms?.UserName,
        RemoteAddress,
        (int)Level,
        _connectedSince,
        _parts.Time.GetUtcNow() - _parts.Time.GetElapsedTime(Volatile.Read(ref _lastPacketAt)),
        _inflow?.MessagesIn ?? 0,
        Interlocked.Read(ref _bytesIn),
        Subscriber.Subscriptions.Count);

    /// <summary>Takes a refusal that came from another thread, if there is none yet.</summary>
    public void TakeStopReason()
    {
        int reason = Volatile.Read(ref _stopReason);
        if (reason != 0 && !Refusal.IsSet)
        {
            Refusal = Refusal.Of((ReasonCode)reason);
        }
    }

    /// <inheritdoc/>
    public void OnReadStart()
    {
        Volatile.Write(ref _lastPacketAt, _parts.Time.GetTimestamp());
        _inflow?.OnReadStart();
    }

    /// <inheritdoc/>
    public void OnReadEnd(long consumedBytes)
    {
        Interlocked.Add(ref _bytesIn, consumedBytes);
        _parts.Metrics.OnBytesReceived(consumedBytes);
        _inflow?.OnReadEnd();
    }

    /// <inheritdoc/>
    public void OnMalformed(MalformedReason reason) => Refuse(Refusal.Of(reason));

    /// <inheritdoc/>
    public void OnPacket(PacketFrame frame)
    {
        // Fast path: the only packet that comes by the hundred thousand.
        if (frame.Type == PacketType.Publish && IsConnected)
        {
            Refusal refusal = _inflow!.OnPublish(frame);
            if (refusal.IsSet)
            {
                Refuse(refusal);
            }

            return;
        }

        _parts.Metrics.OnReceived(frame.Type, 1);
        ConnectionState state = IsConnected ? ConnectionState.Connected : ConnectionState.Opening;
        MalformedReason reason = SessionRules.CheckFromClient(state, frame.Type, Level);
        Refuse(reason == MalformedReason.None ? OnOther(frame) : Refusal.Of(reason));
    }

    /// <inheritdoc/>
    public async ValueTask PauseAsync()
    {
        _isPaused = true;
        try
        {
            if (_inflow is not null)
            {
                await _inflow.WaitUntilAppendedAsync(_stopping.Token);
            }

            await Outbox.WaitUntilDrainedAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            _isStopped = true; // whoever cancelled has set the reason
        }
        finally
        {
            Volatile.Write(ref _lastPacketAt, _parts.Time.GetTimestamp());
            _isPaused = false;
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

    private Refusal OnOther(PacketFrame frame) => frame.Type switch
    {
        PacketType.Connect => OnConnect(frame),
        PacketType.PubAck => OnPubAck(frame),
        PacketType.Subscribe => _subscriptions!.OnSubscribe(frame),
        PacketType.Unsubscribe => _subscriptions!.OnUnsubscribe(frame),
        PacketType.PingReq => OnPing(frame),
        PacketType.Disconnect => OnDisconnect(frame),
        PacketType.Auth => Refusal.Of(ReasonCode.BadAuthenticationMethod), // none was agreed [MQTT-4.12.0-7]
        _ => Refusal.Of(MalformedReason.PacketNotExpected), // QoS 2 is not granted, so nothing of it is in flight
    };

    private Refusal OnConnect(PacketFrame frame)
    {
        bool isRead = ConnectView.TryRead(frame, out ConnectView connect, out MalformedReason reason);
        Level = connect.Level;
        if (!isRead)
        {
            return Refusal.Of(reason);
        }

        Refusal refusal = ConnectTerms.Judge(connect, _parts.Options, _parts.Authenticator, out ConnectTerms? terms);
        return refusal.IsSet ? refusal : Admit(terms!, connect.ClientIdentifier);
    }

    private Refusal Admit(ConnectTerms terms, ReadOnlySpan<byte> clientIdentifier)
    {
        byte[] name = clientIdentifier.IsEmpty
            ? Encoding.UTF8.GetBytes(terms.ClientIdentifier)
            : clientIdentifier.ToArray();
        _terms = terms;
        _subscriber = new Subscriber(name, Outbox, Stop);
        _connectedSince = _parts.Time.GetUtcNow();
        Outbox.Agree(terms.Delivery);
        IConnectionIntake intake = _parts.Intake.Open(terms.ClientIdentifier, terms.UserName);
        if (!_parts.Broker.TryAdmit(this))
        {
            return Refusal.Of(ReasonCode.ServerBusy);
        }

        _inflow = new PublishInflow(intake, Outbox, Level, _parts.Options, _parts.Metrics, _parts.Time);
        _subscriptions = new SubscriptionExchange(_parts.Broker, _subscriber, Level, _parts.Options, _parts.Metrics);
        Will = terms.Will;
        IsConnected = true;
        _parts.Metrics.OnConnected();
        MqttLog.Connected(_parts.Log, terms.ClientIdentifier, RemoteAddress, (int)Level);
        Outbox.Send(terms.RenderConnAck(_parts.Options));
        return Refusal.None;
    }

    private Refusal OnPubAck(PacketFrame frame)
    {
        if (!AckView.TryRead(frame, Level, out AckView ack, out MalformedReason reason))
        {
            return Refusal.Of(reason);
        }

        if (!Outbox.OnAcknowledged(ack.PacketIdentifier))
        {
            _parts.Metrics.OnUnknownAcknowledgement();
        }

        return Refusal.None;
    }

    private Refusal OnPing(PacketFrame frame)
    {
        if (!PingView.TryRead(frame, out _, out MalformedReason reason))
        {
            return Refusal.Of(reason);
        }

        Span<byte> answer = stackalloc byte[PingView.PacketBytes];
        PingView.Write(answer, PacketType.PingResp);
        Outbox.Send(answer);
        return Refusal.None;
    }

    private Refusal OnDisconnect(PacketFrame frame)
    {
        if (!DisconnectView.TryRead(frame, Level, out DisconnectView disconnect, out MalformedReason reason))
        {
            return Refusal.Of(reason);
        }

        if (disconnect.ReasonCode == ReasonCode.Success)
        {
            Will = null;
        }

        _isStopped = true;
        return Refusal.None;
    }

    private void Refuse(Refusal refusal)
    {
        if (refusal.IsSet)
        {
            Refusal = refusal;
            _isStopped = true;
        }
    }
}
