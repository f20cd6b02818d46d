using Telemetry.Model;

namespace Telemetry.Site.Writing;

/// <summary>Units of time as a site file names them.</summary>
internal static class PrecisionNames
{
    public static string Of(TimePrecision precision) => precision switch
    {
        TimePrecision.Nanoseconds => "ns",
        TimePrecision.Microseconds => "us",
        TimePrecision.Milliseconds => "ms",
        TimePrecision.Seconds => "s",
        TimePrecision.Minutes => "m",
        _ => "h",
    };
}
