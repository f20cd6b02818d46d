using System.Buffers.Text;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// The shortest digits of a float that came from an instrument: few behind the point. Such a value is a whole number
/// divided by a power of ten, and two decimals of at most 15 digits never are the same float (IEEE 754 binary64), so
/// that the digits found are the only ones and the shortest. All others need the general way.
/// </summary>
internal static class DecimalText
{
    private const double MantissaMax = 1e15;
    private const int FewPlaces = 3;
    private const int ManyPlaces = 6;

    /// <summary>Writes the value; false when it is none of these, or zero.</summary>
    public static bool TryWrite(double value, Span<byte> target, out int written)
    {
        written = 0;
        return (TryScale(value, 1e3, out long mantissa) && TryWrite(mantissa, FewPlaces, target, out written))
            || (TryScale(value, 1e6, out mantissa) && TryWrite(mantissa, ManyPlaces, target, out written));
    }

    private static bool TryScale(double value, double power, out long mantissa)
    {
        double scaled = Math.Round(value * power);
        bool isExact = scaled is > -MantissaMax and < MantissaMax and not 0 && scaled / power == value;
        mantissa = isExact ? (long)scaled : 0;
        return isExact;
    }

    private static bool TryWrite(long mantissa, int places, Span<byte> target, out int written)
    {
        while (places > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            places--;
        }

        written = 0;
        long size = Math.Abs(mantissa);
        if (mantissa < 0)
        {
            target[written++] = (byte)'-';
        }

        long power = 1;
        for (int i = 0; i < places; i++)
        {
            power *= 10;
        }

        bool isWritten = Utf8Formatter.TryFormat(size / power, target[written..], out int whole);
        written += whole;
        if (places > 0)
        {
            target[written] = (byte)'.';
            long rest = size % power;
            for (int i = places; i > 0; i--, rest /= 10)
            {
                target[written + i] = (byte)('0' + (rest % 10));
            }

            written += places + 1;
        }

        return isWritten;
    }
}
