using System.Numerics;

namespace Telemetry.Store;

/// <summary>
/// Floats as the exclusive-or with the one before (Pelkonen et al., Gorilla, VLDB 2015, §4.1.2): what remains when
/// values are no short decimals.
/// </summary>
/// <remarks>
/// Layout, as bits: the first value (64); then per value 0 when it repeats, else 1 and: 0 and the bits of the window
/// used last, or 1, leading zeros (5), width − 1 (6) and the bits of that window.
/// </remarks>
internal static class XorCodec
{
    private const int LeadingBits = 5;
    private const int LeadingMax = 31;
    private const int WidthBits = 6;

    public static void Encode(ReadOnlySpan<long> bits, BlobWriter target)
    {
        var writer = new BitWriter(target);
        ulong previous = unchecked((ulong)bits[0]);
        writer.Write(previous, 64);
        int leading = 0;
        int width = 0;
        foreach (long value in bits[1..])
        {
            ulong current = unchecked((ulong)value);
            ulong difference = current ^ previous;
            previous = current;
            if (difference == 0)
            {
                writer.Write(0, 1);
                continue;
            }

            int zerosAhead = Math.Min(BitOperations.LeadingZeroCount(difference), LeadingMax);
            int zerosBehind = BitOperations.TrailingZeroCount(difference);
            bool fits = width > 0 && zerosAhead >= leading && zerosBehind >= 64 - leading - width;
            if (!fits)
            {
                leading = zerosAhead;
                width = 64 - zerosAhead - zerosBehind;
            }

            writer.Write(fits ? 0b01u : 0b11u, 2);
            if (!fits)
            {
                writer.Write((ulong)leading, LeadingBits);
                writer.Write((ulong)(width - 1), WidthBits);
            }

            writer.Write(difference >> (64 - leading - width), width);
        }

        writer.Close();
    }

    public static void Decode(ref BlobReader source, Span<long> bits)
    {
        var reader = new BitReader(source.Take(source.Left));
        ulong current = reader.Read(64);
        int leading = 0;
        int width = 0;
        foreach (ref long value in bits[..1])
        {
            value = unchecked((long)current);
        }

        foreach (ref long value in bits[1..])
        {
            if (reader.Read(1) == 1)
            {
                if (reader.Read(1) == 1)
                {
                    leading = (int)reader.Read(LeadingBits);
                    width = (int)reader.Read(WidthBits) + 1;
                }

                if (reader.Failed || width == 0 || leading + width > 64)
                {
                    source.Fail();
                    return;
                }

                current ^= reader.Read(width) << (64 - leading - width);
            }

            value = unchecked((long)current);
        }

        if (reader.Failed)
        {
            source.Fail();
        }
    }
}
