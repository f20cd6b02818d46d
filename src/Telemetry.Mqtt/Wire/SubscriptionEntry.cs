using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>One topic filter of SUBSCRIBE with its options (MQTT 5 §3.8.3). Borrowed.</summary>
public readonly ref struct SubscriptionEntry
{
    internal const int QosMask = 0x03;
    internal const int NoLocalFlag = 0x04;
    internal const int RetainAsPublishedFlag = 0x08;
    internal const int RetainHandlingShift = 4;
    internal const int RetainHandlingMask = 0x30;
    internal const int ReservedMask = 0xC0;

    private const int PrefixBytes = sizeof(ushort);
    private const int OptionsBytes = 1;

    /// <summary>The topic filter, <c>$share</c> included if it is a shared subscription.</summary>
    public ReadOnlySpan<byte> Filter { get; init; }

    /// <summary>The highest QoS that the client wants, 0 to 2.</summary>
    public byte Qos { get; init; }

    /// <summary>Messages of the same client are not sent back; MQTT 5 only.</summary>
    public bool NoLocal { get; init; }

    /// <summary>RETAIN keeps the value it was published with; MQTT 5 only.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>What happens to retained messages; MQTT 5 only.</summary>
    public RetainHandling RetainHandling { get; init; }

    /// <summary>Bytes of the entry in the payload of SUBSCRIBE.</summary>
    public int Measure() => PrefixBytes + Filter.Length + OptionsBytes;

    /// <summary>Writes the entry for the payload of SUBSCRIBE and returns its bytes.</summary>
    public int Write(Span<byte> destination)
    {
        int options = Qos
            | (NoLocal ? NoLocalFlag : 0)
            | (RetainAsPublished ? RetainAsPublishedFlag : 0)
            | ((int)RetainHandling << RetainHandlingShift);
        var writer = new ByteWriter(destination);
        writer.WritePrefixed(Filter);
        writer.WriteByte((byte)options);
        return writer.WrittenBytes;
    }
}
