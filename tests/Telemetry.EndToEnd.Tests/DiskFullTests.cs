using System.Net;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A data directory on a small disk of its own that fills up to the last byte.</summary>
public sealed class DiskFullTests : ServiceTests
{
    private const int DiskMebibytes = 160; // 64 of them are the reserve that intake leaves to others
    private const int TimedOut = 124; // exit code of timeout(1)
    private const long FirstTime = 1_700_000_000_000_000_000;
    private readonly ObligingInflux _influx = ObligingInflux.Start(); // so that its cursor is written all the time
    private SmallDisk _disk = null!;

    private protected override string DataDirectory => _disk.Path;

    private protected override string[] Arguments =>
    [
        "--set", $"Influx:Url={_influx.Url}",
        "--set", "Influx:Api=V1",
        "--set", "Influx:BatchSeconds=0.1",
    ];

    public override async Task InitializeAsync()
    {
        _disk = await SmallDisk.MountAsync(DiskMebibytes);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_disk is not null)
        {
            await _disk.DisposeAsync();
        }

        await _influx.DisposeAsync();
    }

    [Fact]
    public async Task On_a_full_disk_nothing_is_acknowledged_queries_are_answered_and_all_resumes_when_there_is_room()
    {
        using var sender = new PointSender(Service.MqttPort, FirstTime);
        await sender.WaitForAcknowledgedAsync(1_000);
        await FillAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Service.HealthAsync());
        int acknowledged = sender.AcknowledgedCount;
        await RequireNobodyIsAcknowledgedAsync();
        Assert.Equal(acknowledged, sender.AcknowledgedCount);
        await RequireStoredAsync(sender.Acknowledged());

        File.Delete(Path.Combine(_disk.Path, "ballast"));
        await Until.Async("health is back", Service.HealthAsync, status => status == HttpStatusCode.OK);
        await sender.WaitForAcknowledgedAsync(acknowledged + 1_000);
        IReadOnlyList<long> all = sender.Stop();
        Assert.Equal(0, await Service.StopAsync());
        await Service.DisposeAsync();
        await StartAsync();
        await RequireStoredAsync(all);
    }

    [Fact]
    public async Task A_service_that_is_stopped_while_its_disk_is_full_ends_and_loses_nothing()
    {
        using var sender = new PointSender(Service.MqttPort, FirstTime);
        await sender.WaitForAcknowledgedAsync(1_000);
        await FillAsync();

        int exitCode = await Service.StopAsync();
        Assert.True(exitCode == 0, $"exit code {exitCode}: {Service.Output}");
        await Service.DisposeAsync();
        File.Delete(Path.Combine(_disk.Path, "ballast"));
        await StartAsync();
        await RequireStoredAsync(sender.Stop());
    }

    private async Task FillAsync()
    {
        _disk.Fill("ballast");
        await Until.Async(
            "health says that intake is stopped",
            () => Service.TextAsync("/health"),
            health => health.Contains("intake is stopped, nothing is acknowledged", StringComparison.Ordinal));
    }

    /// <summary>A client of MQTT waits in vain, one of HTTP is told.</summary>
    private async Task RequireNobodyIsAcknowledgedAsync()
    {
        string[] publish = ["-p", $"{Service.MqttPort}", "-q", "1", "-t", "load/other", "-m", "other v=1"];
        await using ToolRun client = ToolRun.Start("timeout", ["3", "mosquitto_pub", .. publish]);
        Assert.Equal(TimedOut, await client.WaitAsync());
        using var lines = new StringContent("other v=1");
        using HttpResponseMessage answer =
            await Service.Http.PostAsync(new Uri("/write?db=telemetry", UriKind.Relative), lines);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private async Task RequireStoredAsync(IReadOnlyList<long> acknowledged)
    {
        JsonElement[] rows = await Service.RowsAsync($"SELECT n FROM {PointSender.Measurement}");
        long[] lost = [.. acknowledged.Except(rows.Select(row => row[0].GetInt64()))];
        Assert.True(lost.Length == 0, $"{lost.Length} of {acknowledged.Count} acknowledged points are lost");
    }
}
