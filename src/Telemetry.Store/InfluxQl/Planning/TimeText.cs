using System.Globalization;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Instants as text: <c>2026-01-31</c>, <c>2026-01-31 12:00:00.5</c>, and RFC 3339 with up to nine decimals. Reads all
/// three, writes the last in UTC without trailing zeros.
/// </summary>
internal static class TimeText
{
    private const int SecondsLength = 19; // 2026-01-31T12:00:00
    private const int DecimalsMax = 9;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long SecondsMax = long.MaxValue / NanosecondsPerSecond;

    private static readonly string[] SecondFormats = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss"];

    /// <summary>Reads an instant.</summary>
    /// <param name="text">What stands in the query.</param>
    /// <param name="zone">The zone of a text that names none; null for UTC.</param>
    /// <param name="nanoseconds">The instant.</param>
    /// <returns>False when the text is none, or lies outside 1677…2262.</returns>
    public static bool TryParse(string text, TimeZoneInfo? zone, out long nanoseconds)
    {
        nanoseconds = 0;
        if (TryParseExact(text, "yyyy-MM-dd", out DateTime day))
        {
            return TryCombine(day, 0, TimeSpan.Zero, out nanoseconds) && Localise(zone, ref nanoseconds);
        }

        if (text.Length < SecondsLength || !TryParseSeconds(text[..SecondsLength], out DateTime second))
        {
            return false;
        }

        string rest = text[SecondsLength..];
        if (!TryTakeDecimals(ref rest, out long decimals))
        {
            return false;
        }

        bool isRfc3339 = text[SecondsLength - 9] == 'T';
        if (rest.Length == 0)
        {
            return !isRfc3339 && TryCombine(second, decimals, TimeSpan.Zero, out nanoseconds)
                && Localise(zone, ref nanoseconds);
        }

        return isRfc3339 && TryParseZone(rest, out TimeSpan offset)
            && TryCombine(second, decimals, offset, out nanoseconds);
    }

    /// <summary>True when the text begins as a date does, so that it was meant to be an instant.</summary>
    public static bool Resembles(string text) =>
        text.Length >= 10 && text[4] == '-' && text[7] == '-' && char.IsAsciiDigit(text[0]);

    /// <summary>Writes an instant as <c>2026-01-31T12:00:00.5Z</c>, or with the zone's offset.</summary>
    public static string Format(long nanoseconds, TimeZoneInfo? zone = null)
    {
        TimeSpan offset = zone is null ? TimeSpan.Zero : new TimeSpan(TimeZones.OffsetAt(zone, nanoseconds) / 100);
        nanoseconds += offset.Ticks * TimeSpan.NanosecondsPerTick;
        string suffix = offset == TimeSpan.Zero ? "Z"
            : string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
        long seconds = nanoseconds / NanosecondsPerSecond;
        long decimals = nanoseconds % NanosecondsPerSecond;
        if (decimals < 0)
        {
            decimals += NanosecondsPerSecond;
            seconds--;
        }

        string whole = DateTimeOffset.FromUnixTimeSeconds(seconds)
            .ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return decimals == 0
            ? whole + suffix
            : $"{whole}.{decimals.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}{suffix}";
    }

    private static bool Localise(TimeZoneInfo? zone, ref long nanoseconds)
    {
        nanoseconds = zone is null ? nanoseconds : TimeZones.InstantOf(zone, nanoseconds);
        return true;
    }

    private static bool TryParseSeconds(string text, out DateTime second) =>
        DateTime.TryParseExact(
            text, SecondFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal
            | DateTimeStyles.AdjustToUniversal, out second);

    private static bool TryParseExact(string text, string format, out DateTime instant) =>
        DateTime.TryParseExact(
            text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal
            | DateTimeStyles.AdjustToUniversal, out instant);

    private static bool TryTakeDecimals(ref string rest, out long decimals)
    {
        decimals = 0;
        if (!rest.StartsWith('.'))
        {
            return true;
        }

        int end = 1;
        while (end < rest.Length && char.IsAsciiDigit(rest[end]))
        {
            end++;
        }

        string digits = rest[1..end];
        rest = rest[end..];
        return digits.Length is > 0 and <= DecimalsMax
            && long.TryParse(digits.PadRight(DecimalsMax, '0'), CultureInfo.InvariantCulture, out decimals);
    }

    private static bool TryParseZone(string text, out TimeSpan zone)
    {
        zone = TimeSpan.Zero;
        if (text == "Z")
        {
            return true;
        }

        bool isOffset = text.Length == 6 && text[0] is '+' or '-';
        if (!isOffset || !TimeSpan.TryParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture, out zone))
        {
            return false;
        }

        zone = text[0] == '-' ? -zone : zone;
        return true;
    }

    private static bool TryCombine(DateTime second, long decimals, TimeSpan zone, out long nanoseconds)
    {
        long seconds = new DateTimeOffset(second).ToUnixTimeSeconds() - (long)zone.TotalSeconds;
        bool fits = seconds is > -SecondsMax and < SecondsMax;
        nanoseconds = fits ? (seconds * NanosecondsPerSecond) + decimals : 0;
        return fits;
    }
}
