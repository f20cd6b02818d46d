using System.Globalization;
using System.Text;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Floats as InfluxDB prints them in JSON: the shortest digits that read back the same, plain between 1e-6 and 1e21,
/// with an exponent beyond.
/// </summary>
internal static class FloatText
{
    /// <summary>Bytes of the longest one.</summary>
    public const int BytesMax = 32;

    private const double PlainMin = 1e-6;
    private const double PlainMax = 1e21;

    // Between these the runtime sets no exponent either.
    private const double SameMin = 1e-4;
    private const double SameMax = 1e15;

    /// <summary>Whether the runtime writes it in the same way.</summary>
    public static bool IsAsRuntime(double value) => value == 0 || Math.Abs(value) is >= SameMin and < SameMax;

    /// <summary>Writes a finite value as JSON has it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="target">At least <see cref="BytesMax"/> bytes.</param>
    /// <returns>How many bytes it took.</returns>
    public static int Write(double value, Span<byte> target)
    {
        if (DecimalText.TryWrite(value, target, out int written))
        {
            return written;
        }

        return IsAsRuntime(value) && value.TryFormat(target, out written, default, CultureInfo.InvariantCulture)
            ? written
            : Encoding.ASCII.GetBytes(Of(value), target);
    }

    /// <summary>The text of a finite value as JSON has it.</summary>
    public static string Of(double value)
    {
        double size = Math.Abs(value);
        bool isPlain = value == 0 || size is >= PlainMin and < PlainMax;
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        if (exponentAt < 0)
        {
            return shortest;
        }

        return isPlain ? Expand(shortest, exponentAt) : WithExponent(shortest, exponentAt);
    }

    /// <summary>The text of a finite value as CSV has it, never with an exponent.</summary>
    public static string PlainOf(double value)
    {
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        return exponentAt < 0 ? shortest : Expand(shortest, exponentAt);
    }

    /// <summary>Moves the point of <c>d.dddE±xx</c> to where it belongs.</summary>
    private static string Expand(string shortest, int exponentAt)
    {
        string sign = shortest[0] == '-' ? "-" : "";
        string mantissa = shortest[sign.Length..exponentAt];
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        int point = int.Parse(shortest.AsSpan(exponentAt + 1), CultureInfo.InvariantCulture) + 1;
        if (point <= 0)
        {
            return $"{sign}0.{new string('0', -point)}{digits}";
        }

        return point >= digits.Length
            ? sign + digits.PadRight(point, '0')
            : $"{sign}{digits[..point]}.{digits[point..]}";
    }

    /// <summary>Writes the exponent with its sign and without leading zeros: <c>1e+21</c>, <c>1e-7</c>.</summary>
    private static string WithExponent(string shortest, int exponentAt)
    {
        int exponent = int.Parse(shortest.AsSpan(exponentAt + 1), CultureInfo.InvariantCulture);
        string sign = exponent < 0 ? "-" : "+";
        return $"{shortest[..exponentAt]}e{sign}{Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)}";
    }
}
