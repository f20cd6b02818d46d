using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A real edge node, npm's sparkplug-client, connected to the service itself.</summary>
public sealed class SparkplugTests : ServiceTests
{
    private protected override string[] Arguments => ["--set", "Sparkplug:HostId=mine"];

    [Fact]
    public async Task Births_data_by_alias_deaths_and_a_kill_are_seen_as_the_node_meant_them()
    {
        await using SparkplugNode node = SparkplugNode.Start(Service.MqttPort, Directory.Path);
        await node.WaitForAsync("born");
        node.Tell("data 20");
        await Service.ExpectAsync("SELECT max(pieces) FROM plant", 20);
        await Service.ExpectAsync("SELECT count(\"Inputs/level\") FROM plant", 21);
        await Service.ExpectAsync("SELECT min(\"Inputs/level\") FROM plant", -20);

        node.Tell("device-death");
        await SparkplugNode.ExpectAsync(
            Service, view => !view.GetProperty("devices")[0].GetProperty("online").GetBoolean());
        await node.KillAsync();
        JsonElement dead = await SparkplugNode.ExpectAsync(Service, view => !view.GetProperty("online").GetBoolean());
        Assert.Equal("offline", dead.GetProperty("state").GetString());
        Assert.Equal(0, dead.GetProperty("gaps").GetInt64());
        Assert.InRange(dead.GetProperty("staleMetrics").GetInt64(), 3, long.MaxValue);
    }

    [Fact]
    public async Task A_request_for_births_is_an_NCMD_with_QoS_0_that_is_not_retained()
    {
        string[] listen =
            ["mosquitto_sub", "-p", $"{Service.MqttPort}", "-t", "spBv1.0/+/NCMD/#", "-F", "%t %q %r %x", "-d"];
        await using ToolRun node = ToolRun.Start("stdbuf", ["-oL", .. listen]);
        await node.WaitForAsync("SUBACK");
        string payload = Path.Combine(Directory.Path, "ndata");
        await File.WriteAllBytesAsync(payload, Convert.FromHexString("0801" + "1807" + "1204" + "1001" + "5805"));
        await ToolRun.RunAsync(
            "mosquitto_pub", "-p", $"{Service.MqttPort}", "-t", "spBv1.0/plant/NDATA/GW 1", "-f", payload);
        await node.WaitForAsync("spBv1.0/plant/NCMD/GW 1 0 0 08");
    }

    [Fact]
    public async Task Hosts_hear_that_the_service_is_there_and_a_false_word_is_contradicted()
    {
        string[] listen = ["mosquitto_sub", "-p", $"{Service.MqttPort}", "-t", "spBv1.0/STATE/mine"];
        await using ToolRun state = ToolRun.Start("stdbuf", ["-oL", .. listen]);
        await state.WaitForAsync("{\"online\":true,\"timestamp\":");
        await ToolRun.RunAsync(
            "mosquitto_pub", "-p", $"{Service.MqttPort}", "-t", "spBv1.0/STATE/mine", "-m", "{\"online\":false}");
        await Until.Async(
            "the service says that it is there",
            () => Task.FromResult(state.Output.Split("\"online\":true").Length - 1),
            count => count == 2);
        await Service.StopAsync();
        await state.WaitForAsync("{\"online\":false,\"timestamp\":");
    }
}
