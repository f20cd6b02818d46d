namespace Telemetry.Mqtt.Pipelines;

/// <summary>How fast one connection may be read: its rates of messages and of bytes.</summary>
internal sealed class ReadPace(MqttServerOptions options, TimeProvider time)
{
    private readonly RatePacer _messages = new(options.MessagesPerSecondMax, time);
    private readonly RatePacer _bytes = new(options.BytesPerSecondMax, time);
    private long _messagesEver;
    private TimeSpan _pause;

    /// <summary>Whether what was read last came too early: reading waits.</summary>
    public bool IsTooFast => _pause > TimeSpan.Zero;

    /// <summary>A read brought so many bytes; so many messages have come by now.</summary>
    public void OnRead(long bytes, long messagesEver)
    {
        TimeSpan ofBytes = _bytes.Take(bytes);
        TimeSpan ofMessages = _messages.Take(messagesEver - _messagesEver);
        _messagesEver = messagesEver;
        _pause = ofBytes > ofMessages ? ofBytes : ofMessages;
    }

    /// <summary>Waits until reading may go on.</summary>
    /// <exception cref="OperationCanceledException">The connection is stopping.</exception>
    public async ValueTask WaitAsync(CancellationToken stopping)
    {
        await Task.Delay(_pause, time, stopping);
        _pause = TimeSpan.Zero;
    }
}
