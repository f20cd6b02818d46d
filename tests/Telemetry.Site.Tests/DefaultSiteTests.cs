using Telemetry.Model;

namespace Telemetry.Site.Tests;

public sealed class DefaultSiteTests
{
    private static readonly SiteCatalogue Site = DefaultSite.Load();

    [Fact]
    public void It_has_no_fault() => Assert.Empty(SiteFile.Load(DefaultSite.Yaml, DefaultSite.FileName).Faults);

    [Fact]
    public void It_holds_the_whole_pilot_plant()
    {
        EquipmentType[] used = [.. Site.Signals.Select(signal => signal.Asset.Type).Distinct()];

        Assert.Equal("pilot", Site.Site);
        Assert.Equal(43, Site.Assets.Count);
        Assert.Equal(10, Site.Gateways.Count);
        Assert.Equal(32, used.Length); // VF, underground, is listed and not enabled
        Assert.Equal(247, used.Sum(type => type.Signals.Count));
        Assert.Equal(261, used.Sum(type => type.Signals.Count) + TypeOf("VF-101").Signals.Count);
        Assert.Equal(427, Site.Signals.Count);
    }

    [Fact]
    public void Every_asset_has_its_name_in_three_languages()
    {
        foreach (DisplayName name in Site.Assets.Select(a => a.Name).Concat(Site.Gateways.Select(g => g.Name)))
        {
            Assert.NotEqual("", name.English);
            Assert.Contains(name.Mongolian, c => c is >= 'А' and <= 'я' or 'ө' or 'ү');
            Assert.Contains(name.Korean, c => c is >= '가' and <= '힣');
        }
    }

    [Fact]
    public void Every_gateway_of_an_enabled_asset_speaks_a_format()
    {
        var formats = Site.Gateways.ToDictionary(gateway => gateway.Id, gateway => gateway.Format);

        Assert.All(Site.Signals, signal => Assert.NotEqual("", formats[signal.Asset.Gateway]));
        string[] expected = ["frame", "json-flat", "json-values", "line-protocol", "senml"];
        Assert.Equal(expected, formats.Values.Distinct().Order());
    }

    [Fact]
    public void The_last_route_takes_what_is_left()
    {
        Assert.Equal("#", Site.Routes[^1].Filter);
        Assert.Equal("auto", Site.Routes[^1].Decoder);
    }

    [Fact]
    public void A_limit_of_the_type_reaches_the_signal_and_an_override_replaces_it()
    {
        Assert.Equal(new LimitSet(double.NaN, double.NaN, 75, 85), Signal("CR-201", "bearing_de_temp").Alarm.Limits);
        Assert.Equal(new LimitSet(-46, -42, 38, 41), Signal("WX-601", "air_temp").Alarm.Limits);
    }

    [Fact]
    public void A_normal_value_breaks_no_limit()
    {
        Assert.All(Site.Signals, signal =>
        {
            LimitSet limits = signal.Definition.Alarm.Limits;
            double normal = signal.Definition.Normal;
            Assert.False(normal <= limits.Low || normal <= limits.LowLow, signal.Id);
            Assert.False(normal >= limits.High || normal >= limits.HighHigh, signal.Id);
        });
    }

    [Fact]
    public void It_stays_below_200_kB() => Assert.InRange(DefaultSite.Yaml.Length, 10_000, 200_000);

    private static SignalDefinition Signal(string asset, string key)
    {
        Assert.True(Site.TryGetSignal(asset, key, out SignalInstance? signal));
        return signal!.Definition;
    }

    private static EquipmentType TypeOf(string asset) => Site.Assets.Single(a => a.Id == asset).Type;
}
