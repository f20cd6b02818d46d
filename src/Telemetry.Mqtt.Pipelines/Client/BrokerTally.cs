namespace Telemetry.Mqtt.Pipelines;

/// <summary>What one broker client counts since its start; read by the status page at any time.</summary>
internal sealed class BrokerTally
{
    private long _messages;
    private long _duplicates;
    private long _own;
    private long _oversized;
    private long _acknowledged;
    private long _connects;
    private long _silences;
    private long _lastMessageTicks;

    public long Messages => Interlocked.Read(ref _messages);

    public long Duplicates => Interlocked.Read(ref _duplicates);

    public long Own => Interlocked.Read(ref _own);

    public long Oversized => Interlocked.Read(ref _oversized);

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public long Connects => Interlocked.Read(ref _connects);

    public long Silences => Interlocked.Read(ref _silences);

    /// <summary>When a message came last; null for never.</summary>
    public DateTimeOffset? LastMessage
    {
        get
        {
            long ticks = Interlocked.Read(ref _lastMessageTicks);
            return ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
        }
    }

    public void OnMessage(bool isDuplicate, DateTimeOffset now)
    {
        Interlocked.Increment(ref _messages);
        Interlocked.Exchange(ref _lastMessageTicks, now.UtcTicks);
        if (isDuplicate)
        {
            Interlocked.Increment(ref _duplicates);
        }
    }

    public void OnOwn() => Interlocked.Increment(ref _own);

    public long OnOversized() => Interlocked.Increment(ref _oversized);

    public void OnAcknowledged(long count) => Interlocked.Add(ref _acknowledged, count);

    public void OnConnected() => Interlocked.Increment(ref _connects);

    public void OnSilence() => Interlocked.Increment(ref _silences);
}
