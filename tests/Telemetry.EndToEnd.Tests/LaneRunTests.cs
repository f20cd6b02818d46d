using System.Text.Json;
using Telemetry.Mqtt;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// A store that cannot be written while more comes than the spool holds: the marked lane gives way, what is not marked
/// is acknowledged all the time and stored afterwards, and the ledger has every message.
/// </summary>
public sealed class LaneRunTests : ServiceTests
{
    private const int QuotaMebibytes = 64;
    private const int SegmentMebibytes = 4;
    private const int PayloadBytes = 4_096;
    private const int Messages = QuotaMebibytes * 1024 * 1024 / PayloadBytes * 3 / 2; // half as much again as fits
    private const int Block = 250; // unacknowledged at once
    private const int DamOne = 8; // of as many messages one is of the dam, which nothing marks
    private const int SettledAsks = 60; // some three seconds
    private const long FirstMilliseconds = 1_700_000_000_000;
    private const string Alarm = "raw.spool/DROPPED";
    private const string Lanes = "lanes: [{name: raw, topics: [plant/raw], when_full: drop-oldest}]";
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10); // after which the alarm of a lane ends
    private static readonly string Padding = new('x', PayloadBytes);

    private protected override string[] Arguments =>
    [
        "--site", Directory.At("site.yaml"),
        "--set", $"Spool:BytesMax={QuotaMebibytes * 1024 * 1024}",
        "--set", $"Spool:SegmentBytes={SegmentMebibytes * 1024 * 1024}",
    ];

    private static bool IsNightly => Environment.GetEnvironmentVariable("TELEMETRY_NIGHTLY") == "1";

    public override async Task InitializeAsync()
    {
        await WriteSiteAsync(Lanes);
        await StartAsync();
    }

    [Fact]
    public async Task A_marked_lane_gives_way_while_the_store_stands_still_and_nothing_else_is_lost()
    {
        long dropped;
        using (await StoreLock.TakeAsync(Directory.At("store/telemetry.db")))
        {
            Publish(Messages);
            dropped = await DroppedAsync();
            await WaitForAlarmAsync("unacknowledged");
            await Service.KillAsync(); // what the store has in memory is not what saves the rest
        }

        await Service.DisposeAsync();
        await StartAsync();
        await Service.ExpectMetricAsync("telemetry_ingestion_consumer_pending_bytes{consumer=\"store\"}", 0);
        await WaitForAlarmAsync("unacknowledged");
        int dam = Messages / DamOne;
        await Service.ExpectAsync("SELECT count(n) FROM dam", dam);
        await Service.ExpectAsync("SELECT count(n) FROM raw", Messages - dam - dropped);
        await CheckLedgerAsync(
            ("received", Messages), ("decoded", Messages - dropped), ("dropped", dropped), ("quarantined", 0));

        if (IsNightly)
        {
            await WaitForAlarmAsync("returned-unacknowledged", 2 * Quiet);
        }

        await WriteSiteAsync(lanes: ""); // the alarm of a lane that is gone is withdrawn
        await RunningService.CommandAsync("site", "reload", "--url", Service.Http.BaseAddress!.ToString());
        await WaitForAlarmAsync("normal");
    }

    /// <summary>How many messages have gone, once no more go: the service looks each second.</summary>
    private async Task<long> DroppedAsync()
    {
        long before = 0;
        int same = 0;
        JsonElement lane = await Until.Async(
            "messages have gone and no more go",
            async () => (await Service.JsonAsync("/api/status")).GetProperty("lanes")[0],
            lane =>
            {
                same = DroppedOf(lane) == before ? same + 1 : 0;
                before = DroppedOf(lane);
                return before > 0 && same > SettledAsks;
            });
        Assert.Equal("raw", lane.GetProperty("name").GetString());
        Assert.Equal("drop-oldest", lane.GetProperty("whenFull").GetString());
        Assert.True(lane.GetProperty("isDropping").GetBoolean());
        Assert.True(lane.GetProperty("droppedBytes").GetInt64() > DroppedOf(lane) * PayloadBytes);
        return DroppedOf(lane);
    }

    private static long DroppedOf(JsonElement lane) => lane.GetProperty("droppedMessages").GetInt64();

    private Task<string?> WaitForAlarmAsync(string state, TimeSpan? deadline = null) => Until.Async(
        $"alarm {Alarm} is {state}",
        async () => (await Service.JsonAsync("/alarms")).EnumerateArray()
            .Where(alarm => alarm.GetProperty("id").GetString() == Alarm)
            .Select(alarm => alarm.GetProperty("state").GetString())
            .FirstOrDefault("normal"), // normal alarms are not listed
        found => found == state,
        deadline);

    private async Task CheckLedgerAsync(params (string Term, long Expected)[] terms)
    {
        JsonElement ledger = await Service.JsonAsync("/api/ledger");
        Assert.True(ledger.GetProperty("closes").GetBoolean());
        foreach ((string term, long expected) in terms)
        {
            long found = ledger.GetProperty("rows").EnumerateArray().Sum(row => row.GetProperty(term).GetInt64());
            Assert.True(expected == found, $"{term}: expected {expected}, found {found}");
        }
    }

    private void Publish(int count)
    {
        using var socket = new MqttSocket(Service.MqttPort, "plant");
        for (int start = 0; start < count; start += Block)
        {
            int end = Math.Min(start + Block, count);
            socket.Send([.. Enumerable.Range(start, end - start).SelectMany(PacketOf)]);
            for (int i = start; i < end; i++)
            {
                Assert.True(socket.TryReceive(out PacketFrame frame));
                Assert.Equal(PacketType.PubAck, frame.Type);
            }
        }
    }

    private static byte[] PacketOf(int number)
    {
        string topic = number % DamOne == 0 ? "plant/dam" : "plant/raw";
        string payload = $"{{\"t\":{FirstMilliseconds + number},\"n\":{number},\"pad\":\"{Padding}\"}}";
        return MqttSocket.Publish(topic, payload, (ushort)(1 + (number % Block)));
    }

    private Task WriteSiteAsync(string lanes) => File.WriteAllTextAsync(
        Directory.At("site.yaml"),
        $$$"""
        site: pilot
        routes:
          - {name: dam, topic: plant/dam, decoder: json, measurement: dam, json: {value: n, time: t}}
          - {name: raw, topic: plant/raw, decoder: json, measurement: raw, json: {value: n, time: t}}
        {{{lanes}}}
        """);
}
