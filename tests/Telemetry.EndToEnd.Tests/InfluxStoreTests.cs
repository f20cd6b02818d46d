using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

public sealed class InfluxStoreTests : InfluxTests
{
    private protected override string[] Settings =>
        ["Influx:Bucket=telemetry", "Influx:BacklogAfterSeconds=1", "Influx:BacklogBytesPerSecond=10000"];

    [Fact]
    public async Task Points_arrive_in_a_real_InfluxDB_and_in_the_embedded_store()
    {
        const string fields = "temp=61.5,count=3i,on=true,text=\"a\\\"b\"";
        await Service.PublishAsync("any", $"crusher,asset=CR-201 {fields} 1700000000000000000");

        await Influx.ExpectAsync("SELECT temp FROM crusher WHERE asset = 'CR-201' AND \"on\" = true", 61.5);
        await Influx.ExpectAsync("SELECT \"count\" FROM crusher WHERE \"text\" = 'a\"b'", 3);
        await Service.ExpectAsync("SELECT temp FROM crusher", 61.5);
    }

    [Fact]
    public async Task What_was_published_while_InfluxDB_was_dead_arrives_when_it_is_back_and_nothing_else_waits()
    {
        await Service.PublishAsync("any", "pump v=1 1");
        await Influx.ExpectAsync("SELECT count(v) FROM pump", 1);
        await Influx.KillAsync();

        for (int i = 2; i <= 10; i++)
        {
            await Service.PublishAsync("any", $"pump v={i} {i}");
            await Service.ExpectAsync("SELECT count(v) FROM pump", i);
        }

        await RestartAfterKillAsync();
        await Influx.StartAsync();
        await Influx.ExpectAsync("SELECT count(v) FROM pump", 10);
        await Influx.ExpectAsync("SELECT sum(v) FROM pump", 55);
    }

    [Fact]
    public async Task A_point_whose_type_conflicts_in_InfluxDB_costs_that_point_only()
    {
        await Influx.WriteAsync("pump v=\"text\" 1");

        await Service.PublishAsync("any", "pump v=2 2\nfan v=3 3\nfan v=4 4");
        await Service.PublishAsync("any", "fan v=5 5");

        await Influx.ExpectAsync("SELECT count(v) FROM fan", 3);
        await Influx.ExpectAsync("SELECT count(v) FROM pump", 1);
        await Service.ExpectAsync("SELECT count(v) FROM pump", 1);
        await Service.ExpectMetricAsync("telemetry_influx_lines_refused_total ", 1);
    }

    [Fact]
    public async Task After_an_outage_new_data_goes_first_and_the_backlog_drains_beside_it()
    {
        await Service.PublishAsync("any", "pump v=1 1");
        await Influx.ExpectAsync("SELECT count(v) FROM pump", 1);
        await Influx.KillAsync();
        await Service.PublishAsync("any", "fan v=1 1"); // the request in hand, which is sent first of all
        await ExpectHealthAsync(isAway: true);
        const int Count = 6_000; // some 130 kB of lines, 13 seconds of the budget
        for (int start = 0; start < Count; start += 500)
        {
            await Service.PublishAsync("any", string.Concat(
                Enumerable.Range(start, 500).Select(i => $"belt,n=a v={i} {i + 1}\n")));
        }

        double now = await TickAsync();
        await Until.Async("it is older than BacklogAfterSeconds", TickAsync, time => time > now + 2_000);
        await Influx.StartAsync();
        await ExpectHealthAsync(isAway: false);
        await Service.PublishAsync("any", "pump v=2 2");
        await Influx.ExpectAsync("SELECT count(v) FROM pump", 2);

        Assert.True(await Service.MetricAsync("telemetry_influx_backlog_bytes ") > 0, "the backlog came first");
        await Influx.ExpectAsync("SELECT count(v) FROM belt", Count);
        await Influx.ExpectAsync("SELECT sum(v) FROM belt", Count * (Count - 1.0) / 2);
        await Service.ExpectMetricAsync("telemetry_influx_backlog_bytes ", 0);
    }

    [Fact]
    public async Task Points_older_than_InfluxDB_keeps_are_set_apart_by_name()
    {
        await Influx.CommandAsync("ALTER RETENTION POLICY autogen ON telemetry DURATION 30d");
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        await Service.PublishAsync("any", $"pump v=1 {now}\nfan,n=b v=3 1\nfan,n=b v=4 2\npump v=2 {now + 1}");

        await Influx.ExpectAsync("SELECT count(v) FROM pump", 2);
        await Service.ExpectMetricAsync("telemetry_influx_lines_beyond_retention_total ", 2);
        JsonElement apart = Assert.Single(
            (await Service.JsonAsync("/api/influx")).GetProperty("setApart").EnumerateArray().ToArray());
        Assert.Equal("fan,n=b", apart.GetProperty("series").GetString());
        Assert.Equal("BeyondRetention", apart.GetProperty("reason").GetString());
        Assert.Equal(2, apart.GetProperty("count").GetInt32());
        await Service.ExpectAsync("SELECT count(v) FROM fan", 2);
    }

    private Task<string> ExpectHealthAsync(bool isAway) => Until.Async(
        $"health says whether InfluxDB is away: {isAway}",
        () => Service.TextAsync("/health"),
        text => text.Contains("InfluxDB takes no points") == isAway);

    /// <summary>The service's clock, in milliseconds.</summary>
    private async Task<double> TickAsync() =>
        (await Service.JsonAsync("/api/status")).GetProperty("timeMilliseconds").GetDouble();
}
