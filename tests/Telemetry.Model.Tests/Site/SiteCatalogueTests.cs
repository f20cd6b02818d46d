using System.Text;

namespace Telemetry.Model.Tests;

public sealed class SiteCatalogueTests
{
    private static readonly SiteCatalogue Site = SiteOf(area: "milling");

    [Theory]
    [InlineData("PU,area=milling,asset=PU-7,site=mine", "flow", true)]
    [InlineData("PU,area=milling,asset=PU-7,site=mine", "level", false)]
    [InlineData("PU,area=milling,asset=PU-8,site=mine", "flow", false)]
    [InlineData("CR,area=milling,asset=PU-7,site=mine", "flow", false)]
    [InlineData("PU,area=crushing,asset=PU-7,site=mine", "flow", false)]
    [InlineData("PU,area=milling,asset=PU-7,site=other", "flow", false)]
    [InlineData("PU,area=milling,site=mine", "flow", false)]
    public void A_field_is_a_signal_by_type_and_tags_and_key(string series, string field, bool isSignal)
    {
        Assert.Equal(isSignal ? Site.Signals[0] : null, Site.SignalOf(FieldOf(series, field)));
    }

    [Fact]
    public void An_asset_without_an_area_has_none_in_its_series()
    {
        Assert.NotNull(SiteOf(area: "").SignalOf(FieldOf("PU,asset=PU-7,site=mine", "flow")));
    }

    private static Field FieldOf(string series, string name)
    {
        new SeriesCatalogue().TryIntern(Encoding.UTF8.GetBytes(series), name, FieldType.Float, out Field? field);
        return field!;
    }

    private static SiteCatalogue SiteOf(string area)
    {
        var rule = new AlarmRule(LimitSet.None, 0, 0, 0, double.NaN, 0, 0);
        var flow = new SignalDefinition("flow", "Flow", "m3/h", 0, 90, 45, 1, 1, rule);
        var asset = new Asset("PU-7", new EquipmentType("PU", "Pump", [flow]), area, new DisplayName("Pump"), "", true);
        return new SiteCatalogue("mine", [asset], [], [], [new SignalInstance(asset, flow)]);
    }
}
