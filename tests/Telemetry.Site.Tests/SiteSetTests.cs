using Telemetry.Model;

namespace Telemetry.Site.Tests;

/// <summary>The engineer's own file with the fragments of <c>site.d</c>.</summary>
public sealed class SiteSetTests
{
    private const string Own = """
        site: mine
        gateways:
          - {id: GW-1, name: Old one}
        routes:
          - {name: crusher, topic: plant/crusher, decoder: json}
          - {name: rest, topic: "#", decoder: auto}
        """;

    [Fact]
    public void Routes_of_fragments_come_after_the_own_ones_and_before_the_own_one_for_every_topic()
    {
        SiteCatalogue site = Load(Own, Fragment("b", "pump", "plant/#"), Fragment("a", "mill", "plant/mill"));

        Assert.Equal(["crusher", "mill", "pump", "rest"], site.Routes.Select(route => route.Name));
    }

    [Theory]
    [InlineData("site: mine\n")]
    [InlineData("site: mine\nroutes:\n")]
    [InlineData("site: mine\nroutes: []\n")]
    public void Without_routes_of_its_own_a_site_still_takes_every_topic_last(string own)
    {
        SiteCatalogue site = Load(own, Fragment("a", "mill", "plant/mill"));

        Assert.Equal(["mill", RouteDefinition.CatchAll.Name], site.Routes.Select(route => route.Name));
    }

    [Fact]
    public void Behind_own_routes_without_one_for_every_topic_a_fragment_may_take_what_is_left()
    {
        const string Closed = "site: mine\nroutes:\n  - {name: crusher, topic: plant/crusher, decoder: json}\n";

        SiteCatalogue site = Load(Closed, Fragment("a", "left", "#"));

        Assert.Equal(["crusher", "left"], site.Routes.Select(route => route.Name));
    }

    [Fact]
    public void An_own_route_for_every_topic_is_the_last_one_also_when_it_is_the_only_one()
    {
        const string Only = "site: mine\nroutes:\n  - {name: rest, topic: \"#\", decoder: ignore}\n";

        SiteCatalogue site = Load(Only, Fragment("a", "mill", "plant/mill"));

        Assert.Equal(["mill", "rest"], site.Routes.Select(route => route.Name));
    }

    [Fact]
    public void Fragments_add_gateways_equipment_and_assets()
    {
        const string More = """
            gateways:
              - {id: GW-2, name: New one}
            equipment:
              PU: {name: Pump, signals: {flow: {unit: m3/h, range: [0, 90]}}}
            assets:
              - {id: PU-7, type: PU, gateway: GW-2}
            routes:
              - {name: pump, topic: p, decoder: json, bindings: {f: PU-7.flow}}
            """;

        SiteCatalogue site = Load(Own, new SiteSource("site.d/more.yaml", More) { IsFragment = true });

        Assert.Equal(["GW-1", "GW-2"], site.Gateways.Select(gateway => gateway.Id));
        Assert.Equal(["PU-7.flow"], site.Signals.Select(signal => signal.Id));
    }

    [Fact]
    public void A_name_that_two_files_have_is_told_with_both()
    {
        CheckFaults(
            Own, [Fragment("a", "crusher", "plant/a")],
            "site.d/a.yaml:2:12: routes[0].name: cannot use name \"crusher\" twice: site.yaml:5 has it");
        CheckFaults(
            Own, [Fragment("a", "mill", "plant/a"), Fragment("b", "mill", "plant/b")],
            "site.d/b.yaml:2:12: routes[0].name: cannot use name \"mill\" twice: site.d/a.yaml:2 has it");
        CheckFaults(
            Own, [Of("a", "gateways:\n  - {id: GW-1}\n")],
            "site.d/a.yaml:2:10: gateways[0].id: cannot use id \"GW-1\" twice: site.yaml:3 has it");
        const string Pump = "equipment:\n  PU: {signals: {flow: {unit: m3/h, range: [0, 90]}}}\n";
        CheckFaults(
            $"site: mine\n{Pump}", [Of("a", Pump)],
            "site.d/a.yaml:2:3: equipment: cannot use key \"PU\" twice: site.yaml:3 has it; remove one");
    }

    [Fact]
    public void What_a_fragment_may_not_say_is_told_where_it_stands()
    {
        CheckFaults(Own, [Of("a", "site: other\n")], "site.d/a.yaml:1:1: cannot name the site here");
        CheckFaults(Own, [Of("a", "")], "site.d/a.yaml:1:1: cannot read the site: the file is empty; write \"routes");
        CheckFaults(Own, [Of("a", "- x\n")], "site.d/a.yaml:1:1: expected a mapping, found a list");
        CheckFaults(Own, [Of("a", "routs: []\n")], "site.d/a.yaml:1:1: cannot use key \"routs\": unknown");
        CheckFaults(
            Own, [Of("a", "routes: {name: x}\n")],
            "site.d/a.yaml:1:9: routes: cannot join a mapping to a list of site.yaml:5; write one of its kind");
        CheckFaults(
            Own, [Of("a", "routes:\nroutes:\n")], "site.d/a.yaml:2:1: cannot use key \"routes\" twice: line 1 has it");
        CheckFaults(
            Own, [Fragment("a", "all", "#")],
            "site.d/a.yaml:2:5: routes[0].topic: cannot take every topic: the site's last route does");
        CheckFaults(
            "site: mine\n", [Fragment("a", "all", "#")],
            "site.d/a.yaml:2:5: routes[0].topic: cannot take every topic: the site's last route does");
    }

    [Fact]
    public void Faults_of_all_files_are_told_in_one_pass_in_the_order_of_the_files()
    {
        SiteLoad load = SiteFile.Load(SetOf(
            "site: mine\nroutes:\n  - {name: x, topic: a, decoder: xml}\n",
            Of("b", "routes:\n  - {name: y}\n"), Of("a", "key: [\n")));

        Assert.Equal(
            ["site.yaml", "site.d/a.yaml", "site.d/b.yaml", "site.d/b.yaml"], load.Faults.Select(fault => fault.File));
    }

    [Fact]
    public void All_files_together_have_the_ceiling_of_one()
    {
        string half = "# " + new string('x', SiteLimits.FileCharactersMax / 2);

        SiteLoad load = SiteFile.Load(SetOf("site: mine\n" + half, Of("a", half)));

        Assert.Contains("expected at most 16777216 characters", Assert.Single(load.Faults).Message);
    }

    [Fact]
    public void The_archived_text_is_read_back_as_it_was_and_hashes_by_content_alone()
    {
        SiteSet set = SetOf(Own, Of("б", "# түүхий эд, 원광\r\n"), Of("a", "\n# fragment, 3 characters: x\n"));
        byte[] text = SiteSetFormat.Write(set);

        SiteSet? read = SiteSetFormat.TryRead(text);

        Assert.Equal(set.Own.Text, read!.Own.Text);
        Assert.Equal(set.Fragments.Select(source => source.Text), read.Fragments.Select(source => source.Text));
        Assert.Equal(["a.yaml", "б.yaml"], read.Fragments.Select(source => source.Name));
        Assert.Equal(text, SiteSetFormat.Write(read));
        Assert.NotEqual(SiteSetFormat.HashOf(text), SiteSetFormat.HashOf(SiteSetFormat.Write(SetOf(Own))));
    }

    [Fact]
    public void An_archived_text_that_is_cut_or_changed_in_its_heads_is_none()
    {
        byte[] text = SiteSetFormat.Write(SetOf("site: m\n", Of("a", "routes:\n")));

        for (int length = 0; length < text.Length; length++)
        {
            SiteSet? read = SiteSetFormat.TryRead(text.AsSpan(0, length));
            Assert.True(read is null or { Fragments.Count: 0 }, $"cut at {length}");
        }

        byte[] other = [.. text];
        other[20] ^= 1;
        Assert.Null(SiteSetFormat.TryRead(other));
    }

    private static SiteSource Of(string name, string text) =>
        new($"site.d/{name}.yaml", text) { IsFragment = true };

    private static SiteSource Fragment(string file, string route, string topic) =>
        Of(file, $"routes:\n  - {{name: {route}, topic: \"{topic}\", decoder: json}}\n");

    private static SiteSet SetOf(string own, params SiteSource[] fragments) =>
        fragments.Aggregate(new SiteSet(new SiteSource("site.yaml", own), []), (set, source) => set.With(source));

    private static SiteCatalogue Load(string own, params SiteSource[] fragments)
    {
        SiteLoad load = SiteFile.Load(SetOf(own, fragments));
        Assert.Empty(load.Faults);
        return load.Catalogue!;
    }

    private static void CheckFaults(string own, SiteSource[] fragments, string fault)
    {
        SiteLoad load = SiteFile.Load(SetOf(own, fragments));
        Assert.Null(load.Catalogue);
        Assert.StartsWith(fault, Assert.Single(load.Faults).ToString());
    }
}
