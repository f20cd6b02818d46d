using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// Walks the topic filters of a SUBSCRIBE that has been checked: <c>1*( topic-filter options )</c> (MQTT 5 §3.8.3).
/// </summary>
public ref struct SubscriptionReader
{
    private readonly ProtocolLevel _level;
    private ByteReader _reader;

    internal SubscriptionReader(ReadOnlySpan<byte> entries, ProtocolLevel level)
    {
        _reader = new ByteReader(entries);
        _level = level;
    }

    /// <summary>Why the walk ended before the end; none in a SUBSCRIBE that has been checked.</summary>
    public MalformedReason Reason { get; private set; }

    /// <summary>Reads the next topic filter; false at the end.</summary>
    public bool TryRead(out SubscriptionEntry entry)
    {
        entry = default;
        if (_reader.IsAtEnd)
        {
            return false;
        }

        ReadOnlySpan<byte> filter = _reader.ReadPrefixed();
        int options = _reader.ReadByte();
        Reason = _reader.Failed ? MalformedReason.PacketTooShort : Check(filter, options);
        if (Reason != MalformedReason.None)
        {
            return false;
        }

        entry = new SubscriptionEntry
        {
            Filter = filter,
            Qos = (byte)(options & SubscriptionEntry.QosMask),
            NoLocal = (options & SubscriptionEntry.NoLocalFlag) != 0,
            RetainAsPublished = (options & SubscriptionEntry.RetainAsPublishedFlag) != 0,
            RetainHandling = (RetainHandling)((options & SubscriptionEntry.RetainHandlingMask)
                >> SubscriptionEntry.RetainHandlingShift),
        };
        return true;
    }

    private readonly MalformedReason Check(ReadOnlySpan<byte> filter, int options)
    {
        bool isV5 = _level >= ProtocolLevel.V50;
        int reserved = isV5 ? SubscriptionEntry.ReservedMask : ~SubscriptionEntry.QosMask;
        if ((options & reserved) != 0)
        {
            return MalformedReason.SubscriptionOptionsReserved;
        }

        if ((options & SubscriptionEntry.QosMask) > FixedHeader.QosMax
            || (options & SubscriptionEntry.RetainHandlingMask) == SubscriptionEntry.RetainHandlingMask)
        {
            return MalformedReason.SubscriptionOptionsOutOfRange;
        }

        bool isShared = isV5 && TopicFilter.IsShared(filter);
        if (isShared && (options & SubscriptionEntry.NoLocalFlag) != 0)
        {
            return MalformedReason.NoLocalOnSharedSubscription;
        }

        return isShared ? TopicFilter.CheckShared(filter) : TopicFilter.Check(filter);
    }
}
