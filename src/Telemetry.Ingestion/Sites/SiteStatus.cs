using Telemetry.Site;

namespace Telemetry.Ingestion;

/// <summary>The site in force, and what was last refused.</summary>
/// <param name="Version">The site that messages are decoded by from now on.</param>
/// <param name="Offset">Offset of the record that put it in force; 0 when no record did.</param>
/// <param name="ArrivalTime">Arrival time of that record, nanoseconds since 1970; 0 when no record did.</param>
/// <param name="Refused">The files that are there now cannot be used; null when they are in force.</param>
public sealed record SiteStatus(SiteVersion Version, long Offset, long ArrivalTime, RefusedSite? Refused);

/// <summary>A site that was refused.</summary>
/// <param name="Milliseconds">When, since 1970.</param>
/// <param name="Faults">Why.</param>
public sealed record RefusedSite(long Milliseconds, IReadOnlyList<SiteFault> Faults)
{
    /// <summary>The faults as people read them, <c>file:line:column: …</c>.</summary>
    public IEnumerable<string> FaultLines => Faults.Select(fault => fault.ToString());

    /// <summary>The first fault and how many more there are.</summary>
    public string Words => Faults.Count == 1 ? $"{Faults[0]}" : $"{Faults[0]}; and {Faults.Count - 1} more";
}
