using Telemetry.Model;

namespace Telemetry.Site.Tests;

public sealed class BindingTests
{
    private const string Head = """
        site: p
        equipment: {T: {signals: {temp: {unit: Cel, range: [0, 1]}, flow: {unit: m3/h, range: [0, 1]}}}}
        assets: [{id: A, type: T}, {id: B, type: T}]
        routes: [{name: r, topic: "#", decoder: json}]
        bindings:

        """;

    [Fact]
    public void A_binding_keeps_all_that_was_written()
    {
        SiteLoad load = SiteFile.Load(
            Head + """
                - from: gw7/T1
                  to: A.temp
                  route: r
                  gateway: GW-7
                  measurement: plc
                  tags: {device: "7", "байр": "и\u0306"}
                  unit: "[degF]"
                  scale: 0.1
                  offset: -40
                  since: 2026-03-01T08:00:00+08:00
                  until: 2026-04-01T00:00Z
                """,
            "site.yaml");
        Assert.Empty(load.Faults);
        SignalBinding binding = Assert.Single(load.Catalogue!.Bindings);
        Assert.Equal(("gw7/T1", "A", "temp"), (binding.From, binding.Asset, binding.Signal));
        Assert.Equal(("r", "GW-7", "plc"), (binding.Route, binding.Gateway, binding.Measurement));
        Assert.Equal([new Tag("device", "7"), new Tag("байр", "й")], binding.Tags);
        Assert.Equal(("[degF]", 0.1, -40), (binding.Unit, binding.Scale, binding.Offset));
        Assert.Equal(1_772_323_200_000_000_000, binding.Since);
        Assert.Equal(1_775_001_600_000_000_000, binding.Until);
    }

    [Fact]
    public void A_route_has_bindings_of_its_own_in_short_or_at_length_and_units()
    {
        SiteLoad load = SiteFile.Load(
            """
            site: p
            equipment: {T: {signals: {temp: {unit: Cel, range: [0, 1]}}}}
            assets: [{id: A, type: T}]
            routes:
              - {name: r, topic: a, decoder: json, bindings: {T1: A.temp}, units: {temp: K, T2: "[degF]"}}
              - {name: s, topic: b, decoder: json, bindings: [{from: T1, to: A.temp, unit: K}]}
            """,
            "site.yaml");
        Assert.Empty(load.Faults);
        Assert.Equal(
            [("T1", "r", ""), ("T1", "s", "K")],
            load.Catalogue!.Routes.SelectMany(route => route.Bindings).Select(b => (b.From, b.Route, b.Unit)));
        Assert.Equal(2, load.Catalogue.Routes[0].Units.Count);
        Assert.Equal("[degF]", load.Catalogue.Routes[0].Units["T2"]);
    }

    [Theory]
    [InlineData("{from: x, to: A.tmep}", "no enabled asset has that signal; did you mean \"A.temp\"")]
    [InlineData("{from: x, to: A.temp, unit: kg}", "\"kg\": it does not convert to \"Cel\", the unit of A.temp")]
    [InlineData("{from: x, to: A.temp, unit: °C}", "\"°C\" is no unit of UCUM; did you mean \"Cel\"")]
    [InlineData("{from: x, to: A.temp, unit: foo}", "\"foo\" is no unit of UCUM; write a code of UCUM")]
    [InlineData("{from: x, to: A.temp, scale: 0}", "cannot use scale 0")]
    [InlineData("{from: x, to: A.temp, since: 2026-03-01}", "cannot use time \"2026-03-01\"; write date, time")]
    [InlineData("{from: x, to: A.temp, since: 2026-03-01T08:00:00}", "cannot use time \"2026-03-01T08:00:00\"")]
    [InlineData("{from: x, to: A.temp, until: 0001-03-01T08:00:00Z}", "cannot use time \"0001-03-01T08:00:00Z\"")]
    [InlineData(
        "{from: x, to: A.temp, since: 2026-03-01T08:00Z, until: 2026-03-01T16:00+08:00}",
        "cannot use until: it is not after since")]
    [InlineData("{from: x, to: A.temp, route: q}", "bindings[0].route: cannot use route \"q\": there is none")]
    [InlineData("{to: A.temp}", "cannot do without key \"from\"")]
    [InlineData("{from: x}", "cannot do without key \"to\"")]
    public void A_fault_of_a_binding_is_told_with_its_place(string binding, string fault)
    {
        string[] told = FaultsOf($"  - {binding}");
        Assert.Contains(told, line => line.StartsWith("site.yaml:6:", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains(fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{from: x, to: A.temp}", "{from: x, to: B.temp}")]
    [InlineData("{from: x, to: A.temp}", "{from: x, to: A.temp}")]
    [InlineData("{from: x, to: A.temp, since: 2026-03-01T08:00Z}", "{from: x, to: B.temp, until: 2026-03-01T08:01Z}")]
    [InlineData("{from: x, to: A.temp, tags: {a: '1'}}", "{from: x, to: B.temp, tags: {b: '1'}}")]
    [InlineData("{from: x, to: A.temp, route: r}", "{from: x, to: B.temp, gateway: g}")]
    [InlineData("{from: \"x\\u00A0\", to: A.temp}", "{from: x, to: B.temp}")]
    public void One_name_for_two_signals_at_one_time_is_a_fault_with_both_places(string one, string other)
    {
        string fault = Assert.Single(FaultsOf($"  - {one}\n  - {other}"));
        Assert.StartsWith("site.yaml:7:5: bindings[1]: cannot bind \"x\": line 6 binds it to A.temp", fault);
        Assert.Single(FaultsOf($"  - {other}\n  - {one}"));
    }

    [Theory]
    [InlineData("{from: x, to: A.temp, until: 2026-03-01T08:00Z}", "{from: x, to: B.temp, since: 2026-03-01T08:00Z}")]
    [InlineData("{from: x, to: A.temp}", "{from: X, to: B.temp}")]
    [InlineData("{from: x, to: A.temp}", "{from: y, to: A.temp}")]
    [InlineData("{from: x, to: A.temp}", "{from: x, to: B.temp, tags: {a: '1'}}")]
    [InlineData("{from: x, to: A.temp, tags: {a: '1'}}", "{from: x, to: B.temp, tags: {a: '2'}}")]
    [InlineData("{from: x, to: A.temp, gateway: g}", "{from: x, to: B.temp, gateway: h}")]
    [InlineData("{from: x, to: A.temp, gateway: g}", "{from: x, to: B.temp, gateway: g, route: r}")]
    [InlineData("{from: x, to: A.temp, route: r}", "{from: x, to: B.temp, route: http}")]
    public void Names_that_can_be_told_apart_may_go_where_they_want(string one, string other)
    {
        Assert.Empty(FaultsOf($"  - {one}\n  - {other}"));
    }

    [Fact]
    public void A_binding_of_a_route_is_held_against_those_of_the_site()
    {
        SiteLoad load = SiteFile.Load(
            """
            site: p
            equipment: {T: {signals: {temp: {unit: Cel, range: [0, 1]}}}}
            assets: [{id: A, type: T}, {id: B, type: T}]
            routes: [{name: r, topic: "#", decoder: json, bindings: {x: A.temp}, units: {temp: kg}}]
            bindings: [{from: x, to: B.temp, route: r}, {from: x, to: B.temp}]
            """,
            "site.yaml");
        Assert.Equal(2, load.Faults.Count);
        Assert.Contains("units.temp: cannot use unit \"kg\": it does not convert", load.Faults[0].ToString());
        Assert.Contains("bindings[0]: cannot bind \"x\": line 4 binds it", load.Faults[1].ToString());
    }

    [Fact]
    public void Bindings_have_a_ceiling()
    {
        IEnumerable<string> lines =
            Enumerable.Range(0, SiteLimits.BindingCountMax + 2).Select(i => $"  - {{from: x{i}, to: A.temp}}");
        string fault = Assert.Single(FaultsOf(string.Join('\n', lines)));
        Assert.Contains("expected at most 10000 bindings, found more", fault);
    }

    [Fact]
    public void A_signals_unit_is_a_code_of_UCUM()
    {
        SiteLoad load = SiteFile.Load(
            "site: p\nequipment: {T: {signals: {a: {unit: kWh, range: [0, 1]}, b: {unit: kW.h, range: [0, 1]}}}}\n",
            "site.yaml");
        Assert.Equal(
            "site.yaml:2:37: equipment.T.signals.a.unit: cannot use unit \"kWh\": \"kWh\" is no unit of UCUM; "
            + "did you mean \"kW.h\"",
            Assert.Single(load.Faults).ToString());
    }

    private static string[] FaultsOf(string bindings) =>
        [.. SiteFile.Load(Head + bindings + "\n", "site.yaml").Faults.Select(fault => fault.ToString())];
}
