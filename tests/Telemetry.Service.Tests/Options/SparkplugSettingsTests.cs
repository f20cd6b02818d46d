using Microsoft.Extensions.Configuration;

namespace Telemetry.Service.Tests.Options;

public sealed class SparkplugSettingsTests
{
    [Theory]
    [InlineData("30", 30, true)]
    [InlineData("0", 0, false)]
    [InlineData("601", 601, false)]
    public void The_reorder_timeout_is_a_setting_with_bounds(string value, double seconds, bool isGood)
    {
        (ServiceOptions options, IReadOnlyList<SettingFault> faults) = Read(("Sparkplug:ReorderSeconds", value));
        Assert.Equal(seconds, options.Sparkplug.ReorderSeconds);
        Assert.Equal(!isGood, faults.Any(fault => fault.Place == "Sparkplug:ReorderSeconds"));
    }

    [Theory]
    [InlineData("mine-host", true)]
    [InlineData("mine/host", false)]
    [InlineData("mine+", false)]
    [InlineData("#", false)]
    public void A_host_identifier_is_one_level_of_a_topic(string hostId, bool isGood)
    {
        IReadOnlyList<SettingFault> faults = Read(
            ("Sparkplug:HostId", hostId),
            ("Mqtt:Brokers:0:Name", "scada"),
            ("Mqtt:Brokers:0:Url", "mqtt://127.0.0.1"),
            ("Mqtt:Brokers:0:SparkplugHost", hostId)).Faults;
        Assert.Equal(
            isGood ? [] : ["Mqtt:Brokers:0:SparkplugHost", "Sparkplug:HostId"],
            faults.Select(fault => fault.Place).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_connection_of_a_primary_host_is_of_nothing_else()
    {
        IReadOnlyList<SettingFault> faults = Read(
            ("Mqtt:Brokers:0:Name", "scada"),
            ("Mqtt:Brokers:0:Url", "mqtt://127.0.0.1"),
            ("Mqtt:Brokers:0:SparkplugHost", "mine"),
            ("Mqtt:Brokers:0:Filters:0", "#")).Faults;
        SettingFault fault = Assert.Single(faults);
        Assert.Equal("Mqtt:Brokers:0:SparkplugHost", fault.Place);
    }

    private static (ServiceOptions Options, IReadOnlyList<SettingFault> Faults) Read(
        params (string Key, string Value)[] settings) =>
        OptionsCheck.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create<string, string?>(pair.Key, pair.Value)))
            .Build());
}
