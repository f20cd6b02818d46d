using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Telemetry.Fuzz;

/// <summary>
/// Bytes that grow, with marks at the fields worth lying about. It writes MQTT's fields by itself, not through the code
/// under test.
/// </summary>
internal sealed class PacketBytes
{
    private readonly List<Mark> _marks = [];
    private byte[] _bytes = new byte[4_096];

    /// <summary>Bytes written.</summary>
    public int Count { get; private set; }

    public Span<byte> Written => _bytes.AsSpan(0, Count);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Count);

    public ReadOnlySpan<Mark> Marks => CollectionsMarshal.AsSpan(_marks);

    public void Clear()
    {
        Count = 0;
        _marks.Clear();
    }

    /// <summary>Cuts off what stands behind.</summary>
    public void Truncate(int count)
    {
        Count = count;
        _marks.RemoveAll(mark => mark.Offset >= count);
    }

    public void Note(MarkKind kind) => _marks.Add(new Mark(kind, Count));

    public void Add(byte value)
    {
        Reserve(1);
        _bytes[Count++] = value;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Count));
        Count += bytes.Length;
    }

    /// <summary>Appends with its marks.</summary>
    public void Add(PacketBytes other)
    {
        foreach (Mark mark in other.Marks)
        {
            _marks.Add(mark with { Offset = mark.Offset + Count });
        }

        Add(other.Written);
    }

    public void AddUInt16(int value)
    {
        Reserve(2);
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(Count), (ushort)value);
        Count += 2;
    }

    public void AddUInt32(uint value)
    {
        Reserve(4);
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(Count), value);
        Count += 4;
    }

    /// <summary>A variable byte integer in its shortest form.</summary>
    public void AddVariable(int value)
    {
        do
        {
            int digit = value & 0x7F;
            value >>= 7;
            Add((byte)(value > 0 ? digit | 0x80 : digit));
        }
        while (value > 0);
    }

    public void AddPrefixed(ReadOnlySpan<byte> bytes)
    {
        Note(MarkKind.Prefix);
        AddUInt16(bytes.Length);
        Add(bytes);
    }

    /// <summary>Puts bytes in between; marks behind move along.</summary>
    public void Insert(int offset, ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        _bytes.AsSpan(offset, Count - offset).CopyTo(_bytes.AsSpan(offset + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(offset));
        Count += bytes.Length;
        Move(offset, bytes.Length);
    }

    /// <summary>Takes bytes out; marks behind move along.</summary>
    public void Remove(int offset, int count)
    {
        _bytes.AsSpan(offset + count, Count - offset - count).CopyTo(_bytes.AsSpan(offset));
        Count -= count;
        _marks.RemoveAll(mark => mark.Offset >= offset && mark.Offset < offset + count);
        Move(offset, -count);
    }

    private void Move(int offset, int by)
    {
        foreach (ref Mark mark in CollectionsMarshal.AsSpan(_marks))
        {
            if (mark.Offset >= offset)
            {
                mark = mark with { Offset = mark.Offset + by };
            }
        }
    }

    private void Reserve(int bytes)
    {
        if (Count + bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Count + bytes));
        }
    }
}
