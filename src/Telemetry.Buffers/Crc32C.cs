using System.Buffers.Binary;
using System.Numerics;

namespace Telemetry.Buffers;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of iSCSI and ext4 (RFC 3720, appendix B.4). Uses the processor's instruction
/// where there is one. It finds accidents, not forgeries.
/// </summary>
public static class Crc32C
{
    private const uint Polynomial = 0x82F6_3B78; // reflected: the lowest bit is the highest power
    private const uint One = 1u << 31; // x to the power of 0, reflected likewise
    private const uint ByteShift = One >> 8; // x to the power of 8

    /// <summary>
    /// The checksum of all bytes so far, given the checksum <paramref name="crc"/> of those before
    /// <paramref name="bytes"/>; begin with 0.
    /// </summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint state = ~crc;
        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte b in bytes)
        {
            state = BitOperations.Crc32C(state, b);
        }

        return ~state;
    }

    /// <summary>
    /// The checksum of two runs of bytes, one behind the other, of which only the checksums are known and the length
    /// of the second, in bytes.
    /// </summary>
    public static uint Combine(uint first, uint second, long secondBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(secondBytes);
        uint shift = One;
        uint power = ByteShift;
        for (long left = secondBytes; left != 0; left >>= 1)
        {
            shift = (left & 1) != 0 ? Multiply(shift, power) : shift;
            power = Multiply(power, power);
        }

        return Multiply(first, shift) ^ second;
    }

    /// <summary>The product of two polynomials modulo the one of the checksum.</summary>
    private static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (uint bit = One; bit != 0; bit >>= 1)
        {
            product ^= (a & bit) != 0 ? b : 0;
            b = (b & 1) != 0 ? (b >> 1) ^ Polynomial : b >> 1;
        }

        return product;
    }
}
