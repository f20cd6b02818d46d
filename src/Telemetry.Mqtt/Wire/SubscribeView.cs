using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>SUBSCRIBE (MQTT 5 §3.8). Borrowed.</summary>
public readonly ref struct SubscribeView
{
    private const int IdentifierBytes = sizeof(ushort);

    /// <summary>The packet identifier; never 0.</summary>
    public ushort PacketIdentifier { get; init; }

    /// <summary>The properties without their length; empty in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>The payload: topic filters with options (<see cref="SubscriptionEntry.Write"/>).</summary>
    public ReadOnlySpan<byte> Entries { get; init; }

    /// <summary>The subscription identifier, or 0 for none.</summary>
    public uint SubscriptionIdentifier =>
        PropertyReader.FindNumber(Properties, PropertyId.SubscriptionIdentifier, 0);

    /// <summary>
    /// Reads <c>packet-identifier [properties] 1*( topic-filter options )</c> (MQTT 5 §3.8.2) and checks every entry.
    /// </summary>
    public static bool TryRead(
        PacketFrame frame,
        ProtocolLevel level,
        out SubscribeView view,
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
            reason = PropertyBlock.Read(ref reader, level, PacketType.Subscribe, out properties);
        }

        if (reason == MalformedReason.None)
        {
            reason = CheckEntries(reader.Rest, level);
        }

        if (reason != MalformedReason.None)
        {
            return false;
        }

        view = new SubscribeView
        {
            PacketIdentifier = packetIdentifier,
            Properties = properties,
            Entries = reader.Rest,
        };
        return true;
    }

    /// <summary>A walk over the entries.</summary>
    public SubscriptionReader ReadEntries(ProtocolLevel level) => new(Entries, level);

    /// <summary>Bytes of the whole packet.</summary>
    public int Measure(ProtocolLevel level) => FixedHeader.MeasurePacket(MeasureBody(level));

    /// <summary>Writes the whole packet and returns its bytes, which are what <see cref="Measure"/> says.</summary>
    public int Write(Span<byte> destination, ProtocolLevel level)
    {
        var writer = new ByteWriter(destination);
        FixedHeader.Write(ref writer, PacketType.Subscribe, MeasureBody(level));
        writer.WriteUInt16(PacketIdentifier);
        PropertyBlock.Write(ref writer, level, Properties);
        writer.WriteBytes(Entries);
        return writer.WrittenBytes;
    }

    private static MalformedReason CheckEntries(ReadOnlySpan<byte> entries, ProtocolLevel level)
    {
        if (entries.IsEmpty)
        {
            return MalformedReason.TopicFilterMissing;
        }

        var reader = new SubscriptionReader(entries, level);
        while (reader.TryRead(out _))
        {
        }

        return reader.Reason;
    }

    private int MeasureBody(ProtocolLevel level) =>
        IdentifierBytes + PropertyBlock.Measure(level, Properties) + Entries.Length;
}
