using System.Buffers.Binary;

namespace Telemetry.Buffers;

/// <summary>
/// Reads fields in network order from the front of a span. Failure is sticky: the first field that runs past the end
/// sets <see cref="Failed"/>, and every later read gives zero or an empty span, so a list of fields is read in a row
/// and asked about once.
/// </summary>
public ref struct ByteReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first byte of <paramref name="source"/>.</summary>
    public ByteReader(ReadOnlySpan<byte> source) => _rest = source;

    /// <summary>A field ran past the end or was not readable.</summary>
    public bool Failed { get; private set; }

    /// <summary>What has not been read yet; empty after a failure.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Nothing is left, or a read has failed.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads one byte.</summary>
    public byte ReadByte()
    {
        if (_rest.IsEmpty)
        {
            Fail();
            return 0;
        }

        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    /// <summary>Reads a two byte integer.</summary>
    public ushort ReadUInt16() =>
        ReadBytes(sizeof(ushort)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    /// <summary>Reads a four byte integer.</summary>
    public uint ReadUInt32() =>
        ReadBytes(sizeof(uint)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    /// <summary>Reads a variable byte integer (<see cref="VariableByteInteger"/>).</summary>
    public int ReadVariableByteInteger()
    {
        int bytes = VariableByteInteger.Read(_rest, out int value);
        if (bytes <= 0)
        {
            Fail();
            return 0;
        }

        _rest = _rest[bytes..];
        return value;
    }

    /// <summary>Reads <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            Fail();
            return default;
        }

        ReadOnlySpan<byte> bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    /// <summary>Reads bytes with a two byte length in front of them: MQTT's strings and binary data.</summary>
    public ReadOnlySpan<byte> ReadPrefixed() => ReadBytes(ReadUInt16());

    private void Fail()
    {
        Failed = true;
        _rest = default;
    }
}
