using System.Net;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

public sealed class BadInputTests : ServiceTests
{
    [Fact]
    public async Task A_bad_payload_is_acknowledged_and_stays_in_quarantine_with_its_reason()
    {
        await Service.PublishAsync("mill/ML-301", """{"power": 3,, "x": 1}""");
        await Service.PublishAsync("mill/ML-301", """{"power": 7}""");

        JsonElement entry = await OnlyEntryAsync();
        Assert.Equal("mill/ML-301", entry.GetProperty("topic").GetString());
        Assert.NotEmpty(entry.GetProperty("reason").GetString()!);
        Assert.InRange(entry.GetProperty("faultOffset").GetInt32(), 10, 13);
        await Service.ExpectAsync("SELECT power FROM mill", 7);

        await RestartAfterKillAsync();

        JsonElement afterwards = await OnlyEntryAsync();
        Assert.Equal(entry.GetRawText(), afterwards.GetRawText());
    }

    [Fact]
    public async Task A_field_of_the_wrong_type_is_refused_and_its_neighbours_are_stored()
    {
        await Service.PublishAsync("any", "pump v=1 1");
        await Service.PublishAsync("any", "pump v=2 2\npump v=\"three\" 3\npump v=4 4");

        await Service.ExpectAsync("SELECT count(v) FROM pump", 3);
        await Service.ExpectMetricAsync("telemetry_ingestion_points_refused_total ", 1);

        using HttpResponseMessage answer = await Service.Http.PostAsync(
            new Uri("/write?db=telemetry", UriKind.Relative),
            new StringContent("pump v=5 5\npump v=\"six\" 6\npump v=7 7"));
        string error = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("partial write", error, StringComparison.Ordinal);
        Assert.Contains("pump", error, StringComparison.Ordinal);
        Assert.Contains("dropped=1", error, StringComparison.Ordinal);
        await Service.ExpectAsync("SELECT count(v) FROM pump", 5);
    }

    [Fact]
    public async Task Half_a_packet_before_a_close_is_counted_as_truncated_once()
    {
        using (var socket = new MqttSocket(Service.MqttPort, "cut-short"))
        {
            socket.Send(MqttSocket.Publish("any", "pump v=1 1", 1));
            Assert.True(socket.TryReceive(out _));
            byte[] half = MqttSocket.Publish("any", "pump v=2 2", 2);
            socket.Send(half.AsSpan(0, half.Length / 2));
        }

        const string truncated = "telemetry_mqtt_connections_truncated_total ";
        await Service.ExpectMetricAsync(truncated, 1);
        await Service.ExpectAsync("SELECT v FROM pump", 1);
        await Service.ExpectMetricAsync("telemetry_mqtt_connections ", 0);
        Assert.Equal(1, await Service.MetricAsync(truncated));
    }

    [Fact]
    public async Task A_malformed_packet_ends_its_own_connection_only()
    {
        using var neighbour = new MqttSocket(Service.MqttPort, "neighbour");
        using var broken = new MqttSocket(Service.MqttPort, "broken");

        broken.Send([0x00, 0x00]);

        Assert.False(broken.TryReceive(out _));
        await Service.ExpectMetricAsync("telemetry_mqtt_malformed_total", 1);
        neighbour.Send(MqttSocket.Publish("any", "pump v=1 1", 1));
        Assert.True(neighbour.TryReceive(out _));
        await Service.ExpectAsync("SELECT v FROM pump", 1);
    }

    private Task<JsonElement> OnlyEntryAsync() => Until.Async(
        "one message is in quarantine",
        async () =>
        {
            JsonElement list = await Service.JsonAsync("/api/quarantine");
            return list.GetArrayLength() == 1 ? list[0] : default;
        },
        entry => entry.ValueKind == JsonValueKind.Object);
}
