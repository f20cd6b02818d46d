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

    /// <summary>Writes a duration in its greatest unit that is whole, as InfluxDB's error texts do.</summary>
    public static string Format(long nanoseconds)
    {
        (string Name, long Size)[] units =
        [
            ("w", 604_800_000_000_000), ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000),
            ("s", 1_000_000_000), ("ms", 1_000_000), ("u", 1_000),
        ];
        (string name, long size) = Array.Find(units, unit => nanoseconds % unit.Size == 0 && nanoseconds != 0);
        return size == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{nanoseconds}{(nanoseconds == 0 ? "s" : "ns")}")
            : string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / size}{name}");
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
