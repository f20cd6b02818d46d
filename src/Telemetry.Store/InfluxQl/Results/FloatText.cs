using System.Globalization;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Floats as InfluxDB prints them in JSON: the shortest digits that read back the same, plain between 1e-6 and 1e21,
/// with an exponent beyond.
/// </summary>
internal static class FloatText
{
    private const double PlainMin = 1e-6;
    private const double PlainMax = 1e21;

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
