using System.Buffers.Binary;

namespace Telemetry.Payloads;

/// <summary>
/// Reads the fields of one protobuf message within a payload. It does not throw: the first fault stays, and from then
/// on every call answers false.
/// </summary>
internal ref struct ProtobufReader
{
    private const int VarintBytesMax = 10; // 64 bits, seven in each byte
    private const int WireBits = 3;

    private readonly ReadOnlySpan<byte> _payload;
    private readonly int _end;
    private int _position;

    /// <param name="payload">The whole payload; places are counted from its start.</param>
    /// <param name="start">Where the message starts.</param>
    /// <param name="bytes">Length of the message.</param>
    public ProtobufReader(ReadOnlySpan<byte> payload, int start, int bytes)
    {
        _payload = payload;
        _position = start;
        _end = start + bytes;
    }

    public FaultReason Reason { get; private set; }

    public int FaultOffset { get; private set; }

    public readonly bool HasFailed => Reason != FaultReason.None;

    /// <summary>Reads the next field; false at the end of the message and at a fault.</summary>
    public bool TryRead(out ProtobufField field)
    {
        field = default;
        int at = _position;
        if (HasFailed || at >= _end || !TryReadVarint(out ulong tag))
        {
            return false;
        }

        var wire = (ProtobufWire)(tag & ((1 << WireBits) - 1));
        ulong number = tag >> WireBits;
        if (number is 0 or > uint.MaxValue >> WireBits)
        {
            return Refuse(FaultReason.MalformedProtobuf, at);
        }

        ulong bits = 0;
        int start = 0;
        int bytes = 0;
        bool isRead = wire switch
        {
            ProtobufWire.Varint => TryReadVarint(out bits),
            ProtobufWire.Fixed32 => TryReadFixed(sizeof(uint), out bits),
            ProtobufWire.Fixed64 => TryReadFixed(sizeof(ulong), out bits),
            ProtobufWire.Bytes => TryReadBytes(out start, out bytes),
            _ => Refuse(FaultReason.MalformedProtobuf, at),
        };
        field = new ProtobufField((uint)number, wire, bits, start, bytes, at);
        return isRead;
    }

    /// <summary>Keeps the first fault.</summary>
    /// <returns>False, always.</returns>
    public bool Refuse(FaultReason reason, int offset)
    {
        if (!HasFailed)
        {
            Reason = reason;
            FaultOffset = offset;
        }

        return false;
    }

    private bool TryReadVarint(out ulong value)
    {
        // Fast path: tags, lengths and small numbers have one byte.
        int at = _position;
        if (at < _end && _payload[at] < 0x80)
        {
            value = _payload[at];
            _position = at + 1;
            return true;
        }

        return TryReadVarintSlow(out value);
    }

    private bool TryReadVarintSlow(out ulong value)
    {
        value = 0;
        int at = _position;
        for (int i = 0; i < VarintBytesMax; i++)
        {
            if (at + i >= _end)
            {
                return Refuse(FaultReason.Truncated, _end);
            }

            byte part = _payload[at + i];
            value |= (ulong)(part & 0x7F) << (7 * i); // what is beyond 64 bits is lost, as other readers lose it
            if (part < 0x80)
            {
                _position = at + i + 1;
                return true;
            }
        }

        return Refuse(FaultReason.MalformedProtobuf, at);
    }

    private bool TryReadFixed(int bytes, out ulong bits)
    {
        bits = 0;
        if (_end - _position < bytes)
        {
            return Refuse(FaultReason.Truncated, _end);
        }

        ReadOnlySpan<byte> text = _payload.Slice(_position, bytes);
        _position += bytes;
        bits = bytes == sizeof(uint)
            ? BinaryPrimitives.ReadUInt32LittleEndian(text)
            : BinaryPrimitives.ReadUInt64LittleEndian(text);
        return true;
    }

    private bool TryReadBytes(out int start, out int bytes)
    {
        bytes = 0;
        bool hasLength = TryReadVarint(out ulong length);
        start = _position;
        if (!hasLength || length > (ulong)(_end - start))
        {
            return Refuse(FaultReason.Truncated, _end);
        }

        bytes = (int)length;
        _position += bytes;
        return true;
    }
}
