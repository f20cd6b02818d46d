namespace Telemetry.Ingestion;

/// <summary>A gateway's clock as people see it; docs/time.md.</summary>
/// <param name="State">unknown, good, corrected, jumped or reset.</param>
/// <param name="SkewSeconds">Clock less true time, positive when it is ahead; null while unknown.</param>
/// <param name="DriftSecondsPerDay">What it gains per day; null until an hour was heard.</param>
/// <param name="UncertaintySeconds">Bound of the skew's own error; null while unknown.</param>
/// <param name="SinceMilliseconds">Arrival since which the state holds, since 1970; 0: never heard.</param>
/// <param name="IsCorrected">False where the site file keeps times as they come.</param>
public sealed record ClockView(
    string State,
    double? SkewSeconds,
    double? DriftSecondsPerDay,
    double? UncertaintySeconds,
    long SinceMilliseconds,
    bool IsCorrected)
{
    /// <summary>The state's name outward.</summary>
    public static string NameOf(ClockState state) => state switch
    {
        ClockState.Good => "good",
        ClockState.Corrected => "corrected",
        ClockState.Jumped => "jumped",
        ClockState.Reset => "reset",
        _ => "unknown",
    };
}
