using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>Reads units: UCUM codes and nothing else, so that everybody means the same by them.</summary>
internal static class UnitReader
{
    /// <summary>Reports a unit that is no code of UCUM, with the code that was probably meant.</summary>
    public static Unit? Read(string code, Node node, string path, FaultList faults)
    {
        if (Unit.TryParse(code, out Unit? unit, out string fault))
        {
            return unit;
        }

        string hint = UnitSpelling.CodeOf(code) is { } meant
            ? $"did you mean \"{meant}\""
            : "write a code of UCUM, such as kPa, m3/h or \"{rev}/min\"";
        faults.Add(node, path, $"cannot use unit \"{code}\": {fault}; {hint}");
        return null;
    }

    /// <summary>Reads the units of a route, by arriving field or by signal.</summary>
    public static Dictionary<string, string> ReadUnits(Section route, AssetTable assets, FaultList faults)
    {
        var units = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (NodeEntry entry in route.Entries("units"))
        {
            string path = $"{route.PathOf("units")}.{entry.Key.Text}";
            if (Read(entry.Value.Text, entry.Value, path, faults) is { } unit)
            {
                CheckSignals(unit, entry, path, assets, faults);
            }

            units.Add(entry.Key.Text, entry.Value.Text);
        }

        return units;
    }

    /// <summary>A unit that fits no signal of that key is a mistake; other keys name arriving fields.</summary>
    private static void CheckSignals(Unit unit, NodeEntry entry, string path, AssetTable assets, FaultList faults)
    {
        SignalDefinition[] named =
            [.. assets.Signals.Select(signal => signal.Definition).Where(signal => signal.Key == entry.Key.Text)];
        if (named.Length > 0 && !named.Any(signal => Fits(unit, signal.Unit)))
        {
            faults.Add(
                entry.Value, path,
                $"cannot use unit \"{unit}\": it does not convert to \"{named[0].Unit}\", the unit of {named[0].Key}; "
                + "write the unit that arrives");
        }
    }

    /// <summary>True when values of a unit can be stored in another.</summary>
    public static bool Fits(Unit unit, string stored) =>
        !Unit.TryParse(stored, out Unit? target, out _) || unit.TryConvertTo(target, out _);
}
