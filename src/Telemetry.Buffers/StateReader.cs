using System.Buffers.Binary;

namespace Telemetry.Buffers;

/// <summary>Reads little-endian values; the first one that is not there makes <see cref="IsFailed"/> stick.</summary>
/// <param name="source">The state.</param>
public ref struct StateReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    /// <summary>Something wanted was not there; all values since are zero.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>Bytes not yet read.</summary>
    public readonly int RestBytes => _rest.Length;

    /// <summary>One byte.</summary>
    public byte Byte() => Take(sizeof(byte)) is [byte value, ..] ? value : (byte)0;

    /// <summary>One byte; anything but 0 is true.</summary>
    public bool Flag() => Byte() != 0;

    /// <summary>Two bytes.</summary>
    public ushort UInt16() =>
        Take(sizeof(ushort)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    /// <summary>Four bytes.</summary>
    public int Int32() =>
        Take(sizeof(int)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    /// <summary>Eight bytes.</summary>
    public long Int64() =>
        Take(sizeof(long)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    /// <summary>Eight bytes, IEEE 754.</summary>
    public double Double() => BitConverter.Int64BitsToDouble(Int64());

    /// <summary>A length and as many bytes.</summary>
    public ReadOnlySpan<byte> Block() => Take(Int32());

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if ((uint)bytes > (uint)_rest.Length)
        {
            IsFailed = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }
}
