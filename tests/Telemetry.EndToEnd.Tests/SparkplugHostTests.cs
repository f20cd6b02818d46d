using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>The service as primary host behind mosquitto, with npm's sparkplug-client as edge node.</summary>
public sealed class SparkplugHostTests : ServiceTests
{
    private MqttBroker _broker = null!;
    private SparkplugNode _node = null!;

    private protected override string[] Arguments =>
        BrokerSettings.Of(0, _broker.Port, "SparkplugHost=mine", "CanarySeconds=1");

    public override async Task InitializeAsync()
    {
        _broker = MqttBroker.Of("mosquitto", Directory.Path);
        await _broker.StartAsync();
        _node = SparkplugNode.Start(_broker.Port, Directory.Path);
        await _node.WaitForAsync("born");
        await base.InitializeAsync();
        await Service.ExpectMetricAsync("telemetry_broker_connected", 1);
    }

    public override async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _broker.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_service_that_missed_the_birth_asks_for_it_and_the_data_is_complete()
    {
        _node.Tell("data 5");
        await _node.WaitForAsync("rebirth asked");
        _node.Tell("data 5");

        await Service.ExpectAsync("SELECT max(pieces) FROM plant", 10);
        await Service.ExpectAsync("SELECT sum(pieces) FROM plant", 55);
        await Service.ExpectAsync("SELECT sum(\"Inputs/level\") FROM plant", -55);
        JsonElement view = await SparkplugNode.ExpectAsync(Service, view => view.GetProperty("held").GetInt32() == 0);
        Assert.Equal(1, view.GetProperty("rebirthsRequested").GetInt64());

        await RestartAfterKillAsync();
        await Service.ExpectMetricAsync("telemetry_broker_connected", 1);
        _node.Tell("data 5");
        await Service.ExpectAsync("SELECT sum(pieces) FROM plant", 120);
        view = await SparkplugNode.ExpectAsync(Service, view => view.GetProperty("online").GetBoolean());
        Assert.Equal((1, 0), (view.GetProperty("rebirthsRequested").GetInt64(), view.GetProperty("gaps").GetInt64()));
    }

    [Fact]
    public async Task Its_state_is_retained_and_says_when_it_is_killed_and_when_it_leaves()
    {
        string[] listen = ["mosquitto_sub", "-p", $"{_broker.Port}", "-t", "spBv1.0/STATE/mine"];
        await using ToolRun state = ToolRun.Start("stdbuf", ["-oL", .. listen]);
        await state.WaitForAsync("{\"online\":true,\"timestamp\":");
        await RestartAfterKillAsync();
        await state.WaitForAsync("{\"online\":false,\"timestamp\":");
        await Until.Async(
            "it is there again",
            () => Task.FromResult(state.Output),
            output => output.LastIndexOf("true", StringComparison.Ordinal)
                > output.LastIndexOf("false", StringComparison.Ordinal));
        await Service.StopAsync();
        await Until.Async(
            "it has left",
            () => Task.FromResult(state.Output),
            output => output.LastIndexOf("false", StringComparison.Ordinal)
                > output.LastIndexOf("true", StringComparison.Ordinal));
    }
}
