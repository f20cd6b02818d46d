using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// Writes properties one after the other into a span of the caller's; the written part is what a view takes as its
/// <c>Properties</c>. Texts must be valid UTF-8; each property stands once, but for user properties.
/// </summary>
public ref struct PropertyWriter
{
    private const int IdBytes = 1;     // no identifier is above 127
    private const int PrefixBytes = 2; // length in front of a text

    private readonly Span<byte> _destination;
    private ByteWriter _writer;

    /// <summary>Starts at the first byte of <paramref name="destination"/>.</summary>
    public PropertyWriter(Span<byte> destination)
    {
        _destination = destination;
        _writer = new ByteWriter(destination);
    }

    /// <summary>What has been written.</summary>
    public readonly ReadOnlySpan<byte> Written => _destination[.._writer.WrittenBytes];

    /// <summary>Bytes of a text or binary property with a value of this length.</summary>
    public static int Measure(int valueBytes) => IdBytes + PrefixBytes + valueBytes;

    /// <summary>Bytes of a user property with a name and a value of these lengths.</summary>
    public static int MeasureUser(int nameBytes, int valueBytes) =>
        IdBytes + PrefixBytes + nameBytes + PrefixBytes + valueBytes;

    /// <summary>Writes a property that is a number; at most five bytes.</summary>
    /// <exception cref="ArgumentException">The property is not a number or cannot have this value.</exception>
    public void WriteNumber(PropertyId id, uint value)
    {
        if (!PropertyRules.IsInRange(id, value))
        {
            throw new ArgumentException($"cannot write property {id}: value {value} is out of range", nameof(value));
        }

        PropertyKind kind = PropertyRules.KindOf((int)id);
        _writer.WriteByte((byte)id);
        switch (kind)
        {
            case PropertyKind.Byte:
                _writer.WriteByte(checked((byte)value));
                break;
            case PropertyKind.TwoByte:
                _writer.WriteUInt16(checked((ushort)value));
                break;
            case PropertyKind.FourByte:
                _writer.WriteUInt32(value);
                break;
            case PropertyKind.Variable:
                _writer.WriteVariableByteInteger(checked((int)value));
                break;
            default:
                throw new ArgumentException($"cannot write property {id}: it is not a number", nameof(id));
        }
    }

    /// <summary>Writes a text or binary property.</summary>
    /// <exception cref="ArgumentException">The property is neither.</exception>
    public void WriteBytes(PropertyId id, scoped ReadOnlySpan<byte> value)
    {
        if (PropertyRules.KindOf((int)id) is not (PropertyKind.Text or PropertyKind.Binary))
        {
            throw new ArgumentException($"cannot write property {id}: it is neither text nor binary", nameof(id));
        }

        _writer.WriteByte((byte)id);
        _writer.WritePrefixed(value);
    }

    /// <summary>Writes a user property.</summary>
    public void WriteUser(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        _writer.WriteByte((byte)PropertyId.UserProperty);
        _writer.WritePrefixed(name);
        _writer.WritePrefixed(value);
    }
}
