using System.Buffers.Binary;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// QoS 1 messages, ready rendered, that wait until the client's window lets them leave; only then they get their packet
/// identifiers. The outbox owns it under its lock.
/// </summary>
internal sealed class WindowQueue
{
    private const int RecordHeaderBytes = 8; // packet bytes(4) offset of the packet identifier(4)
    private const int LengthGoesOn = 0x80; // top bit of a byte of the remaining length

    private readonly ByteQueue _records = new();
    private readonly PacketIdentifiers _inFlight = new();

    /// <summary>Messages waiting.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes waiting.</summary>
    public int Bytes => _records.Count;

    /// <summary>Renders a message to the end of the queue.</summary>
    public void Add(in PublishView message, ProtocolLevel level, int packetBytes)
    {
        Span<byte> record = _records.Extend(RecordHeaderBytes + packetBytes);
        Span<byte> packet = record[RecordHeaderBytes..];
        message.Write(packet, level);
        int lengthEnd = 1;
        while (packet[lengthEnd] >= LengthGoesOn)
        {
            lengthEnd++;
        }

        int topicBytes = sizeof(ushort) + message.Topic.Length;
        BinaryPrimitives.WriteInt32LittleEndian(record, packetBytes);
        BinaryPrimitives.WriteInt32LittleEndian(record[sizeof(int)..], lengthEnd + 1 + topicBytes);
        Count++;
    }

    /// <summary>Moves what the window lets go, each with a fresh packet identifier; returns how many.</summary>
    public int MoveTo(ByteQueue target, int windowSize)
    {
        int moved = 0;
        while (Count > 0 && _inFlight.Count < windowSize && _inFlight.TryTake(out ushort identifier))
        {
            Span<byte> records = _records.Waiting;
            int packetBytes = BinaryPrimitives.ReadInt32LittleEndian(records);
            int identifierAt = BinaryPrimitives.ReadInt32LittleEndian(records[sizeof(int)..]);
            Span<byte> packet = target.Extend(packetBytes);
            records.Slice(RecordHeaderBytes, packetBytes).CopyTo(packet);
            BinaryPrimitives.WriteUInt16BigEndian(packet[identifierAt..], identifier);
            _records.Skip(RecordHeaderBytes + packetBytes);
            Count--;
            moved++;
        }

        return moved;
    }

    /// <summary>Frees the identifier of a message that has arrived; false when none with it was in flight.</summary>
    public bool OnAcknowledged(ushort packetIdentifier) => _inFlight.Release(packetIdentifier);

    /// <summary>Forgets what waits.</summary>
    public void Clear()
    {
        _records.Clear();
        Count = 0;
    }
}
