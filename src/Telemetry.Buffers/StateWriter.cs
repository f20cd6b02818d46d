using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Telemetry.Buffers;

/// <summary>
/// Writes a state for a checkpoint in little-endian values, the counterpart of <see cref="StateReader"/>.
/// </summary>
/// <param name="target">Takes the bytes.</param>
public readonly ref struct StateWriter(IBufferWriter<byte> target)
{
    /// <summary>One byte.</summary>
    public void Byte(byte value)
    {
        target.GetSpan(sizeof(byte))[0] = value;
        target.Advance(sizeof(byte));
    }

    /// <summary>One byte, 0 or 1.</summary>
    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Two bytes.</summary>
    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target.GetSpan(sizeof(ushort)), value);
        target.Advance(sizeof(ushort));
    }

    /// <summary>Four bytes.</summary>
    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(sizeof(int)), value);
        target.Advance(sizeof(int));
    }

    /// <summary>Eight bytes.</summary>
    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target.GetSpan(sizeof(long)), value);
        target.Advance(sizeof(long));
    }

    /// <summary>Eight bytes, IEEE 754.</summary>
    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    /// <summary>A four byte length and as many bytes.</summary>
    public void Block(ReadOnlySpan<byte> bytes)
    {
        Int32(bytes.Length);
        target.Write(bytes);
    }

    /// <summary>A text as such a block, in UTF-8.</summary>
    public void Text(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        Int32(bytes);
        target.Advance(Encoding.UTF8.GetBytes(text, target.GetSpan(bytes)));
    }
}
