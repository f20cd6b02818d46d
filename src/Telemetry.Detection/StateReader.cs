using System.Buffers.Binary;

namespace Telemetry.Detection;

/// <summary>Reads little-endian values; the first one that is not there makes <see cref="IsFailed"/> stick.</summary>
internal ref struct StateReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    /// <summary>Something wanted was not there; all values since are zero.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>Bytes not yet read.</summary>
    public readonly int RestBytes => _rest.Length;

    public byte Byte() => Take(sizeof(byte)) is [byte value, ..] ? value : (byte)0;

    public bool Flag() => Byte() != 0;

    public ushort UInt16() =>
        Take(sizeof(ushort)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public int Int32() =>
        Take(sizeof(int)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    public long Int64() =>
        Take(sizeof(long)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

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
