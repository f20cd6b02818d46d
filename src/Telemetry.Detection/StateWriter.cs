using System.Buffers;
using System.Buffers.Binary;

namespace Telemetry.Detection;

/// <summary>Writes little-endian values, the counterpart of <see cref="StateReader"/>.</summary>
internal readonly ref struct StateWriter(IBufferWriter<byte> target)
{
    public void Byte(byte value)
    {
        target.GetSpan(sizeof(byte))[0] = value;
        target.Advance(sizeof(byte));
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target.GetSpan(sizeof(ushort)), value);
        target.Advance(sizeof(ushort));
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(sizeof(int)), value);
        target.Advance(sizeof(int));
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target.GetSpan(sizeof(long)), value);
        target.Advance(sizeof(long));
    }

    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    public void Block(ReadOnlySpan<byte> bytes)
    {
        Int32(bytes.Length);
        target.Write(bytes);
    }
}
