namespace Telemetry.EndToEnd.Tests;

public sealed class GatewayTests : ServiceTests
{
    [Fact]
    public async Task Every_message_of_a_gateway_on_MQTT_js_is_found_by_query()
    {
        string gateways = Path.Combine(RunningService.Repository, "tests", "gateways");
        Assert.True(
            System.IO.Directory.Exists(Path.Combine(gateways, "node_modules", "mqtt")),
            "the tests need MQTT.js: run 'npm ci' in tests/gateways (./test.sh does)");

        string output = await ToolRun.RunAsync(
            "node", Path.Combine(gateways, "publish.mjs"), $"{Service.MqttPort}", "1000");

        Assert.Contains("1000 acknowledged", output, StringComparison.Ordinal);
        await Service.ExpectAsync("SELECT count(n) FROM gateway WHERE library = 'mqttjs'", 1_000);
        await Service.ExpectAsync("SELECT sum(n) FROM gateway", 499_500);
    }
}
