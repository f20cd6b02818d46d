using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;

namespace Telemetry.Buffers;

/// <summary>
/// Numbers in UTF-8 text. Parsing takes the whole span or answers no; it accepts neither white space nor group
/// separators nor NaN and the infinities. Every double read is the one nearest to the text (ties to even), bit for bit
/// what the base library gives.
/// </summary>
public static class Utf8Number
{
    /// <summary>Room that <see cref="TryFormat(double, Span{byte}, out int)"/> needs at most.</summary>
    public const int FormattedDoubleBytesMax = 32; // the longest is 24: -1.2345678901234567E-308

    private const ulong ExactMantissaMax = 1UL << 53; // every whole number up to here is a double
    private const int ExactDigitsMax = 19; // 10^19 - 1 < 2^64: so many digits cannot overflow
    private const int ShortDecimalsMax = 4; // below 10^-4 the base library changes to an exponent
    private const double ShortMantissaMax = 1e15; // 15 digits survive the way to a double and back

    private const NumberStyles FloatStyle =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // 10^0 … 10^22: the powers of ten that a double holds exactly. An array: a span of doubles over constant data
    // allocates at each use where the compiler does not optimise.
    private static readonly double[] ExactPowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>
    /// Reads a decimal number: sign, digits with at most one point among or around them, exponent; at least one digit.
    /// </summary>
    /// <returns>
    /// False when the text is no such number (the value is then 0) or beyond the largest double (it is then infinite).
    /// </returns>
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value) =>
        (TryReadDecimal(text, out value, out int bytes) && bytes == text.Length)
        || TryParseDoubleSlow(text, bytes, out value);

    /// <summary>
    /// Reads the decimal number that a text begins with: sign, digits with at most one point among or around them, no
    /// exponent, short enough for an exact quotient.
    /// </summary>
    /// <param name="text">May go on behind the number.</param>
    /// <param name="value">The number.</param>
    /// <param name="bytes">How long it is; what stands behind it is the caller's to judge.</param>
    /// <returns>False when there is none, or it is longer: then <see cref="TryParseDouble"/> tells.</returns>
    public static bool TryReadDecimal(ReadOnlySpan<byte> text, out double value, out int bytes)
    {
        int start = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        int position = start;
        int point = -1;
        ulong mantissa = 0;
        for (; (uint)position < (uint)text.Length; position++)
        {
            uint digit = text[position] - (uint)'0';
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit; // what overflows is refused by its number of digits
            }
            else if (text[position] == '.' && point < 0)
            {
                point = position;
            }
            else
            {
                break;
            }
        }

        bytes = position;
        int decimals = point < 0 ? 0 : position - point - 1;
        int digits = position - start - (point < 0 ? 0 : 1);
        if (digits is 0 or > ExactDigitsMax || mantissa > ExactMantissaMax)
        {
            value = 0;
            return false;
        }

        // Both operands are exact, so that the one division is correctly rounded (Clinger 1990).
        double magnitude = mantissa / ExactPowersOfTen[decimals];
        value = text[0] == '-' ? -magnitude : magnitude;
        return true;
    }

    /// <summary>Reads the digits that a text begins with.</summary>
    /// <param name="text">May go on behind them.</param>
    /// <param name="value">Their number; below 2⁶³.</param>
    /// <param name="bytes">How many there are.</param>
    /// <returns>False when there is none, or their number does not fit.</returns>
    public static bool TryReadDigits(ReadOnlySpan<byte> text, out ulong value, out int bytes)
    {
        int position = 0;
        value = 0;
        while (text.Length - position >= sizeof(ulong) && TryReadEight(text[position..], out uint eight))
        {
            value = (value * 100_000_000) + eight;
            position += sizeof(ulong);
        }

        AddDigits(text, ref position, ref value);
        bytes = position;
        return position is > 0 and <= ExactDigitsMax && value <= long.MaxValue;
    }

    /// <summary>True when the text has the form of a number, whether or not a double can hold it.</summary>
    public static bool IsDecimal(ReadOnlySpan<byte> text) =>
        TryParseDouble(text, out double value) || double.IsInfinity(value);

    /// <summary>Reads a whole number with an optional minus sign.</summary>
    /// <returns>False when malformed or out of range.</returns>
    public static bool TryParseInt64(ReadOnlySpan<byte> text, out long value) =>
        ParseInt64(text, out value) == Utf8NumberStatus.Parsed;

    /// <summary>Reads a whole number without a sign.</summary>
    /// <returns>False when malformed or out of range.</returns>
    public static bool TryParseUInt64(ReadOnlySpan<byte> text, out ulong value) =>
        ParseUInt64(text, out value) == Utf8NumberStatus.Parsed;

    /// <summary>Reads a whole number with an optional minus sign, and says why not.</summary>
    public static Utf8NumberStatus ParseInt64(ReadOnlySpan<byte> text, out long value)
    {
        bool isNegative = text.Length > 0 && text[0] == '-';
        Utf8NumberStatus status = ParseUInt64(isNegative ? text[1..] : text, out ulong magnitude);
        ulong magnitudeMax = isNegative ? 1UL << 63 : long.MaxValue;
        if (status == Utf8NumberStatus.Parsed && magnitude > magnitudeMax)
        {
            status = Utf8NumberStatus.OutOfRange;
        }

        // The magnitude 2^63 wraps to itself when negated, which is the value wanted.
        value = status != Utf8NumberStatus.Parsed ? 0 : isNegative ? -(long)magnitude : (long)magnitude;
        return status;
    }

    /// <summary>Reads a whole number without a sign, and says why not.</summary>
    public static Utf8NumberStatus ParseUInt64(ReadOnlySpan<byte> text, out ulong value)
    {
        if (text.Length > ExactDigitsMax)
        {
            return ParseUInt64Slow(text, out value);
        }

        int position = 0;
        value = 0;
        AddDigits(text, ref position, ref value);
        if (position == text.Length && position > 0)
        {
            return Utf8NumberStatus.Parsed;
        }

        value = 0;
        return Utf8NumberStatus.Malformed;
    }

    /// <summary>
    /// Writes the shortest decimal that reads back as the same double, as line protocol and the base library write it:
    /// <c>21.5</c>, <c>-0</c>, <c>1E+21</c>.
    /// </summary>
    /// <returns>False when the target is too small, or the value is NaN or infinite and has no decimal.</returns>
    public static bool TryFormat(double value, Span<byte> target, out int written)
    {
        double scale = 1;
        for (int decimals = 0; decimals <= ShortDecimalsMax; decimals++, scale *= 10)
        {
            double mantissa = Math.Round(value * scale);
            if (Math.Abs(mantissa) >= ShortMantissaMax)
            {
                break;
            }

            // Fast path: up to 15 digits that read back as the value are its only shortest form.
            if (mantissa / scale == value && mantissa != 0)
            {
                return TryFormatDecimal((long)mantissa, decimals, target, out written);
            }
        }

        written = 0;
        return double.IsFinite(value) && value.TryFormat(target, out written, default, CultureInfo.InvariantCulture);
    }

    private static bool TryFormatDecimal(long mantissa, int decimals, Span<byte> target, out int written)
    {
        if (decimals == 0)
        {
            return Utf8Formatter.TryFormat(mantissa, target, out written);
        }

        written = 0;
        int signBytes = mantissa < 0 ? 1 : 0;
        long unit = (long)ExactPowersOfTen[decimals];
        (long whole, long fraction) = Math.DivRem(Math.Abs(mantissa), unit);
        if (target.Length < signBytes
            || !Utf8Formatter.TryFormat(whole, target[signBytes..], out int wholeBytes)
            || target.Length < signBytes + wholeBytes + 1 + decimals)
        {
            return false;
        }

        target[0] = signBytes == 1 ? (byte)'-' : target[0];
        int point = signBytes + wholeBytes;
        target[point] = (byte)'.';
        for (int i = decimals; i > 0; i--)
        {
            (fraction, long digit) = Math.DivRem(fraction, 10);
            target[point + i] = (byte)('0' + digit);
        }

        written = point + 1 + decimals;
        return true;
    }

    /// <summary>
    /// Adds the digits at the position; what overflows is thrown away by the callers' count of digits.
    /// </summary>
    private static void AddDigits(ReadOnlySpan<byte> text, ref int position, ref ulong value)
    {
        int i = position;
        ulong sum = value;
        while ((uint)i < (uint)text.Length)
        {
            uint digit = text[i] - (uint)'0';
            if (digit > 9)
            {
                break;
            }

            sum = (sum * 10) + digit;
            i++;
        }

        position = i;
        value = sum;
    }

    /// <summary>
    /// Eight digits at once: pairs, fours and all eight are put together by three multiplications (Lemire 2018).
    /// </summary>
    private static bool TryReadEight(ReadOnlySpan<byte> text, out uint value)
    {
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(text);
        bool areDigits = ((word & 0xF0F0_F0F0_F0F0_F0F0)
            | (((word + 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4)) == 0x3333_3333_3333_3333;
        ulong digits = word - 0x3030_3030_3030_3030;
        ulong pairs = (digits * 10) + (digits >> 8);
        ulong low = (pairs & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064; // 10^6 and 100
        ulong high = ((pairs >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001; // 10^4 and 1
        value = (uint)((low + high) >> 32);
        return areDigits;
    }

    /// <summary>Long mantissas and exponents: the grammar is checked here, the value is the base library's.</summary>
    private static bool TryParseDoubleSlow(ReadOnlySpan<byte> text, int position, out double value)
    {
        value = 0;
        if (!text[..position].ContainsAnyInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        if (position < text.Length)
        {
            if (text[position] is not ((byte)'e' or (byte)'E'))
            {
                return false;
            }

            position++;
            position += position < text.Length && text[position] is (byte)'-' or (byte)'+' ? 1 : 0;
            int firstDigit = position;
            ulong ignored = 0;
            AddDigits(text, ref position, ref ignored);
            if (position == firstDigit || position < text.Length)
            {
                return false;
            }
        }

        return double.TryParse(text, FloatStyle, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static Utf8NumberStatus ParseUInt64Slow(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        bool isTooLarge = false;
        ulong sum = 0;
        foreach (byte c in text)
        {
            uint digit = c - (uint)'0';
            if (digit > 9)
            {
                return Utf8NumberStatus.Malformed;
            }

            isTooLarge |= sum > (ulong.MaxValue - digit) / 10;
            sum = (sum * 10) + digit;
        }

        value = isTooLarge ? 0 : sum;
        return isTooLarge ? Utf8NumberStatus.OutOfRange : Utf8NumberStatus.Parsed;
    }
}
