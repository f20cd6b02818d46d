using Telemetry.Ingestion;
using Telemetry.Model;

namespace Telemetry.Api;

/// <summary>An anomaly as it leaves the service.</summary>
/// <param name="Finding">Its number.</param>
/// <param name="Level">alarm, notice or held.</param>
/// <param name="Signal">Asset and signal.</param>
/// <param name="TimeMilliseconds">Event time, milliseconds since 1970.</param>
/// <param name="UntilMilliseconds">When it ended; null while it lasts, and of a notice.</param>
/// <param name="Value">What was seen, in the unit.</param>
/// <param name="Limit">The end of what is usual, in the unit.</param>
/// <param name="Size">The largest distance from what was expected, in the unit.</param>
/// <param name="Unit">UCUM code.</param>
/// <param name="Class">process, sensor or gateway.</param>
/// <param name="Why">One sentence in English.</param>
/// <param name="HeldBy">Number of the verdict that held it back; null for none.</param>
internal sealed record FindingMessage(
    long Finding,
    string Level,
    string Signal,
    long TimeMilliseconds,
    long? UntilMilliseconds,
    double Value,
    double Limit,
    double Size,
    string Unit,
    string Class,
    string Why,
    long? HeldBy)
{
    /// <summary>The message for a finding.</summary>
    public static FindingMessage Of(KeptFinding kept) => new(
        kept.Number,
        kept.Level.ToString().ToLowerInvariant(),
        kept.Signal,
        kept.Finding.Time / Timestamp.NanosecondsPerMillisecond,
        kept.EndedAt > 0 ? kept.EndedAt / Timestamp.NanosecondsPerMillisecond : null,
        kept.Finding.Value,
        kept.Finding.Limit,
        kept.Facts.Size,
        kept.Unit,
        FindingClassText.Of(kept.Finding.Class),
        kept.Finding.Explanation,
        kept.HeldBy > 0 ? kept.HeldBy : null);
}
