using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The client of one external broker, for as long as the service runs: connect, subscribe, take in, acknowledge behind
/// the commit, and when the connection is lost, wait and begin again. The client identifier never changes, so the
/// broker keeps what comes meanwhile.
/// </summary>
public sealed class BrokerClient
{
    private readonly BrokerClientParts _parts;
    private readonly BrokerClientOptions _options;
    private readonly IBrokerDialer _dialer;
    private readonly ReconnectDelay _delay;
    private readonly ProtocolChoice _protocol;
    private volatile BrokerLink? _link; // the connection there is now
    private bool _subscribesAnyway = true; // the filters may have changed since the session was made
    private bool _isKnownAway;
    private bool _triesOtherLevel; // it has been said
    private int _attempts;

    /// <param name="options">Which broker, and how.</param>
    /// <param name="intake">Where its messages go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Makes the pauses of several clients differ; this client's own.</param>
    /// <param name="log">Says what happens.</param>
    public BrokerClient(
        BrokerClientOptions options, IIntake intake, TimeProvider time, Random random, ILogger log)
        : this(options, intake, new BrokerDialer(options), time, random, log)
    {
    }

    internal BrokerClient(
        BrokerClientOptions options,
        IIntake intake,
        IBrokerDialer dialer,
        TimeProvider time,
        Random random,
        ILogger log)
    {
        _options = options;
        _dialer = dialer;
        _delay = new ReconnectDelay(random);
        _protocol = new ProtocolChoice(options.Protocol);
        var tally = new BrokerTally();
        var canary = new Canary(options.CanaryTopic, options.CanarySeconds, time);
        var inflow = new BrokerInflow(intake.Open(options.Name, identity: null), options, tally, canary, time, log);
        _parts = new BrokerClientParts(options, inflow, canary, tally, new BrokerStatus(time), time, log);
    }

    /// <summary>What logs, status and gateway keys call it.</summary>
    public string Name => _options.Name;

    /// <summary>
    /// Sends a message with QoS 0, which may be lost; false while there is no connection. Any thread may call it.
    /// </summary>
    public bool TryPublish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload) =>
        _link is { } link && link.TryPublish(topic, payload);

    /// <summary>Runs until cancelled, and takes leave of the broker then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                // What an earlier connection left is first: one client's messages stay in order.
                await _parts.Inflow.WaitUntilAppendedAsync(cancellationToken);
                long start = _parts.Time.GetTimestamp();
                LinkEnd end = await ConnectOnceAsync(cancellationToken);
                if (end.Kind != LinkEndKind.Stopped)
                {
                    if (_parts.Time.GetElapsedTime(start) >= ReconnectDelay.StableAfter)
                    {
                        _delay.Reset();
                    }

                    await PauseAsync(end, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The service ends.
        }

        _parts.Status.Enter(BrokerClientState.Stopped);
    }

    /// <summary>What the status page shows.</summary>
    public BrokerClientSnapshot Snapshot()
    {
        BrokerTally tally = _parts.Tally;
        (BrokerClientState state, DateTimeOffset since, string protocol, string lastError) = _parts.Status.Now;
        return new BrokerClientSnapshot(
            _options.Name,
            _options.Url.OriginalString,
            _options.ClientIdentifier,
            state,
            since,
            protocol,
            tally.Connects,
            tally.Messages,
            tally.Duplicates,
            tally.Own,
            tally.Oversized,
            tally.Acknowledged,
            tally.LastMessage,
            _parts.Canary.State,
            _parts.Canary.Age,
            tally.Silences,
            lastError);
    }

    private async Task<LinkEnd> ConnectOnceAsync(CancellationToken cancellationToken)
    {
        _parts.Status.Enter(BrokerClientState.Connecting);
        ProtocolLevel level = _protocol.Next;
        IBrokerTransport transport;
        using var patience = new CancellationTokenSource(
            TimeSpan.FromSeconds(_options.ConnectTimeoutSeconds), _parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            transport = await _dialer.DialAsync(either.Token);
        }
        catch (Exception cause) when (cause is IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new LinkEnd(LinkEndKind.Late, cause is IOException
                ? cause.Message
                : $"no connection came about within {_options.ConnectTimeoutSeconds} s");
        }

        await using (transport)
        {
            using var link = new BrokerLink(_parts, transport, level, _subscribesAnyway);
            using CancellationTokenRegistration stopping = cancellationToken.Register(
                () => link.Stop(new LinkEnd(LinkEndKind.Stopped, "the service ends")));
            _link = link;
            LinkEnd end = await link.RunAsync();
            _link = null;
            Learn(link, end);
            return end;
        }
    }

    private void Learn(BrokerLink link, LinkEnd end)
    {
        _triesOtherLevel = false;
        if (link.IsConnected)
        {
            _protocol.OnAccepted(link.Level);
            _subscribesAnyway = end.Kind == LinkEndKind.Silent || !link.IsSubscribed;
            _isKnownAway = false;
        }
        else if (end.Kind == LinkEndKind.ProtocolUnsupported
            ? _protocol.OnUnsupported(link.Level)
            : end.Kind == LinkEndKind.Closed && _protocol.OnClosed(link.Level))
        {
            _triesOtherLevel = true;
            string level = link.Level == ProtocolLevel.V50 ? "5.0" : "3.1.1";
            BrokerClientLog.OtherLevelNext(_parts.Log, _options.Name, _options.Url, level, end.Text);
        }

        bool isCanaryOff = end.IsByBroker && _parts.Canary.OnClosedByBroker();
        if (end.Kind == LinkEndKind.Silent)
        {
            _parts.Tally.OnSilence();
            isCanaryOff = _parts.Canary.OnSilence();
        }

        if (isCanaryOff)
        {
            BrokerClientLog.CanaryOff(_parts.Log, _options.Name, _options.CanaryTopic, _parts.Canary.State);
        }
    }

    private async Task PauseAsync(LinkEnd end, CancellationToken cancellationToken)
    {
        // A broker that only lacks a level is there; at most one attempt in two goes without a pause.
        TimeSpan pause = _triesOtherLevel ? TimeSpan.Zero : _delay.Next();
        _parts.Status.Fail(end.Text);
        _parts.Status.Enter(BrokerClientState.Waiting);
        if (_isKnownAway || _triesOtherLevel)
        {
            BrokerClientLog.StillAway(
                _parts.Log, _options.Name, _options.Url, end.Text, ++_attempts, pause.TotalSeconds);
        }
        else
        {
            _isKnownAway = true;
            _attempts = 0;
            BrokerClientLog.Lost(
                _parts.Log, _options.Name, _options.Url, end.Text, _parts.Tally.Messages, pause.TotalSeconds);
        }

        await Task.Delay(pause, _parts.Time, cancellationToken);
    }
}
