namespace Telemetry.Mqtt.Pipelines;

/// <summary>What the clock of a connection asks for.</summary>
internal enum LinkDuty
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A PINGREQ, so that both sides know that the other is there.</summary>
    Ping,

    /// <summary>The end: no packet came for too long.</summary>
    GiveUp,
}

/// <summary>
/// The clock of one connection, seen from the client: PINGREQ at three quarters of the keep alive without a packet in
/// either direction, the end at one and a half. Silence while this side does not read is not counted.
/// </summary>
internal sealed class LinkWatch
{
    private const int LooksPerKeepAlive = 16;
    private static readonly TimeSpan LookMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private long _lastPacketAt;
    private volatile bool _isPinged; // since the last packet
    private volatile bool _isPaused;

    public LinkWatch(TimeProvider time, ushort keepAliveSeconds)
    {
        _time = time;
        _lastPacketAt = time.GetTimestamp();
        KeepAliveSeconds = keepAliveSeconds;
    }

    /// <summary>The keep alive in force; a broker may set its own in CONNACK.</summary>
    public ushort KeepAliveSeconds { get; set; }

    /// <summary>True while this side does not read.</summary>
    public bool IsPaused => _isPaused;

    /// <summary>How often to look.</summary>
    public TimeSpan LookEvery
    {
        get
        {
            TimeSpan wanted = TimeSpan.FromSeconds((double)KeepAliveSeconds / LooksPerKeepAlive);
            return KeepAliveSeconds == 0 || wanted > LookMax ? LookMax : wanted < LookMin ? LookMin : wanted;
        }
    }

    /// <summary>Bytes have come.</summary>
    public void OnPacket()
    {
        Volatile.Write(ref _lastPacketAt, _time.GetTimestamp());
        _isPinged = false;
    }

    /// <summary>This side reads no more for a while.</summary>
    public void OnPaused() => _isPaused = true;

    /// <summary>This side reads again.</summary>
    public void OnResumed()
    {
        OnPacket();
        _isPaused = false;
    }

    /// <summary>What is due now.</summary>
    /// <param name="sendIdle">Time since this side sent anything.</param>
    public LinkDuty Look(TimeSpan sendIdle)
    {
        if (KeepAlive.PingAfter(KeepAliveSeconds) is not { } pingAfter)
        {
            return LinkDuty.None;
        }

        if (_isPaused)
        {
            return sendIdle >= pingAfter ? LinkDuty.Ping : LinkDuty.None;
        }

        TimeSpan silence = _time.GetElapsedTime(Volatile.Read(ref _lastPacketAt));
        if (KeepAlive.IsExceeded(KeepAliveSeconds, silence + LookEvery))
        {
            return LinkDuty.GiveUp; // the next look would be too late
        }

        if (_isPinged || (sendIdle < pingAfter && silence < pingAfter))
        {
            return LinkDuty.None;
        }

        _isPinged = true;
        return LinkDuty.Ping;
    }
}
