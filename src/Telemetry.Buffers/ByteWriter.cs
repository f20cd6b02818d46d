using System.Buffers.Binary;

namespace Telemetry.Buffers;

/// <summary>
/// Writes fields in network order, forward only, into a span that its owner has measured. A destination that is too
/// short is the caller's bug and throws.
/// </summary>
public ref struct ByteWriter
{
    private readonly Span<byte> _destination;

    /// <summary>Starts at the first byte of <paramref name="destination"/>.</summary>
    public ByteWriter(Span<byte> destination) => _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int WrittenBytes { get; private set; }

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value) => _destination[WrittenBytes++] = value;

    /// <summary>Writes a two byte integer.</summary>
    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[WrittenBytes..], value);
        WrittenBytes += sizeof(ushort);
    }

    /// <summary>Writes a four byte integer.</summary>
    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_destination[WrittenBytes..], value);
        WrittenBytes += sizeof(uint);
    }

    /// <summary>Writes a variable byte integer in its shortest form.</summary>
    public void WriteVariableByteInteger(int value) =>
        WrittenBytes += VariableByteInteger.Write(_destination[WrittenBytes..], value);

    /// <summary>Writes bytes as they are.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[WrittenBytes..]);
        WrittenBytes += bytes.Length;
    }

    /// <summary>Writes bytes with their two byte length in front: MQTT's strings and binary data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are more than 65,535 bytes.</exception>
    public void WritePrefixed(scoped ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, ushort.MaxValue, nameof(bytes));
        WriteUInt16((ushort)bytes.Length);
        WriteBytes(bytes);
    }
}
