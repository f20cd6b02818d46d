namespace Telemetry.EndToEnd.Tests;

public sealed class InfluxStoreTests : ServiceTests
{
    private InfluxServer _influx = null!;

    private protected override string[] Arguments =>
    [
        "--set", $"Influx:Url={_influx.Url}",
        "--set", "Influx:Api=V1",
        "--set", "Influx:Bucket=telemetry",
        "--set", "Influx:BatchSeconds=0.2",
    ];

    public override async Task InitializeAsync()
    {
        _influx = await InfluxServer.StartAsync(Directory.Path);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await _influx.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Points_arrive_in_a_real_InfluxDB_and_in_the_embedded_store()
    {
        const string fields = "temp=61.5,count=3i,on=true,text=\"a\\\"b\"";
        await Service.PublishAsync("any", $"crusher,asset=CR-201 {fields} 1700000000000000000");

        await _influx.ExpectAsync("SELECT temp FROM crusher WHERE asset = 'CR-201' AND \"on\" = true", 61.5);
        await _influx.ExpectAsync("SELECT \"count\" FROM crusher WHERE \"text\" = 'a\"b'", 3);
        await Service.ExpectAsync("SELECT temp FROM crusher", 61.5);
    }

    [Fact]
    public async Task What_was_published_while_InfluxDB_was_dead_arrives_when_it_is_back_and_nothing_else_waits()
    {
        await Service.PublishAsync("any", "pump v=1 1");
        await _influx.ExpectAsync("SELECT count(v) FROM pump", 1);
        await _influx.KillAsync();

        for (int i = 2; i <= 10; i++)
        {
            await Service.PublishAsync("any", $"pump v={i} {i}");
            await Service.ExpectAsync("SELECT count(v) FROM pump", i);
        }

        await RestartAfterKillAsync();
        await _influx.StartAsync();
        await _influx.ExpectAsync("SELECT count(v) FROM pump", 10);
        await _influx.ExpectAsync("SELECT sum(v) FROM pump", 55);
    }

    [Fact]
    public async Task A_point_whose_type_conflicts_in_InfluxDB_costs_that_point_only()
    {
        await _influx.WriteAsync("pump v=\"text\" 1");

        await Service.PublishAsync("any", "pump v=2 2\nfan v=3 3\nfan v=4 4");
        await Service.PublishAsync("any", "fan v=5 5");

        await _influx.ExpectAsync("SELECT count(v) FROM fan", 3);
        await _influx.ExpectAsync("SELECT count(v) FROM pump", 1);
        await Service.ExpectAsync("SELECT count(v) FROM pump", 1);
        await Service.ExpectMetricAsync("telemetry_influx_lines_refused_total ", 1);
    }
}
