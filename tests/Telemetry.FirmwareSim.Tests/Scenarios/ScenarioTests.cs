using System.Runtime.CompilerServices;
using System.Text.Json;
using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.FirmwareSim.Tests.Scenarios;

public sealed class ScenarioTests
{
    public static TheoryData<string> Shipped() =>
        [.. Directory.GetFiles(Folder(), "*.yaml").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_scenario_that_ships_fits_the_default_site(string file)
    {
        ScenarioDefinition? definition = ScenarioFile.Load(
            File.ReadAllText(Path.Combine(Folder(), file)), file, out IReadOnlyList<SiteFault> faults);

        Assert.Empty(faults);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), definition!.Name);
        Assert.NotEmpty(definition.About);
        var scenario = Scenario.Of(definition, Runs.Site, definition.Start ?? Runs.Winter);
        Assert.Equal(definition.Episodes.Count, scenario.Plan.Episodes.Count);
        foreach (var episodes in scenario.Plan.Episodes.GroupBy(episode => (episode.Target, episode.Mode.Id)))
        {
            Assert.All(episodes.Zip(episodes.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
        }
    }

    [Fact]
    public void The_eight_that_were_promised_ship()
    {
        string[] promised =
        [
            "cold-snap", "crusher-bearing", "dust-storm", "frozen-chute", "gateway-storm", "grid-cut", "tailings-thaw",
            "weak-firmware",
        ];

        Assert.Equal(promised, Directory.GetFiles(Folder(), "*.yaml").Select(Path.GetFileNameWithoutExtension).Order());
    }

    [Fact]
    public void A_bearing_over_nine_days_leaves_its_sister_behind()
    {
        Scenario scenario = Load("crusher-bearing");
        Episode bearing = Assert.Single(scenario.Plan.Episodes);
        double before = DifferenceAt(scenario, bearing.Start - 1);
        double full = DifferenceAt(scenario, bearing.Repaired - 1);

        Assert.Equal(9, (bearing.Full - bearing.Start) / 86_400e9);
        Assert.InRange(full - before, 10, 20); // 18 less 3 at the other end of the shaft
    }

    [Fact]
    public void A_grid_cut_stops_the_mill_and_starts_a_set()
    {
        Scenario scenario = Load("grid-cut");
        Episode cut = scenario.Plan.Episodes.Single(episode => episode.Mode.Id == "EL-2");
        long within = cut.Start + (3_600 * Timestamp.NanosecondsPerSecond);

        Assert.InRange(ValueAt(scenario, "ML-301.motor_power", within), 0, 2);
        Assert.InRange(ValueAt(scenario, "GS-501.frequency", within), 49, 51);
        Assert.Equal(0, ValueAt(scenario, "EL-501.outage_flag", within));
        Assert.InRange(ValueAt(scenario, "ML-301.motor_power", cut.Start - Timestamp.NanosecondsPerSecond), 100, 150);
    }

    [Fact]
    public void A_site_that_was_read_again_is_the_same_site()
    {
        Scenario scenario = Load("crusher-bearing");
        Episode bearing = scenario.Plan.Episodes[0];
        SignalInstance again = DefaultSite.Load().Signals.Single(signal => signal.Id == "CR-201.bearing_de_temp");

        Assert.True(scenario.Plan.TrackOf(again)!.TryFind(bearing.Full, out SignalChange change));
        Assert.Equal(18, change.Offset);
    }

    [Theory]
    [InlineData("{mode: XX-9, target: CR-201}", "episodes[0]: there is no failure mode \"XX-9\"")]
    [InlineData("{mode: CR1-2, target: CR-202}", "has nothing to change at \"CR-202\"; give an asset of type CR1")]
    [InlineData("{mode: SN-3, target: CR-201, signal: nonsense}", "nothing to change at \"CR-201.nonsense\"")]
    [InlineData("{mode: GW-1, target: CR-201}", "nothing to change at \"CR-201\"")]
    [InlineData("{mode: EL-1, target: EL-501}", "mode EL-1 changes no signal: it lasts less than a second")]
    public void What_the_site_has_not_is_refused_with_its_place(string episode, string words)
    {
        ScenarioDefinition? definition = ScenarioFile.Load(
            $"scenario: x\nepisodes:\n  - {episode}\n", "x.yaml", out _);

        string said = Assert.Throws<ArgumentException>(() => Scenario.Of(definition!, Runs.Site, Runs.Winter)).Message;

        Assert.StartsWith("cannot run scenario \"x\": ", said, StringComparison.Ordinal);
        Assert.Contains(words, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("about: x\n", "x.yaml:1:1: cannot do without key \"scenario\"")]
    [InlineData("scenario: x\nepisodes: [{mode: A, target: B, severity: 2}]\n", "write a number of 0.01 to 1")]
    [InlineData("scenario: x\nweather: [{air_temp: warm}]\n", "x.yaml:2:")]
    [InlineData("scenario: x\nstart: soon\n", "expected a time, found \"soon\"")]
    [InlineData("scenario: x\nepisode: []\n", "cannot use key \"episode\": unknown")]
    [InlineData("scenario: x\nfirmware: {drift: 3}\n", "x.yaml:2:12: firmware: cannot use key \"drift\": unknown")]
    [InlineData("scenario: x\nfirmware: {duplicates: 2}\n", "write a number of 0 to 1")]
    [InlineData("scenario: x\nfirmware: {time_sync: 0.01}\n", "expected 0 or at least 0.0167 hours, found 0.01")]
    [InlineData("scenario: x\nfirmware: {update: renam}\n", "did you mean \"rename\"")]
    [InlineData("scenario: x\nfirmware: {clock_begins: long ago}\n", "expected a time, found \"long ago\"")]
    [InlineData("scenario: [\n", "cannot read YAML")]
    public void A_file_with_faults_says_where_they_are(string text, string words)
    {
        Assert.Null(ScenarioFile.Load(text, "x.yaml", out IReadOnlyList<SiteFault> faults));

        Assert.Contains(words, string.Join('\n', faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Firmware_is_read_from_a_file_and_from_a_line_in_the_same_words()
    {
        const string Keys =
            "gateways: [GW-MILL], clock_drift: 12, time_sync: 4, resets: 2, clock_lost: 0.5, "
            + "clock_begins: 2024-03-01T00:00:00Z, buffer_lost: 0.1, outages: 3, outage_minutes: 20, buffer: 500, "
            + "backfill_reordered: 0.2, reordered: 0.01, duplicates: 0.02, brown_outs: 1, update: unit, "
            + "update_after: 5";
        var expected = new ScenarioFirmware
        {
            ClockDrift = 12,
            TimeSyncHours = 4,
            Resets = 2,
            ClockLost = 0.5,
            ClockBegins = new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero),
            BufferLost = 0.1,
            Outages = 3,
            OutageMinutes = 20,
            BufferMessages = 500,
            BackfillReordered = 0.2,
            Reordered = 0.01,
            Duplicates = 0.02,
            BrownOuts = 1,
            Update = FirmwareUpdate.Unit,
            UpdateAfterHours = 5,
        };

        ScenarioDefinition? file = ScenarioFile.Load($"scenario: x\nfirmware: {{{Keys}}}\n", "x.yaml", out _);
        Scenario scenario = Scenario.Of(file!, Runs.Site, Runs.Winter);
        ScenarioFirmware? line = ScenarioFile.LoadFirmware(Keys, "--firmware", out _);

        Assert.Equal(["GW-MILL"], scenario.Firmware!.Gateways);
        Assert.Equal(expected, scenario.Firmware with { Gateways = expected.Gateways });
        Assert.Equal(expected, line! with { Gateways = expected.Gateways });
        Assert.Null(Load("cold-snap").Firmware);
        Assert.Null(ScenarioFile.LoadFirmware("resets: many", "--firmware", out IReadOnlyList<SiteFault> faults));
        Assert.StartsWith("--firmware:1:9: ", Assert.Single(faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_truth_is_written_as_JSON_lines()
    {
        var text = new StringWriter();
        EpisodeLines.Write(text, Load("cold-snap").Plan.Episodes);

        string[] lines = text.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(6, lines.Length);
        JsonElement first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal("HT-5", first.GetProperty("mode").GetString());
        Assert.Equal("process", first.GetProperty("class").GetString());
        Assert.Equal("2026-01-13T02:00:00.000Z", first.GetProperty("start").GetString());
        Assert.Equal("HT-102.exhaust_temp", first.GetProperty("signals")[1].GetString());
    }

    private static Scenario Load(string name)
    {
        ScenarioDefinition definition = ScenarioFile.Load(
            File.ReadAllText(Path.Combine(Folder(), $"{name}.yaml")), name, out _)!;
        return Scenario.Of(definition, Runs.Site, definition.Start!.Value);
    }

    private static double DifferenceAt(Scenario scenario, long time) =>
        ValueAt(scenario, "CR-201.bearing_de_temp", time) - ValueAt(scenario, "CR-201.bearing_nde_temp", time);

    private static double ValueAt(Scenario scenario, string id, long time)
    {
        SignalInstance signal = Runs.Site.Signals.Single(known => known.Id == id);
        var conditions = new PlantConditions(1, scenario.Surroundings, scenario.Plan);
        conditions.MoveTo(time);
        return new SignalModel(1, signal, scenario.Plan.TrackOf(signal)).Read(conditions, index: 1);
    }

    private static string Folder([CallerFilePath] string thisFile = "") => Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "firmware-sim", "scenarios"));
}
