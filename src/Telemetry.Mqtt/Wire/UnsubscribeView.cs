using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>UNSUBSCRIBE (MQTT 5 §3.10). Borrowed.</summary>
public readonly ref struct UnsubscribeView
{
    private const int IdentifierBytes = sizeof(ushort);

    /// <summary>The packet identifier; never 0.</summary>
    public ushort PacketIdentifier { get; init; }

    /// <summary>The properties without their length; empty in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>The payload: topic filters, each with its length in two bytes in front.</summary>
    public ReadOnlySpan<byte> Filters { get; init; }

    /// <summary>
    /// Reads <c>packet-identifier [properties] 1*topic-filter</c> (MQTT 5 §3.10.2) and checks every filter.
    /// </summary>
    public static bool TryRead(
        PacketFrame frame,
        ProtocolLevel level,
        out UnsubscribeView view,
        out MalformedReason reason)
    {
        view = default;
        var reader = new ByteReader(frame.Body);
        ushort packetIdentifier = reader.ReadUInt16();
        reason = reader.Failed ? MalformedReason.PacketTooShort
            : packetIdentifier == 0 ? MalformedReason.PacketIdentifierZero
            : MalformedReason.None;
        ReadOnlySpan<byte> properties = default;
        if (reason == MalformedReason.None)
        {
            reason = PropertyBlock.Read(ref reader, level, PacketType.Unsubscribe, out properties);
        }

        if (reason == MalformedReason.None)
        {
            reason = CheckFilters(reader.Rest, level);
        }

        if (reason != MalformedReason.None)
        {
            return false;
        }

        view = new UnsubscribeView
        {
            PacketIdentifier = packetIdentifier,
            Properties = properties,
            Filters = reader.Rest,
        };
        return true;
    }

    /// <summary>A walk over the filters: <see cref="ByteReader.ReadPrefixed"/> until the end.</summary>
    public ByteReader ReadFilters() => new(Filters);

    /// <summary>Bytes of the whole packet.</summary>
    public int Measure(ProtocolLevel level) => FixedHeader.MeasurePacket(MeasureBody(level));

    /// <summary>Writes the whole packet and returns its bytes, which are what <see cref="Measure"/> says.</summary>
    public int Write(Span<byte> destination, ProtocolLevel level)
    {
        var writer = new ByteWriter(destination);
        FixedHeader.Write(ref writer, PacketType.Unsubscribe, MeasureBody(level));
        writer.WriteUInt16(PacketIdentifier);
        PropertyBlock.Write(ref writer, level, Properties);
        writer.WriteBytes(Filters);
        return writer.WrittenBytes;
    }

    private static MalformedReason CheckFilters(ReadOnlySpan<byte> filters, ProtocolLevel level)
    {
        if (filters.IsEmpty)
        {
            return MalformedReason.TopicFilterMissing;
        }

        var reader = new ByteReader(filters);
        while (!reader.IsAtEnd)
        {
            ReadOnlySpan<byte> filter = reader.ReadPrefixed();
            if (reader.Failed)
            {
                break;
            }

            bool isShared = level >= ProtocolLevel.V50 && TopicFilter.IsShared(filter);
            MalformedReason reason = isShared ? TopicFilter.CheckShared(filter) : TopicFilter.Check(filter);
            if (reason != MalformedReason.None)
            {
                return reason;
            }
        }

        return reader.Failed ? MalformedReason.PacketTooShort : MalformedReason.None;
    }

    private int MeasureBody(ProtocolLevel level) =>
        IdentifierBytes + PropertyBlock.Measure(level, Properties) + Filters.Length;
}
