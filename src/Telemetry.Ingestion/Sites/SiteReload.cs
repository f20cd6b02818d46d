using Telemetry.Site;

namespace Telemetry.Ingestion;

/// <summary>What became of reading the site's files again.</summary>
public enum SiteReloadOutcome
{
    /// <summary>Another site is in force.</summary>
    Changed,

    /// <summary>The files are those of the site in force.</summary>
    Unchanged,

    /// <summary>There are faults; the site in force stays.</summary>
    Refused,
}

/// <summary>What reading the site's files again came to.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Hash">Hash of the site that is in force now.</param>
/// <param name="Offset">Offset of the record from whose end on it is.</param>
/// <param name="Faults">Why nothing was changed; empty otherwise.</param>
public sealed record SiteReload(
    SiteReloadOutcome Outcome, string Hash, long Offset, IReadOnlyList<SiteFault> Faults)
{
    /// <summary>The faults as people read them, <c>file:line:column: …</c>.</summary>
    public IEnumerable<string> FaultLines => Faults.Select(fault => fault.ToString());
}
