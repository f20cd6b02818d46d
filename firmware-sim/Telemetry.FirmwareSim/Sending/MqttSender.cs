using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Telemetry.Model;
using Telemetry.Mqtt;

namespace Telemetry.FirmwareSim;

/// <summary>
/// Sends the payloads of one gateway at QoS 1 when their time has come, with a bounded number of them unacknowledged.
/// After an outage it sends what waited and then what came up meanwhile, with its true times, up to a ceiling of age.
/// </summary>
internal sealed class MqttSender(
    Gateway gateway,
    GatewayOutbox outbox,
    SimulatorOptions options,
    MineClock clock,
    TimeProvider time,
    ILogger log)
{
    private const double BackoffSecondsMin = 0.25;
    private const double BackoffSecondsMax = 15;
    private const int DupFlag = 0x08; // MQTT 5 §3.3.1.1
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(MqttLink.KeepAliveSeconds / 2.0);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(MqttLink.KeepAliveSeconds * 1.5);
    private static readonly TimeSpan BacklogMax = TimeSpan.FromHours(1); // of real time

    private readonly Lock _lock = new();
    private readonly InFlightWindow _inFlight = new(options.InFlightMax);
    private readonly Queue<ushort> _repeats = []; // lost their acknowledgement; guarded by the lock
    private TaskCompletionSource? _room; // completed when an acknowledgement comes; guarded by the lock
    private volatile bool _isConnected;
    private long _lastReceived;
    private long _sentCount;
    private long _sampleCount;
    private long _acknowledgedCount;
    private long _connectCount;
    private long _skippedCount;
    private long _repeatedCount;

    /// <summary>How it fares now.</summary>
    public GatewayStatus Status => new(
        gateway.Id,
        _isConnected,
        Interlocked.Read(ref _sentCount),
        Interlocked.Read(ref _sampleCount),
        Interlocked.Read(ref _acknowledgedCount),
        Interlocked.Read(ref _connectCount),
        Interlocked.Read(ref _skippedCount),
        Interlocked.Read(ref _repeatedCount),
        outbox.Counts);

    /// <summary>Connects and sends until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        int failureCount = 0;
        while (!cancellation.IsCancellationRequested)
        {
            long connectCount = Interlocked.Read(ref _connectCount);
            try
            {
                await ConverseAsync(cancellation);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                failureCount = Interlocked.Read(ref _connectCount) > connectCount ? 0 : failureCount + 1;
                if (failureCount <= 1)
                {
                    log.GatewayLost(gateway.Id, e.Message);
                }

                await Task.Delay(BackoffAfter(failureCount), time, cancellation);
            }
            finally
            {
                _isConnected = false;
            }
        }
    }

    /// <summary>Doubles with every failure; gateways differ, so that they do not come back all at once.</summary>
    private TimeSpan BackoffAfter(int failureCount)
    {
        double jitter = 0.5 + SeededNoise.Uniform(options.Seed, SeededNoise.StreamOf(gateway.Id), failureCount);
        double seconds = BackoffSecondsMin * Math.Pow(2, Math.Min(failureCount, 10)) * jitter;
        return TimeSpan.FromSeconds(Math.Min(BackoffSecondsMax, seconds));
    }

    private async Task ConverseAsync(CancellationToken cancellation)
    {
        using var link = new MqttLink();
        await link.OpenAsync(options, gateway.Id, cancellation);
        Interlocked.Increment(ref _connectCount);
        _isConnected = true;
        Volatile.Write(ref _lastReceived, time.GetTimestamp());
        log.GatewayConnected(gateway.Id);

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task receiving = ReceiveAllAsync(link, ended.Token);
        Task sending = SendAllAsync(link, ended.Token);
        Task first = await Task.WhenAny(receiving, sending);
        await ended.CancelAsync();
        await Task.WhenAll(receiving, sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first; // what ended the conversation first is the cause
    }

    private async Task ReceiveAllAsync(MqttLink link, CancellationToken cancellation)
    {
        while (true)
        {
            Received received = await link.ReceiveAsync(cancellation);
            Volatile.Write(ref _lastReceived, time.GetTimestamp());
            if (received.Type == PacketType.PubAck && Release(received.PacketIdentifier))
            {
                Interlocked.Increment(ref _acknowledgedCount);
            }
        }
    }

    private async Task SendAllAsync(MqttLink link, CancellationToken cancellation)
    {
        Repeat(link);
        await link.FlushAsync(cancellation);
        long lastSent = time.GetTimestamp();
        while (true)
        {
            SkipWhatIsTooOld();
            bool isWaitingForRoom = AddAllDue(link, out bool isAnyAdded);
            if (!isAnyAdded && time.GetElapsedTime(lastSent) >= PingAfter)
            {
                link.AddEmpty(PacketType.PingReq);
                isAnyAdded = true;
            }

            if (isAnyAdded)
            {
                await link.FlushAsync(cancellation);
                lastSent = time.GetTimestamp();
            }

            if (time.GetElapsedTime(Volatile.Read(ref _lastReceived)) > SilenceMax)
            {
                throw new IOException($"the server was silent for {SilenceMax.TotalSeconds} s");
            }

            await WaitAsync(isWaitingForRoom, cancellation);
        }
    }

    /// <summary>Sends again what the last connection left unacknowledged.</summary>
    private void Repeat(MqttLink link)
    {
        lock (_lock)
        {
            _repeats.Clear();
            foreach (WaitingPacket waiting in _inFlight.Waiting())
            {
                Repeat(link, waiting);
            }
        }
    }

    private void Repeat(MqttLink link, in WaitingPacket waiting)
    {
        waiting.Packet.Span[0] |= DupFlag;
        link.Add(waiting.Packet.Span);
        Interlocked.Increment(ref _repeatedCount);
        options.Ledger?.OnRepeated(gateway.Id, waiting.Number);
    }

    private void SkipWhatIsTooOld()
    {
        double oldest = BacklogMax.TotalSeconds * options.SpeedFactor * Timestamp.NanosecondsPerSecond;
        Interlocked.Add(ref _skippedCount, outbox.SkipTo(clock.Now - (long)oldest));
    }

    /// <summary>Adds what is due; true when the window, not the clock, ended it.</summary>
    private bool AddAllDue(MqttLink link, out bool isAnyAdded)
    {
        isAnyAdded = false;
        long now = clock.Now;
        lock (_lock)
        {
            while (_repeats.TryDequeue(out ushort identifier))
            {
                Repeat(link, _inFlight[identifier]);
                isAnyAdded = true;
            }

            while (!_inFlight.IsFull && !link.IsBatchFull)
            {
                if (!outbox.TryNext(now, out GatewayPayload payload))
                {
                    return false;
                }

                Add(link, payload);
                isAnyAdded = true;
            }

            return _inFlight.IsFull;
        }
    }

    private void Add(MqttLink link, in GatewayPayload payload)
    {
        var publish = new PublishView { Topic = payload.Topic, Payload = payload.Body, Qos = 1, PacketIdentifier = 1 };
        ushort identifier = _inFlight.Take(
            publish.Measure(MqttLink.Level), payload.Origin.Number, payload.LosesAcknowledgement,
            out Memory<byte> packet);
        publish = new PublishView
        {
            Topic = payload.Topic,
            Payload = payload.Body,
            Qos = 1,
            PacketIdentifier = identifier,
        };
        publish.Write(packet.Span, MqttLink.Level);
        link.Add(packet.Span);
        Interlocked.Increment(ref _sentCount);
        Interlocked.Add(ref _sampleCount, payload.SampleCount);
    }

    private bool Release(ushort identifier)
    {
        lock (_lock)
        {
            bool isLost = _inFlight.TryLoseAcknowledgement(identifier);
            if (isLost)
            {
                _repeats.Enqueue(identifier);
            }

            bool isReleased = !isLost && _inFlight.Release(identifier);
            if (isLost || isReleased)
            {
                _room?.TrySetResult(); // a repetition wants to be sent, though no room has come
                _room = null;
            }

            return isReleased;
        }
    }

    private async Task WaitAsync(bool isWaitingForRoom, CancellationToken cancellation)
    {
        if (isWaitingForRoom)
        {
            await WaitForRoomAsync(cancellation);
            return;
        }

        TimeSpan untilNext = clock.Until(outbox.NextTime);
        TimeSpan wait = untilNext < PingAfter ? untilNext : PingAfter;
        if (wait > TimeSpan.Zero)
        {
            // A timer may fire a little early; a whole millisecond more keeps it from doing so again and again.
            await Task.Delay(wait + TimeSpan.FromMilliseconds(1), time, cancellation);
        }
    }

    private async Task WaitForRoomAsync(CancellationToken cancellation)
    {
        Task room;
        lock (_lock)
        {
            if (!_inFlight.IsFull || _repeats.Count > 0)
            {
                return;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
        }

        await room.WaitAsync(PingAfter, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }
}
