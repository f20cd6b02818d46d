using System.Diagnostics;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>The client of external brokers with mosquitto: what is taken in, and what a bad link does.</summary>
public sealed class BrokerClientTests : ServiceTests
{
    private const int KeepAliveSeconds = 2;
    private MqttBroker _broker = null!;
    private BrokerProxy _proxy = null!;

    private protected override string[] Arguments => BrokerSettings.Of(
        0, _proxy.Port, "Filters:0=#", $"KeepAliveSeconds={KeepAliveSeconds}", "CanarySeconds=1");

    public override async Task InitializeAsync()
    {
        _broker = MqttBroker.Of("mosquitto", Directory.Path);
        await _broker.StartAsync();
        await PublishAsync("old/a", "old v=1", "-r");
        await PublishAsync("old/b", "old w=2 1700000000000000000", "-r");
        _proxy = BrokerProxy.Before(_broker);
        await base.InitializeAsync();
        await Service.ExpectMetricAsync("telemetry_broker_connected", 1);
    }

    public override async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _broker.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Messages_are_taken_in_and_old_ones_count_only_with_a_time_of_their_own()
    {
        await PublishAsync("telemetry/default/alarms/x", "alarm v=1");
        await PublishAsync("telemetry/canary/another", "canary v=1");
        await PublishAsync("pump/a", "pump v=3");

        await Service.ExpectAsync("SELECT v FROM pump", 3);
        await Service.ExpectAsync("SELECT w FROM old", 2);
        Assert.Empty(await Service.RowsAsync("SELECT v FROM old"));
        Assert.Empty(await Service.RowsAsync("SELECT v FROM alarm"));
        Assert.Empty(await Service.RowsAsync("SELECT v FROM canary"));
        JsonElement broker = (await Service.JsonAsync("/api/status")).GetProperty("brokers")[0];
        Assert.Equal("5.0", broker.GetProperty("protocol").GetString());
        Assert.Equal("", broker.GetProperty("lastError").GetString());
    }

    [Fact]
    public async Task A_half_open_link_is_noticed_within_one_and_a_half_times_the_keep_alive()
    {
        Task closed = _proxy.ClosedByServiceAsync();
        _proxy.Freeze();
        var clock = Stopwatch.StartNew();
        await closed.WaitAsync(Until.Deadline);

        // The last half second is for a busy machine.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, (KeepAliveSeconds * 1.5) + 0.5);
        await PublishAsync("pump/a", "pump v=4");
        await Service.ExpectAsync("SELECT v FROM pump", 4);
        Assert.Equal(2, _proxy.ConnectionCount);
    }

    [Fact]
    public async Task A_connection_that_is_silent_is_found_by_the_canary_and_made_anew()
    {
        await Until.Async(
            "a canary came back",
            () => Service.MetricAsync("telemetry_broker_own_messages_total"),
            count => count >= 1);
        _proxy.Silence();
        await PublishAsync("pump/a", "pump v=5");

        await Service.ExpectMetricAsync("telemetry_broker_silences_total", 1);
        await Service.ExpectAsync("SELECT v FROM pump", 5);
    }

    [Fact]
    public async Task Two_instances_share_a_subscription()
    {
        string[] shared = ["Filters:0=load/#", "Share=mine"];
        await using RunningService a = await RunningService.ServeAsync(
            System.IO.Directory.CreateDirectory(Directory.At("a")).FullName,
            BrokerSettings.Of(0, _broker.Port, [.. shared, "ClientIdentifier=instance-a"]));
        await using RunningService b = await RunningService.ServeAsync(
            System.IO.Directory.CreateDirectory(Directory.At("b")).FullName,
            BrokerSettings.Of(0, _broker.Port, [.. shared, "ClientIdentifier=instance-b"]));
        await a.ExpectMetricAsync("telemetry_broker_connected", 1);
        await b.ExpectMetricAsync("telemetry_broker_connected", 1);
        using var sender = new PointSender(_broker.Port, 1_700_000_000_000_000_000);
        await sender.WaitForAcknowledgedAsync(2_000);
        IReadOnlyList<long> acknowledged = sender.Stop();

        await Until.Async(
            "all points are with one of the two",
            async () => (await BrokerSettings.StoredAsync(a)).Union(await BrokerSettings.StoredAsync(b)).ToHashSet(),
            stored => stored.IsSupersetOf(acknowledged));
        HashSet<long> ofA = await BrokerSettings.StoredAsync(a);
        HashSet<long> ofB = await BrokerSettings.StoredAsync(b);
        Assert.NotEmpty(ofA);
        Assert.NotEmpty(ofB);
        Assert.Empty(ofA.Intersect(ofB));
    }

    private Task<string> PublishAsync(string topic, string payload, params string[] arguments) => ToolRun.RunAsync(
        "mosquitto_pub", ["-p", $"{_broker.Port}", "-q", "1", "-t", topic, "-m", payload, .. arguments]);
}
