using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Store.Export;

/// <summary>Times as exports write them: RFC 3339 in UTC, and with a zone beside it local with its offset.</summary>
internal sealed class ExportTimes(TimeZoneInfo? zone)
{
    public bool HasLocal => zone is not null;

    public static string Utc(long nanoseconds)
    {
        DateTimeOffset instant = Timestamp.ToDateTimeOffset(nanoseconds);
        return instant.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + DecimalsOf(nanoseconds) + "Z";
    }

    public string Local(long nanoseconds)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(Timestamp.ToDateTimeOffset(nanoseconds), zone!);
        return local.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + DecimalsOf(nanoseconds)
            + local.ToString("zzz", CultureInfo.InvariantCulture);
    }

    /// <summary>As many decimals as it takes: none, three, six or nine.</summary>
    private static string DecimalsOf(long nanoseconds)
    {
        long decimals = nanoseconds % Timestamp.NanosecondsPerSecond;
        decimals += decimals < 0 ? Timestamp.NanosecondsPerSecond : 0;
        CultureInfo culture = CultureInfo.InvariantCulture;
        return decimals == 0 ? ""
            : decimals % 1_000_000 == 0 ? string.Create(culture, $".{decimals / 1_000_000:D3}")
            : decimals % 1_000 == 0 ? string.Create(culture, $".{decimals / 1_000:D6}")
            : string.Create(culture, $".{decimals:D9}");
    }
}
