using System.Globalization;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Durations as InfluxQL writes them: whole numbers with the units ns, u (or µ), ms, s, m, h, d, w, joined.
/// </summary>
internal static class Duration
{
    /// <summary>Reads a duration such as <c>1h30m</c>.</summary>
    /// <returns>False when a unit is missing or unknown, or the sum does not fit 64 bits of nanoseconds.</returns>
    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        int i = 0;
        while (i < text.Length)
        {
            int digits = i;
            while (i < text.Length && char.IsAsciiDigit(text[i]))
            {
                i++;
            }

            int unitStart = i;
            while (i < text.Length && !char.IsAsciiDigit(text[i]))
            {
                i++;
            }

            long unit = UnitOf(text.AsSpan(unitStart, i - unitStart));
            ReadOnlySpan<char> number = text.AsSpan(digits, unitStart - digits);
            if (unit == 0
                || !long.TryParse(number, CultureInfo.InvariantCulture, out long count)
                || count > (long.MaxValue - nanoseconds) / unit)
            {
                return false;
            }

            nanoseconds += count * unit;
        }

        return text.Length > 0;
    }

    private static long UnitOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "u" or "µ" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        "w" => 604_800_000_000_000,
        _ => 0,
    };
}
