using System.Buffers.Binary;

namespace Telemetry.Store;

/// <summary>Writes little-endian fields and varints into an array that grows and is used again.</summary>
internal sealed class BlobWriter
{
    private const int VarintBytesMax = 10; // 64 bits, seven to a byte
    private byte[] _bytes = new byte[1024];
    private int _count;

    /// <summary>How many bytes were written.</summary>
    public int Count => _count;

    /// <summary>What was written; valid until the next write.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, _count);

    public void Clear() => _count = 0;

    /// <summary>Takes back everything behind the first <paramref name="count"/> bytes.</summary>
    public void CutTo(int count) => _count = count;

    /// <summary>The next <paramref name="count"/> bytes, counted as written; the caller fills them.</summary>
    public Span<byte> Take(int count)
    {
        Reserve(count);
        Span<byte> taken = _bytes.AsSpan(_count, count);
        _count += count;
        return taken;
    }

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>LEB128: seven bits to a byte, lowest first, the top bit says that more follow.</summary>
    public void WriteVarint(ulong value)
    {
        Reserve(VarintBytesMax);
        while (value >= 0x80)
        {
            _bytes[_count++] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        _bytes[_count++] = (byte)value;
    }

    /// <summary>A signed number as a varint, small magnitudes short.</summary>
    public void WriteZigzag(long value) => WriteVarint(unchecked((ulong)((value << 1) ^ (value >> 63))));

    private void Reserve(int count)
    {
        if (_bytes.Length - _count < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _count + count));
        }
    }
}
