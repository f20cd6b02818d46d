using Telemetry.Ingestion;
using Telemetry.Model;

namespace Telemetry.Api;

/// <summary>A notice as it leaves the service.</summary>
/// <param name="Signal">Asset and signal.</param>
/// <param name="TimeMilliseconds">Event time, milliseconds since 1970.</param>
/// <param name="Value">What was seen, in the unit.</param>
/// <param name="Limit">The end of what is usual, in the unit.</param>
/// <param name="Unit">UCUM code.</param>
/// <param name="Class">process, sensor or gateway.</param>
/// <param name="Why">One sentence in English.</param>
internal sealed record NoticeMessage(
    string Signal, long TimeMilliseconds, double Value, double Limit, string Unit, string Class, string Why)
{
    /// <summary>The message for a notice.</summary>
    public static NoticeMessage Of(Notice notice) => new(
        notice.Signal,
        notice.Finding.Time / Timestamp.NanosecondsPerMillisecond,
        notice.Finding.Value,
        notice.Finding.Limit,
        notice.Unit,
        FindingClassText.Of(notice.Finding.Class),
        notice.Finding.Explanation);
}
