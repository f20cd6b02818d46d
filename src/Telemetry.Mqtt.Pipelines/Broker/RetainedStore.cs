using System.Diagnostics.CodeAnalysis;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The retained messages by topic, in memory, with a ceiling in count and bytes. The broker owns it under its lock.
/// </summary>
internal sealed class RetainedStore
{
    private readonly Dictionary<byte[], RetainedMessage> _messages = new(TopicComparer.Instance);
    private readonly Dictionary<byte[], RetainedMessage>.AlternateLookup<ReadOnlySpan<byte>> _byTopic;
    private readonly MqttServerOptions _options;
    private readonly TimeProvider _time;

    public RetainedStore(MqttServerOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _byTopic = _messages.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>How many are kept.</summary>
    public int Count => _messages.Count;

    /// <summary>Bytes of topics, payloads and properties.</summary>
    public long Bytes { get; private set; }

    /// <summary>Keeps the message in place of its topic's last; an empty payload only removes that one.</summary>
    /// <param name="message">The message.</param>
    /// <param name="properties">Its properties to be forwarded, without the expiry.</param>
    /// <param name="expirySeconds">Its message expiry interval; 0 for none.</param>
    /// <returns>False when a ceiling stands against it.</returns>
    public bool TrySet(in PublishView message, ReadOnlySpan<byte> properties, uint expirySeconds)
    {
        Remove(message.Topic);
        if (message.Payload.IsEmpty)
        {
            return true;
        }

        int bytes = message.Topic.Length + message.Payload.Length + properties.Length;
        if (IsAtCeiling(bytes))
        {
            RemoveExpired();
        }

        if (IsAtCeiling(bytes))
        {
            return false;
        }

        var kept = new RetainedMessage(message, properties, expirySeconds, _time.GetTimestamp());
        _messages.Add(kept.Topic, kept);
        Bytes += kept.Bytes;
        return true;
    }

    /// <summary>Adds what matches a filter to a list, each with the smaller of its QoS and the granted one.</summary>
    public void Find(ReadOnlySpan<byte> filter, byte grantedQos, List<RetainedDelivery> found)
    {
        if (filter.IndexOfAny((byte)'+', (byte)'#') < 0)
        {
            if (_byTopic.TryGetValue(filter, out RetainedMessage? message))
            {
                AddUnlessExpired(message, grantedQos, found);
            }

            return;
        }

        foreach (RetainedMessage message in _messages.Values)
        {
            if (TopicFilter.Matches(filter, message.Topic))
            {
                AddUnlessExpired(message, grantedQos, found);
            }
        }
    }

    private bool IsAtCeiling(int moreBytes) =>
        _messages.Count >= _options.RetainedMessagesMax || Bytes + moreBytes > _options.RetainedBytesMax;

    private void RemoveExpired()
    {
        foreach ((byte[] topic, RetainedMessage message) in _messages)
        {
            if (message.IsExpired(_time))
            {
                Remove(topic); // removal while enumerating is allowed for a dictionary
            }
        }
    }

    private void AddUnlessExpired(RetainedMessage message, byte grantedQos, List<RetainedDelivery> found)
    {
        if (!message.IsExpired(_time))
        {
            found.Add(new RetainedDelivery(message, Math.Min(message.Qos, grantedQos)));
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

    private sealed class TopicComparer
        : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly TopicComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] topic) => GetHashCode((ReadOnlySpan<byte>)topic);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode); // seeded per process: a peer cannot choose colliding topics
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
