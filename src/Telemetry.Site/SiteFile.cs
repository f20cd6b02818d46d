using Telemetry.Model;
using Telemetry.Site.Reading;

namespace Telemetry.Site;

/// <summary>
/// Reads a site file: equipment types with their signals and limits, assets, gateways and routes. The whole file is
/// read in one pass; a file with any fault gives no catalogue, so that a site never runs on half of what was meant.
/// </summary>
public static class SiteFile
{
    private static readonly string[] Keys =
        ["site", "gateways", "equipment", "assets", "routes", "bindings", "clock", "lanes", "ambient"];

    /// <summary>Reads the text of a site file.</summary>
    /// <param name="yamlText">The text.</param>
    /// <param name="fileName">What faults call the file.</param>
    public static SiteLoad Load(string yamlText, string fileName) =>
        Load(new SiteSet(new SiteSource(fileName, yamlText), []));

    /// <summary>Reads all files of a site as one.</summary>
    public static SiteLoad Load(SiteSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var faults = new FaultList();
        long characters = set.Own.Text.Length + set.Fragments.Sum(fragment => (long)fragment.Text.Length);
        if (characters > SiteLimits.FileCharactersMax)
        {
            faults.Begin(set.Own.Name);
            string cause = $"expected at most {SiteLimits.FileCharactersMax} characters, found {characters}";
            faults.Add(1, 1, "", $"cannot read the site: {cause}; split it into sites of their own");
            return new SiteLoad(null, faults.InFileOrder());
        }

        Node? root = TreeParser.Parse(set.Own, faults);
        var fragments = new List<Node>();
        foreach (SiteSource fragment in set.Fragments)
        {
            if (TreeParser.Parse(fragment, faults) is { } tree)
            {
                fragments.Add(tree);
            }
        }

        if (root is null)
        {
            return new SiteLoad(null, faults.InFileOrder());
        }

        TreeMerge.Join(root, fragments, faults);
        SiteCatalogue? catalogue = Read(root, faults);
        return new SiteLoad(faults.Count == 0 ? catalogue : null, faults.InFileOrder());
    }

    private static SiteCatalogue? Read(Node root, FaultList faults)
    {
        Section site = Section.Open(root, "", faults, Keys);
        string name = site.RequireText("site", "pilot");
        Identifiers.Check(name, site.Find("site"), "site", faults);
        IReadOnlyDictionary<string, EquipmentType> types = EquipmentReader.Read(site, faults);
        ClockPolicy clock = ClockReader.Read(site, ClockPolicy.Default);
        GatewayTable gateways = GatewayReader.Read(site, types, clock, faults);
        AssetTable assets = AssetReader.Read(site, types, gateways, faults);
        var bindings = new BindingReader(assets, faults);
        IReadOnlyList<RouteDefinition> routes = RouteReader.Read(site, assets, bindings, faults);
        IReadOnlyList<SignalBinding> ofSite = bindings.ReadOfSite(site, routes);
        IReadOnlyList<TrafficLane> lanes = LaneReader.Read(site, faults);
        return faults.Count > 0
            ? null
            : new SiteCatalogue(name, assets.Assets, gateways.Gateways, routes, assets.Signals)
            {
                Bindings = ofSite,
                Clock = clock,
                Lanes = lanes,
            };
    }
}
