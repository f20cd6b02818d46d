using System.Text;

namespace Telemetry.Buffers.Tests;

public sealed class Crc32CTests
{
    private const uint Reflected = 0x82F6_3B78; // the Castagnoli polynomial, lowest bit first

    [Fact]
    public void Known_answers_are_met()
    {
        Check("", 0x0000_0000);
        Check("123456789", 0xE306_9283); // the usual check value
        Check(new byte[32], 0x8A91_36AA); // RFC 3720, B.4: 32 bytes of zeros
        Check(Enumerable.Repeat((byte)0xFF, 32).ToArray(), 0x62A8_AB43); // ones
        Check(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), 0x46DD_794E); // ascending
        Check(Enumerable.Range(0, 32).Select(i => (byte)(31 - i)).ToArray(), 0x113F_DB5C); // descending
    }

    [Fact]
    public void Every_length_agrees_with_the_bitwise_definition()
    {
        byte[] bytes = new byte[100];
        new Random(1).NextBytes(bytes);
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(Bitwise(bytes.AsSpan(0, length)), Crc32C.Append(0, bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void A_checksum_continued_over_any_cut_is_the_checksum_of_the_whole()
    {
        byte[] bytes = new byte[64];
        new Random(2).NextBytes(bytes);
        uint whole = Crc32C.Append(0, bytes);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(whole, Crc32C.Append(Crc32C.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
        }
    }

    [Fact]
    public void Checksums_of_the_parts_of_any_cut_combine_to_that_of_the_whole()
    {
        byte[] bytes = new byte[300];
        new Random(3).NextBytes(bytes);
        uint whole = Crc32C.Append(0, bytes);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            uint first = Crc32C.Append(0, bytes.AsSpan(0, cut));
            uint second = Crc32C.Append(0, bytes.AsSpan(cut));
            Assert.Equal(whole, Crc32C.Combine(first, second, bytes.Length - cut));
        }
    }

    private static void Check(string text, uint expected) => Check(Encoding.ASCII.GetBytes(text), expected);

    private static void Check(byte[] bytes, uint expected) => Assert.Equal(expected, Crc32C.Append(0, bytes));

    private static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Reflected;
            }
        }

        return ~crc;
    }
}
