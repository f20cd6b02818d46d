using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>
/// Times as data sets have them: ISO 8601 with or without an offset (then UTC), or a count since 1970.
/// </summary>
internal static class CsvTime
{
    private const decimal SecondsMax = 1e11m; // beyond it a count is of milliseconds: 1973 in these, 5138 in seconds
    private const decimal MillisecondsMax = 1e14m;
    private const decimal MicrosecondsMax = 1e17m;

    private static readonly string[] OtherFormats = ["dd/MM/yy HH", "dd/MM/yyyy HH:mm", "dd/MM/yyyy HH:mm:ss"];

    /// <summary>Reads a time.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        text = text.Trim();
        if (decimal.TryParse(text, NumberStyles.Float, invariant, out decimal count))
        {
            decimal whole = count * UnitOf(Math.Abs(count));
            nanoseconds = whole is > long.MinValue and < long.MaxValue ? (long)whole : 0;
            return nanoseconds != 0 || whole == 0;
        }

        const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        nanoseconds = 0;
        bool isTime = DateTime.TryParseExact(text, OtherFormats, invariant, Style, out DateTime time)
            || DateTime.TryParse(text, invariant, Style, out time);
        return isTime && Timestamp.TryFrom(new DateTimeOffset(time), out nanoseconds);
    }

    private static decimal UnitOf(decimal count) => count switch
    {
        < SecondsMax => 1e9m,
        < MillisecondsMax => 1e6m,
        < MicrosecondsMax => 1e3m,
        _ => 1,
    };
}
