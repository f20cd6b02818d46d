using System.Buffers.Binary;

namespace Telemetry.Store;

/// <summary>Unsigned numbers of one width side by side, lowest bit first, in little-endian order.</summary>
internal static class BitPacking
{
    /// <summary>Bytes that <paramref name="count"/> numbers of <paramref name="width"/> bits take.</summary>
    public static int Measure(int count, int width) => ((count * width) + 7) / 8;

    /// <summary>Writes each value less <paramref name="least"/>; the difference must fit in the width.</summary>
    public static void Pack(ReadOnlySpan<long> values, long least, int width, Span<byte> target)
    {
        if (width == 0)
        {
            return;
        }

        ulong word = 0;
        int filled = 0;
        foreach (long value in values)
        {
            ulong difference = unchecked((ulong)(value - least));
            word |= difference << filled;
            filled += width;
            if (filled >= 64)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target, word);
                target = target[sizeof(ulong)..];
                filled -= 64;
                // What did not fit: the top bits. A shift by 64 would be a shift by none.
                word = filled == 0 ? 0 : difference >> (width - filled);
            }
        }

        for (; filled > 0; filled -= 8)
        {
            target[0] = (byte)(word & 0xFF);
            target = target[1..];
            word >>= 8;
        }
    }

    /// <summary>
    /// Reads what <see cref="Pack"/> wrote; <paramref name="source"/> must be as long as it measures.
    /// </summary>
    public static void Unpack(ReadOnlySpan<byte> source, long least, int width, Span<long> values)
    {
        if (width == 0)
        {
            values.Fill(least);
            return;
        }

        ulong mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        ulong word = 0;
        int filled = 0;
        foreach (ref long value in values)
        {
            ulong difference = word;
            int had = filled;
            if (filled < width)
            {
                word = NextWord(ref source, out int bits);
                difference |= word << had;
                filled += bits;
                int used = width - had;
                word = used == 64 ? 0 : word >> used;
            }
            else
            {
                word >>= width;
            }

            filled -= width;
            value = unchecked((long)(difference & mask) + least);
        }
    }

    private static ulong NextWord(ref ReadOnlySpan<byte> source, out int bits)
    {
        if (source.Length >= sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(source);
            source = source[sizeof(ulong)..];
            bits = 64;
            return word;
        }

        ulong tail = 0;
        for (int i = 0; i < source.Length; i++)
        {
            tail |= (ulong)source[i] << (8 * i);
        }

        bits = 8 * source.Length;
        source = default;
        return tail;
    }
}
