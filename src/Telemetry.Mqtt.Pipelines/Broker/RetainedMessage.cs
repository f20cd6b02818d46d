using System.Buffers.Binary;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The last message of a topic, kept for those who subscribe later. Immutable but for one flag, so that any connection
/// may hold it without a lock.
/// </summary>
internal sealed class RetainedMessage
{
    private const int ExpiryBytes = 5; // identifier(1) seconds(4), always the first property here

    private readonly byte[] _topic;
    private readonly byte[] _payload;
    private readonly byte[] _properties;
    private readonly byte _qos;
    private readonly long _storedAt;
    private readonly uint _expirySeconds;
    private volatile bool _isSuperseded;

    public RetainedMessage(in PublishView message, ReadOnlySpan<byte> properties, uint expirySeconds, long storedAt)
    {
        _topic = message.Topic.ToArray();
        _payload = message.Payload.ToArray();
        _properties = WithExpiryFirst(properties, expirySeconds);
        _qos = message.Qos;
        _expirySeconds = expirySeconds;
        _storedAt = storedAt;
    }

    /// <summary>Its topic name.</summary>
    public byte[] Topic => _topic;

    /// <summary>Its QoS.</summary>
    public byte Qos => _qos;

    /// <summary>Bytes it is held against the ceiling with.</summary>
    public int Bytes => _topic.Length + _payload.Length + _properties.Length;

    /// <summary>True once a newer message or an empty one took its place: whoever still holds it drops it.</summary>
    public bool IsSuperseded
    {
        get => _isSuperseded;
        set => _isSuperseded = value;
    }

    /// <summary>Whether its message expiry interval is over.</summary>
    public bool IsExpired(TimeProvider time) => _expirySeconds > 0 && WaitedSeconds(time) >= _expirySeconds;

    /// <summary>The message as a new subscriber gets it, its expiry shortened by the wait [MQTT-3.3.2-6].</summary>
    public PublishView View(byte qos, TimeProvider time) => new()
    {
        Topic = _topic,
        Payload = _payload,
        Properties = RemainingProperties(time),
        PacketIdentifier = qos, // set when it leaves; never 0 with QoS 1
        Qos = qos,
        Retain = true,
    };

    private static byte[] WithExpiryFirst(ReadOnlySpan<byte> properties, uint expirySeconds)
    {
        if (expirySeconds == 0)
        {
            return properties.ToArray();
        }

        byte[] all = new byte[ExpiryBytes + properties.Length];
        all[0] = (byte)PropertyId.MessageExpiryInterval;
        BinaryPrimitives.WriteUInt32BigEndian(all.AsSpan(1), expirySeconds);
        properties.CopyTo(all.AsSpan(ExpiryBytes));
        return all;
    }

    private byte[] RemainingProperties(TimeProvider time)
    {
        if (_expirySeconds == 0)
        {
            return _properties;
        }

        byte[] remaining = [.. _properties];
        uint seconds = (uint)Math.Max(0, _expirySeconds - WaitedSeconds(time));
        BinaryPrimitives.WriteUInt32BigEndian(remaining.AsSpan(1), seconds);
        return remaining;
    }

    private long WaitedSeconds(TimeProvider time) => (long)time.GetElapsedTime(_storedAt).TotalSeconds;
}
