using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>A site as the log names it.</summary>
/// <param name="Hash">SHA-256 of its files as 64 hexadecimal digits; empty for a site that has none.</param>
/// <param name="Catalogue">What the files declare, with the service's own topics excluded from intake.</param>
public sealed record SiteVersion(string Hash, SiteCatalogue Catalogue)
{
    /// <summary>
    /// The version for decoding: our alarm topics, sent back to us by a bridge, are no measurements, and what stands in
    /// Sparkplug's namespace is Sparkplug, unless the site says something of it.
    /// </summary>
    public static SiteVersion Of(string hash, SiteCatalogue site)
    {
        ArgumentNullException.ThrowIfNull(site);
        const string Namespace = "spBv1.0/";
        bool isSaid = site.Routes.Any(route => route.Filter.StartsWith(Namespace, StringComparison.Ordinal));
        RouteDefinition[] edgeNodes = isSaid
            ? []
            : [new RouteDefinition { Name = "sparkplug", Filter = $"{Namespace}#", Decoder = "sparkplug" }];
        var own = new RouteDefinition
        {
            Name = "own-alarms",
            Filter = AlarmTopics.FilterOf(site.Site),
            Decoder = "ignore",
        };
        return new SiteVersion(hash, site.WithRoutes([own, .. edgeNodes, .. site.Routes]));
    }
}
