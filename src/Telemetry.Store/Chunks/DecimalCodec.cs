namespace Telemetry.Store;

/// <summary>
/// Floats that are short decimals, as most sensors send them: whole numbers of 10^-n each. Used only when every value
/// comes back bit by bit.
/// </summary>
/// <remarks>Layout: n as a byte, then the whole numbers as <see cref="IntegerCodec"/>.</remarks>
internal static class DecimalCodec
{
    private const double WholeMax = 9_007_199_254_740_992; // 2^53: every whole number up to here is a double

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

    /// <summary>Writes the values, or writes nothing and says no when one of them is no short decimal.</summary>
    public static bool TryEncode(ReadOnlySpan<long> bits, BlobWriter target, Span<long> scratch)
    {
        Span<long> wholes = scratch[..bits.Length];
        int digits = 0;
        int done = Scale(bits, Powers[digits], wholes);
        while (done < bits.Length)
        {
            // The value that did not fit decides how many digits it takes before the others are tried again.
            do
            {
                digits++;
            }
            while (digits < Powers.Length && Scale(bits.Slice(done, 1), Powers[digits], wholes) == 0);

            if (digits == Powers.Length)
            {
                return false;
            }

            done = Scale(bits, Powers[digits], wholes);
        }

        target.WriteByte((byte)digits);
        IntegerCodec.Encode(wholes, target);
        return true;
    }

    public static void Decode(ref BlobReader source, Span<long> bits)
    {
        int digits = source.ReadByte();
        if (digits >= Powers.Length)
        {
            source.Fail();
            return;
        }

        double power = Powers[digits];
        IntegerCodec.Decode(ref source, bits);
        foreach (ref long value in bits)
        {
            value = BitConverter.DoubleToInt64Bits(value / power);
        }
    }

    /// <summary>
    /// How many values from the front come back exactly from whole numbers of 1/<paramref name="power"/>.
    /// </summary>
    private static int Scale(ReadOnlySpan<long> bits, double power, Span<long> wholes)
    {
        for (int i = 0; i < bits.Length; i++)
        {
            double scaled = Math.Round(BitConverter.Int64BitsToDouble(bits[i]) * power);
            if (!(Math.Abs(scaled) <= WholeMax))
            {
                return i;
            }

            long whole = (long)scaled;
            if (BitConverter.DoubleToInt64Bits(whole / power) != bits[i])
            {
                return i;
            }

            wholes[i] = whole;
        }

        return bits.Length;
    }
}
