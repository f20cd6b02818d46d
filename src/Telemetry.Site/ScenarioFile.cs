using Telemetry.Site.Reading;

namespace Telemetry.Site;

/// <summary>Reads a scenario of the simulated mine: what fails when, and the weather laid over it.</summary>
public static class ScenarioFile
{
    private const double HoursMax = SiteLimits.SecondsMax / 3_600;
    private const double SeverityMin = 0.01;

    private static readonly string[] Keys = ["scenario", "about", "start", "shifts", "weather", "episodes", "firmware"];
    private static readonly string[] SpellKeys =
        ["after", "onset", "last", "recovery", "air_temp", "wind", "visibility"];

    private static readonly string[] EpisodeKeys =
        ["mode", "target", "signal", "after", "onset", "last", "severity"];

    /// <summary>Reads the text of a scenario.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">What faults call the file.</param>
    /// <param name="faults">What is wrong with it, in the order of the file; empty when it is read.</param>
    /// <returns>Null when there is any fault.</returns>
    public static ScenarioDefinition? Load(string text, string fileName, out IReadOnlyList<SiteFault> faults)
    {
        ArgumentNullException.ThrowIfNull(text);
        var list = new FaultList();
        list.Begin(fileName);
        ScenarioDefinition? scenario = null;
        if (text.Length > SiteLimits.FileCharactersMax)
        {
            string cause = $"expected at most {SiteLimits.FileCharactersMax} characters, found {text.Length}";
            list.Add(1, 1, "", $"cannot read the scenario: {cause}");
        }
        else if (TreeParser.Parse(new SiteSource(fileName, text), list) is { } root)
        {
            scenario = Read(root, list);
        }

        faults = list.InFileOrder();
        return list.Count == 0 ? scenario : null;
    }

    /// <summary>Reads the behaviours of firmware alone, as a command line has them.</summary>
    /// <param name="text">The keys of a scenario's section, such as <c>clock_drift: 12, duplicates: 0.01</c>.</param>
    /// <param name="name">What faults call it.</param>
    /// <param name="faults">What is wrong with it; empty when it is read.</param>
    /// <returns>Null when there is any fault.</returns>
    public static ScenarioFirmware? LoadFirmware(string text, string name, out IReadOnlyList<SiteFault> faults)
    {
        var list = new FaultList();
        list.Begin(name);
        ScenarioFirmware? firmware = TreeParser.Parse(new SiteSource(name, $"{{{text}}}"), list) is { } root
            ? FirmwareReader.Read(Section.Open(root, "", list, FirmwareReader.Keys))
            : null;
        faults = [.. list.InFileOrder().Select(fault => fault with { Column = Math.Max(1, fault.Column - 1) })];
        return list.Count == 0 ? firmware : null;
    }

    private static ScenarioDefinition Read(Node root, FaultList faults)
    {
        Section scenario = Section.Open(root, "", faults, Keys);
        string name = scenario.RequireText("scenario", "cold-snap");
        IEnumerable<Section> spells = Items(scenario, "weather", faults, SpellKeys);
        IEnumerable<Section> episodes = Items(scenario, "episodes", faults, EpisodeKeys);
        return new ScenarioDefinition(
            name,
            scenario.Text("about"),
            FirmwareReader.ReadTime(scenario, "start"),
            scenario.Flag("shifts", fallback: false),
            [.. spells.Select(ReadSpell)],
            [.. episodes.Select(ReadEpisode)],
            scenario.Has("firmware") ? FirmwareReader.Read(scenario.Child("firmware", FirmwareReader.Keys)) : null);
    }

    private static IEnumerable<Section> Items(Section scenario, string key, FaultList faults, string[] keys)
    {
        IReadOnlyList<Node> items = scenario.Items(key);
        if (items.Count > SiteLimits.ScenarioItemCountMax)
        {
            scenario.Report(
                key, $"expected at most {SiteLimits.ScenarioItemCountMax} items, found {items.Count}; write fewer");
            return [];
        }

        return items.Select(node => Section.Open(node, $"{key}[{node.Index}]", faults, keys));
    }

    private static ScenarioSpell ReadSpell(Section spell) => new(
        spell.Number("after", 0, 0, HoursMax),
        spell.Number("onset", 6, 0, HoursMax),
        spell.Number("last", 24, 0, HoursMax),
        spell.Number("recovery", 6, 0, HoursMax))
    {
        AirTemp = spell.Number("air_temp", double.NaN, -60, 50),
        Wind = spell.Number("wind", double.NaN, 0, 50),
        Visibility = spell.Number("visibility", double.NaN, 0, 50),
    };

    private static ScenarioEpisode ReadEpisode(Section episode) => new(
        episode.RequireText("mode", "CR1-2"),
        episode.RequireText("target", "CR-201"),
        episode.Text("signal"),
        episode.Number("after", 0, 0, HoursMax),
        episode.Number("onset", double.NaN, 0, HoursMax),
        episode.Number("last", 1, 0, HoursMax),
        episode.Number("severity", 1, SeverityMin, 1));
}
