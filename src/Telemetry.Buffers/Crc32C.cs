using System.Buffers.Binary;
using System.Numerics;

namespace Telemetry.Buffers;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of iSCSI and ext4 (RFC 3720, appendix B.4). Uses the processor's instruction
/// where there is one. It finds accidents, not forgeries.
/// </summary>
public static class Crc32C
{
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
}
