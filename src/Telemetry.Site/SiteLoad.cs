using Telemetry.Model;

namespace Telemetry.Site;

/// <summary>What reading a site file gave: a whole catalogue, or every fault that was found.</summary>
/// <param name="Catalogue">The site; null when there is any fault.</param>
/// <param name="Faults">All faults in the order in which they stand in the file.</param>
public sealed record SiteLoad(SiteCatalogue? Catalogue, IReadOnlyList<SiteFault> Faults)
{
    /// <summary>True when the file can be used.</summary>
    public bool IsUsable => Catalogue is not null;
}
