using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>Reads the section <c>equipment</c>: types of equipment and the signals each of them has.</summary>
internal static class EquipmentReader
{
    private static readonly string[] TypeKeys = ["name", "signals", "load", RelationReader.Key];

    private static readonly string[] SignalKeys =
        ["name", "unit", "range", "normal", "noise", "period", "limits", .. AlarmRuleReader.SettingKeys];

    public static IReadOnlyDictionary<string, EquipmentType> Read(Section site, FaultList faults)
    {
        var types = new Dictionary<string, EquipmentType>(StringComparer.Ordinal);
        foreach (NodeEntry entry in site.Entries("equipment"))
        {
            string path = $"equipment.{entry.Key.Text}";
            Identifiers.Check(entry.Key.Text, entry.Key, path, faults);
            Section type = Section.Open(entry.Value, path, faults, TypeKeys);
            SignalDefinition[] signals =
                [.. type.Entries("signals").Select(signal => ReadSignal(signal, type.PathOf("signals"), faults))];
            string name = type.Text("name", entry.Key.Text);
            var read = new EquipmentType(entry.Key.Text, name, signals, ReadLoad(type, signals));
            types.Add(read.Key, read with { Relations = RelationReader.Read(type, read, faults) });
        }

        return types;
    }

    private static string ReadLoad(Section type, SignalDefinition[] signals)
    {
        string load = type.Text("load");
        if (load.Length > 0 && signals.All(signal => signal.Key != load))
        {
            string hint = Suggestion.For(load, [.. signals.Select(signal => signal.Key)]);
            type.Report("load", $"cannot use signal \"{load}\": the type has none such; {hint}");
        }

        return load;
    }

    private static SignalDefinition ReadSignal(NodeEntry entry, string parent, FaultList faults)
    {
        string key = entry.Key.Text;
        string path = $"{parent}.{key}";
        Identifiers.Check(key, entry.Key, path, faults);
        Section section = Section.Open(entry.Value, path, faults, SignalKeys);
        string unit = section.RequireText("unit", "kPa");
        if (unit.Length > 0)
        {
            UnitReader.Read(unit, section.Find("unit")!, section.PathOf("unit"), faults);
        }

        (double low, double high) = ReadRange(section, faults);
        var signal = new SignalDefinition(
            key,
            section.Text("name", key),
            unit,
            low,
            high,
            section.Number("normal", low + ((high - low) / 2), low, high),
            section.Number("noise", 0, min: 0),
            section.Number("period", 0, 0, SiteLimits.SecondsMax),
            new AlarmRule(LimitSet.None, 0, 0, 0, double.NaN, 0, 0));
        Section limitKeys = section.Child("limits", AlarmRuleReader.LimitKeys);
        LimitSet limits = AlarmRuleReader.ReadLimits(limitKeys, LimitSet.None, low, high, faults);
        return signal with
        {
            Alarm = AlarmRuleReader.ReadSettings(section, AlarmDefaults.For(signal, limits)),
        };
    }

    private static (double Low, double High) ReadRange(Section section, FaultList faults)
    {
        const string Example = "write \"range: [0, 100]\"";
        if (!section.Has("range"))
        {
            faults.Add(section.Node, section.Path, $"cannot do without key \"range\"; {Example}");
            return (double.MinValue, double.MaxValue);
        }

        IReadOnlyList<Node> ends = section.Items("range");
        if (ends.Count != 2)
        {
            if (section.Find("range") is { Kind: NodeKind.Sequence })
            {
                section.Report("range", $"expected two numbers, found {ends.Count}; {Example}");
            }

            return (double.MinValue, double.MaxValue);
        }

        double low = Section.NumberOf(ends[0], section.PathOf("range"), faults, double.NaN);
        double high = Section.NumberOf(ends[1], section.PathOf("range"), faults, double.NaN);
        if (double.IsNaN(low) || double.IsNaN(high))
        {
            return (double.MinValue, double.MaxValue);
        }

        if (low >= high)
        {
            section.Report("range", $"cannot use range: {ends[0].Text} is not below {ends[1].Text}; {Example}");
            return (double.MinValue, double.MaxValue);
        }

        return (low, high);
    }
}
