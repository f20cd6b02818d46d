using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>The gateways of a site, and each of them as equipment when it has signals of its own.</summary>
internal sealed record GatewayTable(
    IReadOnlyList<Gateway> Gateways, IReadOnlyList<Asset> AsAssets, IReadOnlyDictionary<string, Node> Ids);

/// <summary>Reads the section <c>gateways</c>.</summary>
internal static class GatewayReader
{
    private static readonly string[] Keys = ["id", "name", "note", "format", "type", "area", "enabled", "clock"];
    private static readonly string[] Formats = ["line-protocol", "json-flat", "json-values", "senml", "frame"];

    public static GatewayTable Read(
        Section site, IReadOnlyDictionary<string, EquipmentType> types, ClockPolicy clock, FaultList faults)
    {
        var gateways = new List<Gateway>();
        var assets = new List<Asset>();
        var ids = new Dictionary<string, Node>(StringComparer.Ordinal);
        IReadOnlyList<Node> items = site.Items("gateways");
        for (int i = 0; i < items.Count; i++)
        {
            Section item = Section.Open(items[i], $"gateways[{items[i].Index}]", faults, Keys);
            string id = item.RequireText("id", "GW-MILL");
            Identifiers.Check(id, item.Find("id"), item.PathOf("id"), faults, alsoAllowed: ".:");
            AssetReader.AddUnique(ids, id, item, faults);
            DisplayName name = AssetReader.ReadName(item, id);
            gateways.Add(new Gateway(id, name, item.Text("note"), ReadFormat(item), ClockReader.Read(item, clock)));
            bool enabled = item.Flag("enabled", fallback: true);
            if (AssetReader.FindType(item, types) is { } type)
            {
                string area = AssetReader.ReadArea(item, faults);
                assets.Add(new Asset(id, type, area, name, id, enabled) { Relations = type.Relations });
            }
        }

        return new GatewayTable(gateways, assets, ids);
    }

    private static string ReadFormat(Section item)
    {
        string format = item.Text("format");
        if (format.Length > 0 && !Formats.Contains(format))
        {
            item.Report("format", $"cannot use format \"{format}\": unknown; {Suggestion.For(format, Formats)}");
        }

        return format;
    }
}
