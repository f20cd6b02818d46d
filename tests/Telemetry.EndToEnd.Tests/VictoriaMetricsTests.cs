namespace Telemetry.EndToEnd.Tests;

public sealed class VictoriaMetricsTests : ServiceTests
{
    private readonly int _port = FreePort.Find();
    private ToolRun? _victoria;

    private protected override string[] Arguments =>
        ["--set", $"Influx:Url=http://127.0.0.1:{_port}", "--set", "Influx:Api=V2", "--set", "Influx:Bucket=telemetry"];

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
    public async Task Points_arrive_by_the_write_interface_of_InfluxDB_2()
    {
        await Service.PublishAsync("any", "crusher,asset=CR-201 temp=61.5");

        using var http = new HttpClient();
        string match = Uri.EscapeDataString("{__name__=\"crusher_temp\"}");
        var address = new Uri($"http://127.0.0.1:{_port}/api/v1/export?match[]={match}");
        string found = await Until.Async(
            "victoria-metrics has the point", () => http.GetStringAsync(address), text => text.Length > 0);
        Assert.Contains("\"asset\":\"CR-201\"", found, StringComparison.Ordinal);
        Assert.Contains("\"values\":[61.5]", found, StringComparison.Ordinal);
    }
}
