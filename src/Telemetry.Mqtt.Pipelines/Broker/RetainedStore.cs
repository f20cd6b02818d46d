namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The retained messages by topic, with a ceiling in count and bytes. The broker owns it under its lock.
/// </summary>
internal sealed class RetainedStore
{
    private readonly Dictionary<byte[], RetainedMessage> _messages = new(TopicComparer.Instance);
    private readonly Dictionary<byte[], RetainedMessage>.AlternateLookup<ReadOnlySpan<byte>> _byTopic;
    private readonly MqttServerOptions _options;

    public RetainedStore(MqttServerOptions options)
    {
        _options = options;
        _byTopic = _messages.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>How many are kept.</summary>
    public int Count => _messages.Count;

    /// <summary>Bytes of topics, payloads and properties.</summary>
    public long Bytes { get; private set; }

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyCollection<RetainedMessage> All => _messages.Values;

    /// <summary>Keeps the message in place of its topic's last; an empty payload only removes that one.</summary>
    /// <returns>False when a ceiling stands against it.</returns>
    public bool TrySet(in OutgoingView message, long now)
    {
        Remove(message.Topic);
        if (message.Payload.IsEmpty)
        {
            return true;
        }

        int bytes = message.Topic.Length + message.Payload.Length + message.Properties.Length;
        if (IsAtCeiling(bytes))
        {
            RemoveExpired(now);
        }

        if (IsAtCeiling(bytes))
        {
            return false;
        }

        var kept = new RetainedMessage(message);
        _messages.Add(kept.Topic, kept);
        Bytes += kept.Bytes;
        return true;
    }

    /// <summary>The payload kept for a topic; empty when there is none.</summary>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> topic, long now) =>
        _byTopic.TryGetValue(topic, out RetainedMessage? message) && !message.IsExpired(now)
            ? message.Payload
            : default;

    /// <summary>Adds what matches a filter to a list, each with the smaller of its QoS and the granted one.</summary>
    public void Find(
        ReadOnlySpan<byte> filter, byte grantedQos, byte[] identifiers, long now, List<RetainedDelivery> found)
    {
        if (filter.IndexOfAny((byte)'+', (byte)'#') < 0)
        {
            if (_byTopic.TryGetValue(filter, out RetainedMessage? message) && !message.IsExpired(now))
            {
                found.Add(new RetainedDelivery(message, Math.Min(message.Qos, grantedQos), identifiers));
            }

            return;
        }

        foreach (RetainedMessage message in _messages.Values)
        {
            if (TopicFilter.Matches(filter, message.Topic) && !message.IsExpired(now))
            {
                found.Add(new RetainedDelivery(message, Math.Min(message.Qos, grantedQos), identifiers));
            }
        }
    }

    private bool IsAtCeiling(int moreBytes) =>
        _messages.Count >= _options.RetainedMessagesMax || Bytes + moreBytes > _options.RetainedBytesMax;

    private void RemoveExpired(long now)
    {
        foreach ((byte[] topic, RetainedMessage message) in _messages)
        {
            if (message.IsExpired(now))
            {
                Remove(topic); // removal while enumerating is allowed for a dictionary
            }
        }
    }

    private void Remove(ReadOnlySpan<byte> topic)
    {
        if (_byTopic.Remove(topic, out _, out RetainedMessage? old))
        {
            old.IsSuperseded = true;
            Bytes -= old.Bytes;
        }
    }
}
