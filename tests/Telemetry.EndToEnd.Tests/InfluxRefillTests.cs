using System.Text.Json;
using Telemetry.Mqtt;

namespace Telemetry.EndToEnd.Tests;

/// <summary>An InfluxDB that is away for longer than the spool keeps what it has not had.</summary>
public sealed class InfluxRefillTests : InfluxTests
{
    private const int MegabyteMessages = 48; // half as much again as the quota
    private const int PointsPerMessage = 100;

    private protected override string[] Settings =>
        ["Influx:BacklogAfterSeconds=0.5", "Spool:BytesMax=33554432", "Spool:SegmentBytes=1048576"];

    [Fact]
    public async Task Intake_goes_on_and_what_the_spool_let_go_of_is_refilled_from_the_embedded_store()
    {
        await Service.PublishAsync("any", "pump v=1 1");
        await Influx.ExpectAsync("SELECT count(v) FROM pump", 1);
        await Influx.KillAsync();

        long start = DateTimeOffset.UtcNow.ToUnixTimeSeconds() * 1_000_000_000;
        PublishBeyondTheQuota(start);
        const int Count = MegabyteMessages * PointsPerMessage;
        await Service.ExpectAsync("SELECT count(v) FROM belt", Count);
        await Until.Async(
            "a missed range is written down",
            async () => (await Service.JsonAsync("/api/influx")).GetProperty("missed").GetArrayLength(),
            found => found > 0);

        await RestartAfterKillAsync();
        await Influx.StartAsync();
        await Influx.ExpectAsync("SELECT count(v) FROM belt", Count);
        await Influx.ExpectAsync("SELECT sum(v) FROM belt", Count * (Count - 1.0) / 2);
        await Service.ExpectMetricAsync("telemetry_influx_missed_bytes ", 0);
        Assert.InRange(await Service.MetricAsync("telemetry_influx_lines_refilled_total "), PointsPerMessage, Count);
        JsonElement status = await Service.JsonAsync("/api/influx");
        Assert.Equal(0, status.GetProperty("backlog").GetArrayLength());
    }

    /// <summary>Points within a second, each message filled up with a comment.</summary>
    private void PublishBeyondTheQuota(long start)
    {
        using var socket = new MqttSocket(Service.MqttPort, "filler");
        string filler = "# " + new string('x', 1_000_000);
        for (int message = 0; message < MegabyteMessages; message++)
        {
            IEnumerable<string> lines = Enumerable.Range(message * PointsPerMessage, PointsPerMessage)
                .Select(i => $"belt v={i} {start + i}\n");
            socket.Send(MqttSocket.Publish("any", string.Concat(lines) + filler, (ushort)(message + 1)));
            Assert.True(socket.TryReceive(out PacketFrame frame), Service.Output);
            Assert.Equal(PacketType.PubAck, frame.Type);
        }
    }
}
