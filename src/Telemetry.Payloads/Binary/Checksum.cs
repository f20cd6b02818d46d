using System.Buffers.Binary;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>The checksums of fixed-layout records. Records are short: a loop over bits does.</summary>
internal static class Checksum
{
    private const uint ModbusPolynomial = 0xA001; // 0x8005, reflected
    private const uint CcittPolynomial = 0x1021;
    private const uint Crc32Polynomial = 0xEDB88320; // 0x04C11DB7, reflected
    private const int BitsPerByte = 8;

    /// <summary>Whether a checksum stands behind the bytes it is of.</summary>
    public static bool Holds(BinaryChecksum checksum, ReadOnlySpan<byte> body, ReadOnlySpan<byte> stands)
    {
        return checksum switch
        {
            BinaryChecksum.None => true,
            BinaryChecksum.Sum8 => stands[0] == (byte)Sum(body),
            BinaryChecksum.Xor8 => stands[0] == Xor(body),
            BinaryChecksum.Crc16Modbus =>
                BinaryPrimitives.ReadUInt16LittleEndian(stands) == Reflected(body, ModbusPolynomial, ushort.MaxValue),
            BinaryChecksum.Crc16Ccitt => BinaryPrimitives.ReadUInt16BigEndian(stands) == Ccitt(body),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(stands) == ~Reflected(body, Crc32Polynomial, uint.MaxValue),
        };
    }

    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return sum;
    }

    private static byte Xor(ReadOnlySpan<byte> bytes)
    {
        byte xor = 0;
        foreach (byte b in bytes)
        {
            xor ^= b;
        }

        return xor;
    }

    /// <summary>A CRC whose lowest bit goes first.</summary>
    private static uint Reflected(ReadOnlySpan<byte> bytes, uint polynomial, uint start)
    {
        uint crc = start;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < BitsPerByte; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 1 ? polynomial : 0);
            }
        }

        return crc;
    }

    private static ushort Ccitt(ReadOnlySpan<byte> bytes)
    {
        uint crc = ushort.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= (uint)b << BitsPerByte;
            for (int bit = 0; bit < BitsPerByte; bit++)
            {
                crc = (crc << 1) ^ ((crc & 0x8000) != 0 ? CcittPolynomial : 0);
            }
        }

        return (ushort)crc;
    }
}
