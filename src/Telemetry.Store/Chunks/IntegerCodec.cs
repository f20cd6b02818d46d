using System.Numerics;

namespace Telemetry.Store;

/// <summary>
/// Whole numbers as bit-packed differences: the numbers themselves, their differences, or the differences of those,
/// whichever is shortest, in blocks that each have a base and a width. Differences wrap, so every input comes back
/// exactly.
/// </summary>
/// <remarks>
/// Layout: mode byte (order | 0x10 when one block holds all), one zigzag varint per order, then per block its base as a
/// zigzag varint, its width in bits as a byte, and the packed numbers less the base.
/// </remarks>
internal static class IntegerCodec
{
    private const int OrderMax = 2;
    private const byte OneBlockFlag = 0x10;
    private const int BlockCountOfMany = 128; // an outlier widens 128 numbers and not the whole chunk

    /// <summary>Writes the values. Their content is destroyed: they are differentiated in place.</summary>
    public static void Encode(Span<long> values, BlobWriter target)
    {
        int order = 0;
        bool oneBlock = true;
        long best = long.MaxValue;
        for (int candidate = 0; candidate <= OrderMax && candidate < Math.Max(values.Length, 1); candidate++)
        {
            (long whole, long blocks) = MeasureBits(values, candidate);
            if (Math.Min(whole, blocks) < best)
            {
                order = candidate;
                best = Math.Min(whole, blocks);
                oneBlock = whole <= blocks;
            }
        }

        target.WriteByte((byte)(order | (oneBlock ? OneBlockFlag : 0)));
        for (int i = 0; i < order; i++)
        {
            target.WriteZigzag(values[i]);
            Differentiate(values[i..]);
        }

        WriteBlocks(values[order..], oneBlock, target);
    }

    /// <summary>Fills <paramref name="values"/>; a failure is left in <paramref name="source"/>.</summary>
    public static void Decode(ref BlobReader source, Span<long> values)
    {
        byte mode = source.ReadByte();
        int order = mode & ~OneBlockFlag;
        if (order > OrderMax || order > values.Length)
        {
            source.Fail();
            return;
        }

        for (int i = 0; i < order; i++)
        {
            values[i] = source.ReadZigzag();
        }

        Span<long> rest = values[order..];
        int blockCount = (mode & OneBlockFlag) != 0 ? Math.Max(rest.Length, 1) : BlockCountOfMany;
        while (!rest.IsEmpty && !source.Failed)
        {
            int count = Math.Min(blockCount, rest.Length);
            ReadBlock(ref source, rest[..count]);
            rest = rest[count..];
        }

        for (int i = order; i > 0; i--)
        {
            Integrate(values[(i - 1)..]);
        }
    }

    private static void ReadBlock(ref BlobReader source, Span<long> values)
    {
        long least = source.ReadZigzag();
        int width = source.ReadByte();
        if (width > 64)
        {
            source.Fail();
            return;
        }

        ReadOnlySpan<byte> packed = source.Take(BitPacking.Measure(values.Length, width));
        if (!source.Failed)
        {
            BitPacking.Unpack(packed, least, width, values);
        }
    }

    private static void WriteBlocks(Span<long> values, bool oneBlock, BlobWriter target)
    {
        while (!values.IsEmpty)
        {
            int count = oneBlock ? values.Length : Math.Min(BlockCountOfMany, values.Length);
            (long least, long most) = RangeOf(values[..count], order: 0);
            int width = WidthOf(least, most);
            target.WriteZigzag(least);
            target.WriteByte((byte)width);
            BitPacking.Pack(values[..count], least, width, target.Take(BitPacking.Measure(count, width)));
            values = values[count..];
        }
    }

    /// <summary>Size in bits of the differences of an order, as one block and as many.</summary>
    private static (long Whole, long Blocks) MeasureBits(ReadOnlySpan<long> values, int order)
    {
        long blocks = 0;
        long least = long.MaxValue;
        long most = long.MinValue;
        int all = values.Length - order;
        while (values.Length > order)
        {
            int count = Math.Min(BlockCountOfMany, values.Length - order);
            (long blockLeast, long blockMost) = RangeOf(values[..(order + count)], order);
            blocks += BlockBits(count, blockLeast, blockMost);
            least = Math.Min(least, blockLeast);
            most = Math.Max(most, blockMost);
            values = values[count..];
        }

        return all == 0 ? (0, 0) : (BlockBits(all, least, most), blocks);
    }

    private static long BlockBits(int count, long least, long most)
    {
        const int WidthBits = 8;
        ulong zigzag = unchecked((ulong)((least << 1) ^ (least >> 63)));
        int baseBits = 8 * ((BitOperations.Log2(zigzag | 1) / 7) + 1);
        return WidthBits + baseBits + ((long)count * WidthOf(least, most));
    }

    private static int WidthOf(long least, long most)
    {
        ulong range = unchecked((ulong)(most - least));
        return range == 0 ? 0 : BitOperations.Log2(range) + 1;
    }

    /// <summary>Range of the differences of an order; there is at least one.</summary>
    private static (long Least, long Most) RangeOf(ReadOnlySpan<long> values, int order)
    {
        if (values.Length - order >= Vector<long>.Count)
        {
            return RangeOfVectors(values, order);
        }

        long least = long.MaxValue;
        long most = long.MinValue;
        for (int i = order; i < values.Length; i++)
        {
            long difference = unchecked(order switch
            {
                0 => values[i],
                1 => values[i] - values[i - 1],
                _ => values[i] - (2 * values[i - 1]) + values[i - 2],
            });
            least = Math.Min(least, difference);
            most = Math.Max(most, difference);
        }

        return (least, most);
    }

    private static (long Least, long Most) RangeOfVectors(ReadOnlySpan<long> values, int order)
    {
        var least = new Vector<long>(long.MaxValue);
        var most = new Vector<long>(long.MinValue);
        int last = values.Length - Vector<long>.Count;
        for (int i = order; ; i = Math.Min(i + Vector<long>.Count, last)) // the last ones may be looked at twice
        {
            var next = new Vector<long>(values[i..]);
            if (order > 0)
            {
                var before = new Vector<long>(values[(i - 1)..]);
                next -= order == 1 ? before : before + before - new Vector<long>(values[(i - 2)..]);
            }

            least = Vector.Min(least, next);
            most = Vector.Max(most, next);
            if (i == last)
            {
                break;
            }
        }

        (long leastOfAll, long mostOfAll) = (least[0], most[0]);
        for (int i = 1; i < Vector<long>.Count; i++)
        {
            leastOfAll = Math.Min(leastOfAll, least[i]);
            mostOfAll = Math.Max(mostOfAll, most[i]);
        }

        return (leastOfAll, mostOfAll);
    }

    /// <summary>Leaves the first value and turns each other one into its difference from the one before.</summary>
    private static void Differentiate(Span<long> values)
    {
        long previous = values[0];
        foreach (ref long value in values[1..])
        {
            long current = value;
            value = unchecked(current - previous);
            previous = current;
        }
    }

    private static void Integrate(Span<long> values)
    {
        long sum = values[0];
        foreach (ref long value in values[1..])
        {
            sum = unchecked(sum + value);
            value = sum;
        }
    }
}
