using System.Buffers.Binary;

namespace Telemetry.Store;

/// <summary>
/// Reads what <see cref="BlobWriter"/> wrote. The first failure sticks: every later read gives zeros and
/// <see cref="Failed"/> is asked once at the end.
/// </summary>
internal ref struct BlobReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>More was asked for than there is, or a varint was too long.</summary>
    public bool Failed { get; private set; }

    /// <summary>How many bytes are left.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>What was read makes no sense to the caller.</summary>
    public void Fail()
    {
        Failed = true;
        _rest = default;
    }

    public byte ReadByte() => Take(1) is [var value] ? value : (byte)0;

    public uint ReadUInt32()
    {
        ReadOnlySpan<byte> field = Take(sizeof(uint));
        return field.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(field);
    }

    public long ReadInt64()
    {
        ReadOnlySpan<byte> field = Take(sizeof(long));
        return field.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(field);
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        Fail();
        return 0;
    }

    public long ReadZigzag()
    {
        ulong value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A count or length that must not exceed <paramref name="max"/>.</summary>
    public int ReadCount(int max)
    {
        ulong count = ReadVarint();
        if (count <= (ulong)max)
        {
            return (int)count;
        }

        Fail();
        return 0;
    }

    /// <summary>The next <paramref name="count"/> bytes; empty when there are fewer.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            Fail();
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
