using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

public sealed class VictoriaMetricsTests : ServiceTests
{
    private readonly int _port = FreePort.Find();
    private ToolRun? _victoria;

    private protected override string[] Arguments =>
    [
        "--set", $"Influx:Url=http://127.0.0.1:{_port}",
        "--set", "Influx:Api=VictoriaMetrics",
        "--set", "Influx:Bucket=telemetry",
    ];

    public override async Task InitializeAsync()
    {
        _victoria = ToolRun.Start(
            "victoria-metrics",
            [$"-storageDataPath={Directory.At("victoria")}", $"-httpListenAddr=127.0.0.1:{_port}"]);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        if (_victoria is not null)
        {
            await _victoria.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    [Fact]
    public async Task Points_arrive_and_what_it_would_lose_or_falsify_is_not_sent()
    {
        await Service.PublishAsync("any", "crusher,asset=CR-201 temp=61.5,state=\"one\ntwo\"");

        string found = await Until.Async(
            "victoria-metrics has the point", () => SeriesAsync("crusher_temp"), text => text.Length > 0);
        Assert.Contains("\"asset\":\"CR-201\"", found, StringComparison.Ordinal);
        Assert.Contains("\"values\":[61.5]", found, StringComparison.Ordinal);

        await Service.PublishAsync("any", "crusher state=\"on\"\ncrusher temp=1 1000");
        await Service.ExpectMetricAsync("telemetry_influx_points_withheld_total ", 2);
        Assert.Equal("", await SeriesAsync("crusher_state")); // it would have stored 0
        JsonElement status = await Service.JsonAsync("/api/influx");
        Assert.Equal(31 * 24, status.GetProperty("retentionHours").GetDouble()); // what it was started with
        await Service.ExpectAsync("SELECT count(state) FROM crusher", 2);
    }

    private async Task<string> SeriesAsync(string name)
    {
        using var http = new HttpClient();
        string match = Uri.EscapeDataString($"{{__name__=\"{name}\"}}");
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/api/v1/export?match[]={match}"));
    }
}
