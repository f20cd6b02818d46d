using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// One peer: what its packets mean in the state it is in. The pump calls it on one thread at a time; only
/// <see cref="Stop"/>, <see cref="CheckTime"/> and <see cref="Snapshot"/> may come from elsewhere. How it opens and
/// ends stands in <see cref="ConnectionLife"/>.
/// </summary>
internal sealed class Connection : IPacketReceiver, IOutboxOwner, IThreadPoolWorkItem, IDisposable
{
    private readonly ConnectionParts _parts;
    private readonly ConnectionContext _transport;
    private readonly PipeReader _input;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ReadPace _pace;
    private readonly long _openedAt;
    private Task _predecessorDetached = Task.CompletedTask; // of the connection whose client identifier it took
    private ConnectTerms? _asked; // CONNECT has been read and is not answered yet
    private string? _userName;
    private ushort _keepAliveSeconds;
    private PublishInflow? _inflow;
    private SubscriptionExchange? _subscriptions;
    private DeliveryExchange? _deliveries;
    private LiveSession? _session;
    private IClientRights? _rights;
    private TaskCompletionSource? _detached; // made for who waits: a take-over
    private DateTimeOffset _connectedSince;
    private long _lastPacketAt;
    private long _bytesIn;
    private int _stopReason; // reason code from another thread; 0 for none
    private bool _isOver;
    private bool _isDetached;
    private volatile bool _isStopped;
    private volatile bool _isPaused;
    private volatile bool _isAwaitingRoom;
    private volatile bool _isWoken; // the read in hand brings nothing: it is to try the block again

    public Connection(ConnectionContext transport, ConnectionParts parts)
    {
        _parts = parts;
        _transport = transport;
        _input = transport.Transport.Input;
        Outbox = new PacketOutbox(
            transport.Transport.Output, parts.Options, parts.Time, this);
        _pace = new ReadPace(parts.Options, parts.Time);
        _openedAt = parts.Time.GetTimestamp();
        _lastPacketAt = _openedAt;
    }

    /// <summary>What goes to the peer.</summary>
    public PacketOutbox Outbox { get; }

    /// <summary>Address and port of the peer.</summary>
    public string RemoteAddress => _transport.RemoteEndPoint?.ToString() ?? string.Empty;

    /// <summary>The client identifier; empty before CONNECT was read.</summary>
    public string ClientIdentifier { get; private set; } = string.Empty;

    /// <summary>Who it is by its credentials; null for an anonymous client.</summary>
    public string? Identity { get; private set; }

    /// <summary>Whether its credentials were accepted, and so its end is of interest.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>The protocol level to answer in.</summary>
    public ProtocolLevel Level { get; private set; } = ProtocolLevel.V311;

    /// <summary>True once a CONNACK said success.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Why the connection is refused; unset when it is not.</summary>
    public Refusal Refusal { get; private set; }

    /// <summary>The way in of its packets; null before CONNECT was accepted.</summary>
    public PublishInflow? Inflow => _inflow;

    /// <summary>Its session; null before CONNECT was accepted.</summary>
    public LiveSession? Session => _session;

    /// <summary>Whether the log has the begin of the session, so that its end belongs there too.</summary>
    public bool IsLogged { get; private set; }

    /// <summary>Completes when the session has been let go of and the last block is appended or given up.</summary>
    public Task Detached
    {
        get
        {
            lock (_stopping)
            {
                if (_isDetached)
                {
                    return Task.CompletedTask;
                }

                _detached ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _detached.Task;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsStopped => _isStopped;

    /// <inheritdoc/>
    public bool TakesPackets => !_isStopped && _asked is null && _inflow is not { IsFull: true };

    /// <inheritdoc/>
    public bool MustPause => _asked is not null || _inflow is { MustPause: true } || Outbox.IsCongested
        || _pace.IsTooFast;

    /// <summary>Ends the connection from any thread, also from under a lock: marks and returns at once.</summary>
    /// <param name="reason">What an MQTT 5 peer is told; success when there is nobody left to tell.</param>
    public void Stop(ReasonCode reason)
    {
        Interlocked.CompareExchange(ref _stopReason, (int)reason, 0);
        _isStopped = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    public void OnBroken() => Stop(ReasonCode.Success); // nobody is left to tell

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
        if (!_isPaused && !_isStopped && KeepAlive.IsExceeded(_keepAliveSeconds, silence))
        {
            Stop(ReasonCode.KeepAliveTimeout);
        }
    }

    /// <summary>What the status page shows. The connection must be connected.</summary>
    public ConnectionSnapshot Snapshot() => new(
        ClientIdentifier,
        _userName,
        RemoteAddress,
        (int)Level,
        _connectedSince,
        _parts.Time.GetUtcNow() - _parts.Time.GetElapsedTime(Volatile.Read(ref _lastPacketAt)),
        _inflow?.MessagesIn ?? 0,
        Interlocked.Read(ref _bytesIn),
        _session!.Granted.Count,
        _session.QueuedCount);

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
        if (_isWoken)
        {
            _isWoken = false;
        }
        else
        {
            Volatile.Write(ref _lastPacketAt, _parts.Time.GetTimestamp());
        }

        _inflow?.OnReadStart();
    }

    /// <inheritdoc/>
    public void OnReadEnd(long consumedBytes)
    {
        Interlocked.Add(ref _bytesIn, consumedBytes);
        _parts.Metrics.OnBytesReceived(consumedBytes);
        _inflow?.OnReadEnd();
        _pace.OnRead(consumedBytes, _inflow?.MessagesIn ?? 0);
        if (_inflow is { IsHeldUp: true } && !_isAwaitingRoom && !_isStopped)
        {
            _isAwaitingRoom = true;
            _ = WakeForRoomAsync(_stopping.Token);
        }
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
            if (_asked is not null)
            {
                await OpenAsync(_asked);
            }
            else if (_inflow is not null)
            {
                await _inflow.WaitUntilAppendedAsync(_stopping.Token);
            }

            await Outbox.WaitUntilDrainedAsync(_stopping.Token);
            if (_pace.IsTooFast)
            {
                _parts.Metrics.OnPacedRead();
                await _pace.WaitAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            _isStopped = true; // whoever cancelled has set the reason
        }
        finally
        {
            _asked = null;
            Volatile.Write(ref _lastPacketAt, _parts.Time.GetTimestamp());
            _isPaused = false;
        }
    }

    /// <summary>Answers a SUBSCRIBE or UNSUBSCRIBE that is now in effect. Any thread may call it.</summary>
    public void Answer(SubscriptionChange change, ReadOnlySpan<byte> codes)
    {
        Outbox.Send(change.RenderAnswer(codes, Level));
    }

    /// <summary>
    /// The session is free for the next connection, once the one before has let go of it too: this one may have been
    /// taken over while it still waited for that.
    /// </summary>
    public async Task DetachAsync()
    {
        await _predecessorDetached;
        lock (_stopping)
        {
            _isDetached = true;
            _detached?.TrySetResult();
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

    /// <summary>While a block is held up and nothing comes, the pump has to be woken to try it again.</summary>
    private async Task WakeForRoomAsync(CancellationToken stopping)
    {
        try
        {
            await _inflow!.WaitForRoomAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _isAwaitingRoom = false;
        _isWoken = true;
        lock (_stopping)
        {
            if (!_isOver)
            {
                _input.CancelPendingRead();
            }
        }
    }

    private Refusal OnOther(PacketFrame frame) => frame.Type switch
    {
        PacketType.Connect => OnConnect(frame),
        PacketType.PubAck or PacketType.PubRec or PacketType.PubComp => Deliveries().OnAcknowledgement(frame, Level),
        PacketType.PubRel => _inflow!.OnRelease(frame),
        PacketType.Subscribe => Subscriptions().OnSubscribe(frame, Level),
        PacketType.Unsubscribe => Subscriptions().OnUnsubscribe(frame, Level),
        PacketType.PingReq => OnPing(frame),
        PacketType.Disconnect => OnDisconnect(frame),
        PacketType.Auth => Refusal.Of(ReasonCode.BadAuthenticationMethod), // none was agreed [MQTT-4.12.0-7]
        _ => Refusal.Of(MalformedReason.PacketNotExpected),
    };

    private DeliveryExchange Deliveries() =>
        _deliveries ??= new DeliveryExchange(_session!, _inflow!, Outbox, _parts.Metrics);

    private SubscriptionExchange Subscriptions() =>
        _subscriptions ??= new SubscriptionExchange(this, _session!, _inflow!, _rights!, _parts.Options);

    private Refusal OnConnect(PacketFrame frame)
    {
        bool isRead = ConnectView.TryRead(frame, out ConnectView connect, out MalformedReason reason);
        Level = connect.Level;
        if (!isRead)
        {
            return Refusal.Of(reason);
        }

        Outbox.PacketBytesMax = ConnectTerms.PacketBytesMaxOf(connect);
        Refusal refusal = ConnectTerms.Judge(connect, _parts.Options, out _asked);
        ClientIdentifier = _asked?.ClientIdentifier ?? string.Empty;
        return refusal;
    }

    /// <summary>Answers CONNECT: who is it, and may it come in. What follows CONNECT waits unread.</summary>
    private async ValueTask OpenAsync(ConnectTerms terms)
    {
        Admission admission = await _parts.Authenticator.AuthenticateAsync(
            terms.CredentialsOver(_transport), _stopping.Token);
        terms.ForgetPassword();
        Identity = admission.Identity;
        IsAccepted = admission.Outcome == AuthenticationOutcome.Accepted;
        ReasonCode code = admission.Outcome switch
        {
            AuthenticationOutcome.Accepted => await AdmitAsync(terms, admission),
            AuthenticationOutcome.BadUserNameOrPassword => ReasonCode.BadUserNameOrPassword,
            AuthenticationOutcome.Busy => ReasonCode.ServerBusy,
            _ => ReasonCode.NotAuthorized,
        };
        Refuse(code == ReasonCode.Success ? Refusal.None : Refusal.Of(code));
    }

    /// <summary>
    /// Takes over the client identifier and the session. The connection that had them ends first, so that what it
    /// received last is known before the client sends it again.
    /// </summary>
    private async ValueTask<ReasonCode> AdmitAsync(ConnectTerms terms, Admission admission)
    {
        Broker broker = _parts.Broker;
        if (terms.Will is { } will && !admission.Rights.MayPublish(will.View().Topic))
        {
            return ReasonCode.NotAuthorized;
        }

        ReasonCode claimed = broker.Claim(this, _parts.Authenticator, out Connection? old, out TimeSpan delay);
        if (claimed != ReasonCode.Success)
        {
            return claimed;
        }

        // From here on the broker ends it when its identity is withdrawn: what came before that is looked for once.
        if (!admission.Rights.IsInForce)
        {
            return ReasonCode.NotAuthorized;
        }

        if (old is not null)
        {
            _predecessorDetached = old.Detached;
            await _predecessorDetached.WaitAsync(_stopping.Token);
            await Task.Delay(delay, _parts.Time, _stopping.Token);
        }

        (LiveSession? session, bool isPresent, bool hasEnded, SessionWill? lastWill) = broker.Attach(this, terms);
        _session = session;
        if (session is null)
        {
            return ReasonCode.QuotaExceeded;
        }

        await _parts.Intake.WaitForDurableAsync(session.HighestReceivedOffset(), _stopping.Token);
        IConnectionIntake intake = _parts.Intake.Open(terms.ClientIdentifier, admission.Identity);
        _userName = terms.UserName;
        _keepAliveSeconds = terms.KeepAliveSeconds;
        _connectedSince = _parts.Time.GetUtcNow();
        _inflow = new PublishInflow(intake, session, Outbox, admission.Rights, Level, _parts);
        _rights = admission.Rights;
        IsConnected = true;
        _parts.Metrics.OnConnected();
        MqttLog.Connected(_parts.Log, terms.ClientIdentifier, RemoteAddress, (int)Level);
        Outbox.Send(terms.RenderConnAck(isPresent, _parts.Options));
        session.Attach(Outbox, terms.Delivery);
        await NoteOpenedAsync(isPresent, hasEnded, lastWill);
        return ReasonCode.Success;
    }

    /// <summary>
    /// Writes down that the session began, if a restart has to know: it is kept, it has a will, or there was one that
    /// was kept, which would come back otherwise [MQTT-3.1.2-4].
    /// </summary>
    private async ValueTask NoteOpenedAsync(bool isPresent, bool hasEnded, SessionWill? lastWill)
    {
        if (lastWill is not null)
        {
            _inflow!.Add(lastWill); // of the session that this one replaces [MQTT-3.1.3-9]
        }

        ClientSession state = _session!.State;
        IsLogged = state.IsDurable || state.Will is not null || isPresent || hasEnded;
        if (IsLogged)
        {
            _inflow!.Add(
                SessionEventKind.Opened,
                SessionEventFormat.Opened(!isPresent, state.Owner, state.ExpirySeconds, state.Will));
        }


        _inflow!.OnReadEnd();
        await _inflow.WaitUntilAppendedAsync(_stopping.Token);
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

        uint expiry = PropertyReader.FindNumber(
            disconnect.Properties, PropertyId.SessionExpiryInterval, _session!.State.ExpirySeconds);
        if (expiry > 0 && !_session.State.IsDurable)
        {
            return Refusal.Of(ReasonCode.ProtocolError); // MQTT 5 §3.14.2.2.2
        }

        _session.State.ExpirySeconds = Math.Min(expiry, _parts.Options.SessionExpirySecondsMax);
        if (disconnect.ReasonCode == ReasonCode.Success)
        {
            _session.State.Will = null; // [MQTT-3.14.4-3]
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
