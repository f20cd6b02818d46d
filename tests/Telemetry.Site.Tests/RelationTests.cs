using Telemetry.Model;

namespace Telemetry.Site.Tests;

/// <summary>The key <c>relations</c> of equipment types and assets.</summary>
public sealed class RelationTests
{
    private const string Signals = """
            signals:
              current: {unit: A, range: [0, 200], period: 1}
              flow: {unit: m3/h, range: [0, 500], period: 5}
              level: {unit: m, range: [0, 9], period: 600}
              trip: {unit: "{bool}", range: [0, 1]}
        """;

    [Fact]
    public void A_type_chooses_for_its_assets_and_an_asset_for_itself()
    {
        SiteCatalogue site = Load(
            "relations: {signals: [current, flow], every: 10, learn: 3.5}",
            "",
            "relations: {signals: [trip, current, level], every: 1200}",
            "relations: none");

        Assert.Equal(["current", "flow"], site.Assets[0].Relations!.Signals);
        Assert.Equal(
            (10.0, 30_240), (site.Assets[0].Relations!.PeriodSeconds, site.Assets[0].Relations!.WarmUpRows));
        Assert.Equal(["trip", "current", "level"], site.Assets[1].Relations!.Signals);
        Assert.Equal(1_008, site.Assets[1].Relations!.WarmUpRows); // 14 days
        Assert.Null(site.Assets[2].Relations);
        Assert.Same(site.Assets[0].Relations, site.Signals[0].Asset.Relations);
    }

    [Fact]
    public void Nothing_is_chosen_unless_it_is_written()
    {
        Assert.All(Load("", "").Assets, asset => Assert.Null(asset.Relations));
        Assert.All(DefaultSite.Load().Assets, asset => Assert.Null(asset.Relations));
    }

    [Fact]
    public void Without_more_words_a_row_is_a_minute_and_two_weeks_are_learnt()
    {
        RelationRule rule = Load("", "relations: {signals: [current, flow]}").Assets[0].Relations!;
        Assert.Equal((60.0, 20_160), (rule.PeriodSeconds, rule.WarmUpRows));
        rule = Load("", "relations: {signals: [current, flow], every: 3600}").Assets[0].Relations!;
        Assert.Equal(SiteLimits.RelationRowsMin, rule.WarmUpRows); // more than two weeks, since fewer say too little
    }

    [Theory]
    [InlineData("{signals: [current, flwo]}", ".signals[1]: cannot use signal \"flwo\": type PU has none such")]
    [InlineData("{signals: [current, {a: b}]}", ".signals[1]: expected text, found a mapping")]
    [InlineData("{signals: [current, current]}", ".signals[1]: cannot use signal \"current\" twice; remove one")]
    [InlineData("{signals: [current]}", ".signals: expected 2 to 64 signals, found 1; write \"signals: [motor_curr")]
    [InlineData("{every: 60}", "expected 2 to 64 signals, found 0")]
    [InlineData("{signals: current}", ".signals: expected a list, found \"current\"")]
    [InlineData("{signals: [current, level]}", "it comes each 600 s and a row is made each 60 s, so that most had")]
    [InlineData("{signals: [current, level]}", "write \"every: 1200\" or leave it out")]
    [InlineData("{signals: [current, flow], every: 0.5}", ".every: cannot use 0.5: out of bounds; write a number")]
    [InlineData("{signals: [current, flow], every: 3601}", ".every: cannot use 3601: out of bounds; write a number of")]
    [InlineData("{signals: [current, flow], every: 60 s}", ".every: expected a number, found \"60 s\"")]
    [InlineData("{signals: [current, flow], learn: 367}", ".learn: cannot use 367: out of bounds; write a number")]
    [InlineData("{signals: [current, flow], learn: 0.5}", "720 rows, and relations take 1000; write \"learn: 0.7\"")]
    [InlineData("{signals: [current, flow], window: 5}", "cannot use key \"window\": unknown; write one of signals")]
    [InlineData("true", "relations: expected a mapping, found \"true\"")]
    public void What_is_wrong_is_said_at_the_type_and_at_the_asset(string relations, string fault)
    {
        Check(Text($"relations: {relations}", ""), "equipment.PU.relations", fault);
        Check(Text("", $"relations: {relations}"), "assets[0].relations", fault);
    }

    [Fact]
    public void A_signal_of_that_name_is_in_the_way()
    {
        string yaml = Text("", "relations: {signals: [current, flow]}")
            .Replace("  trip:", "  relations:", StringComparison.Ordinal);
        Check(yaml, "cannot watch relations of type PU: findings go by the name \"relations\"", "rename that signal");
    }

    [Fact]
    public void More_assets_than_the_ceiling_are_a_fault_and_those_that_are_off_do_not_count()
    {
        string[] assets = [.. Enumerable.Repeat("", SiteLimits.RelationAssetCountMax + 1)];
        const string Relations = "relations: {signals: [current, flow]}";
        Check(
            Text(Relations, assets),
            "assets: expected relations of at most 256 assets, found 257; write \"relations: none\" at some");
        assets[0] = "enabled: false";
        Assert.Equal(assets.Length, Load(Relations, assets).Assets.Count);
    }

    private static SiteCatalogue Load(string ofType, params string[] ofAssets)
    {
        SiteLoad load = SiteFile.Load(Text(ofType, ofAssets), "site.yaml");
        Assert.Empty(load.Faults);
        return load.Catalogue!;
    }

    private static void Check(string yaml, params string[] words)
    {
        SiteLoad load = SiteFile.Load(yaml, "site.yaml");
        Assert.Null(load.Catalogue);
        string told = string.Join('\n', load.Faults.Select(fault => fault.ToString()));
        Assert.All(words, word => Assert.Contains(word, told));
    }

    private static string Text(string ofType, params string[] ofAssets)
    {
        IEnumerable<string> assets = ofAssets.Select((own, i) =>
            $"  - {{id: PU-{i}, type: PU, area: mill{(own.Length > 0 ? $", {own}" : "")}}}");
        return $"site: p\nequipment:\n  PU:\n{(ofType.Length > 0 ? $"    {ofType}\n" : "")}{Signals}\nassets:\n"
            + string.Join('\n', assets) + '\n';
    }
}
