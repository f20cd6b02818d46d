using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>A verdict as detection takes it.</summary>
/// <param name="Number">Its number; positive.</param>
/// <param name="Verdict">What was said.</param>
/// <param name="From">Lane time behind which it is in force, nanoseconds since 1970.</param>
/// <param name="Until">The last lane time at which it is: it was revoked then, or expires.</param>
/// <param name="Judged">What was judged, as large as it was then.</param>
public sealed record GivenVerdict(
    long Number, OperatorVerdict Verdict, long From, long Until, AnomalyFacts Judged)
{
    /// <summary>True while it is in force.</summary>
    public bool IsInForceAt(long now) => now > From && now <= Until;
}
