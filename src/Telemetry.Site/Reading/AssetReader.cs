using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>The assets of a site and the signals of the enabled ones, gateways' own signals among them.</summary>
internal sealed record AssetTable(IReadOnlyList<Asset> Assets, IReadOnlyList<SignalInstance> Signals)
{
    /// <summary>True when an enabled asset has the signal.</summary>
    public bool Has(string signalId) => Ids.Contains(signalId);

    public IReadOnlySet<string> Ids { get; } =
        Signals.Select(signal => signal.Id).ToHashSet(StringComparer.Ordinal);
}

/// <summary>Reads the section <c>assets</c>.</summary>
internal static class AssetReader
{
    private static readonly string[] Keys =
        ["id", "type", "area", "name", "gateway", "enabled", "limits", RelationReader.Key];

    private static readonly string[] Languages = ["en", "mn", "ko"];
    private static readonly string[] OverrideKeys = [.. AlarmRuleReader.LimitKeys, .. AlarmRuleReader.SettingKeys];

    public static AssetTable Read(
        Section site, IReadOnlyDictionary<string, EquipmentType> types, GatewayTable gateways, FaultList faults)
    {
        var assets = new List<Asset>();
        var signals = new List<SignalInstance>();
        var ids = new Dictionary<string, Node>(gateways.Ids, StringComparer.Ordinal);
        IReadOnlyList<Node> items = site.Items("assets");
        for (int i = 0; i < items.Count; i++)
        {
            Section item = Section.Open(items[i], $"assets[{items[i].Index}]", faults, Keys);
            string id = item.RequireText("id", "CR-201");
            Identifiers.Check(id, item.Find("id"), item.PathOf("id"), faults);
            bool isNew = AddUnique(ids, id, item, faults);
            item.RequireText("type", "CR1");
            EquipmentType? type = FindType(item, types);
            string gateway = ReadGateway(item, gateways);
            string area = ReadArea(item, faults);
            DisplayName name = ReadName(item, id);
            bool enabled = item.Flag("enabled", fallback: true);
            if (type is null || !isNew)
            {
                continue;
            }

            var asset = new Asset(id, type, area, name, gateway, enabled)
            {
                Relations = RelationReader.Read(item, type, faults),
            };
            assets.Add(asset);
            AddSignals(signals, asset, ReadOverrides(item, type, faults));
        }

        foreach (Asset gateway in gateways.AsAssets)
        {
            AddSignals(signals, gateway, []);
        }

        CheckCeiling(site, signals.Count);
        RelationReader.CheckCeiling(site, assets.Concat(gateways.AsAssets));
        return new AssetTable(assets, WithAmbient(site, signals));
    }

    /// <summary>Remembers an identifier; false when the site has it already.</summary>
    public static bool AddUnique(Dictionary<string, Node> ids, string id, Section item, FaultList faults)
    {
        if (id.Length == 0 || ids.TryAdd(id, item.Node))
        {
            return id.Length > 0;
        }

        faults.Add(
            item.Find("id") ?? item.Node,
            item.PathOf("id"),
            $"cannot use id \"{id}\" twice: {ids[id].PlaceSeenFrom(item.Node)} has it; write another id");
        return false;
    }

    public static EquipmentType? FindType(Section item, IReadOnlyDictionary<string, EquipmentType> types)
    {
        string key = item.Text("type");
        if (key.Length == 0)
        {
            return null;
        }

        if (!types.TryGetValue(key, out EquipmentType? type))
        {
            string hint = Suggestion.For(key, [.. types.Keys]);
            item.Report("type", $"cannot use type \"{key}\": the section equipment does not have it; {hint}");
        }

        return type;
    }

    public static DisplayName ReadName(Section item, string id)
    {
        if (item.Find("name") is { Kind: NodeKind.Scalar } plain)
        {
            return new DisplayName(plain.Text);
        }

        Section name = item.Child("name", Languages);
        return new DisplayName(name.Text("en", id), name.Text("mn"), name.Text("ko"));
    }

    public static string ReadArea(Section item, FaultList faults)
    {
        string area = item.Text("area");
        Identifiers.Check(area, item.Find("area"), item.PathOf("area"), faults);
        return area;
    }

    private static string ReadGateway(Section item, GatewayTable gateways)
    {
        string gateway = item.Text("gateway");
        if (gateway.Length > 0 && !gateways.Ids.ContainsKey(gateway))
        {
            string hint = Suggestion.For(gateway, [.. gateways.Ids.Keys]);
            item.Report("gateway", $"cannot use gateway \"{gateway}\": the section gateways does not have it; {hint}");
        }

        return gateway;
    }

    private static Dictionary<string, AlarmRule> ReadOverrides(Section item, EquipmentType type, FaultList faults)
    {
        var rules = new Dictionary<string, AlarmRule>(StringComparer.Ordinal);
        foreach (NodeEntry entry in item.Entries("limits"))
        {
            string path = $"{item.PathOf("limits")}.{entry.Key.Text}";
            Section section = Section.Open(entry.Value, path, faults, OverrideKeys);
            SignalDefinition? signal = type.Signals.FirstOrDefault(known => known.Key == entry.Key.Text);
            if (signal is null)
            {
                string hint = Suggestion.For(entry.Key.Text, [.. type.Signals.Select(known => known.Key)]);
                faults.Add(
                    entry.Key, path, $"cannot use signal \"{entry.Key.Text}\": type {type.Key} has none such; {hint}");
                continue;
            }

            AlarmRule given = signal.Alarm;
            LimitSet limits = AlarmRuleReader.ReadLimits(
                section, given.Limits, signal.RangeLow, signal.RangeHigh, faults);
            rules.Add(signal.Key, AlarmRuleReader.ReadSettings(section, given with { Limits = limits }));
        }

        return rules;
    }

    private static void AddSignals(List<SignalInstance> signals, Asset asset, Dictionary<string, AlarmRule> rules)
    {
        if (!asset.Enabled)
        {
            return;
        }

        foreach (SignalDefinition signal in asset.Type.Signals)
        {
            SignalDefinition own = rules.TryGetValue(signal.Key, out AlarmRule? rule)
                ? signal with { Alarm = rule }
                : signal;
            signals.Add(new SignalInstance(asset, own) { Load = LoadOf(asset, own) });
        }
    }

    private static string LoadOf(Asset asset, SignalDefinition signal) =>
        asset.Type.Load.Length > 0 && asset.Type.Load != signal.Key ? $"{asset.Id}.{asset.Type.Load}" : "";

    /// <summary>The weather does not depend on what its own station measures beside it.</summary>
    private static List<SignalInstance> WithAmbient(Section site, List<SignalInstance> signals)
    {
        string id = site.Text("ambient");
        SignalInstance? ambient = signals.Find(signal => signal.Id == id);
        if (id.Length > 0 && ambient is null)
        {
            string hint = Suggestion.For(id, [.. signals.Select(signal => signal.Id)]);
            site.Report("ambient", $"cannot use signal \"{id}\": no enabled asset has it; {hint}");
        }

        return ambient is null
            ? signals
            : [.. signals.Select(signal => signal.Asset == ambient.Asset ? signal : signal with { Ambient = id })];
    }

    private static void CheckCeiling(Section site, int signalCount)
    {
        if (signalCount > Limits.FieldCountMaxDefault)
        {
            site.Report(
                "assets",
                $"expected at most {Limits.FieldCountMaxDefault} signals, found {signalCount}; disable or split some");
        }
    }
}
