using System.IO.Compression;
using System.Net;
using System.Text;
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

    [Fact]
    public async Task A_cut_compressed_body_is_refused_whole_over_HTTP()
    {
        const string write = "/write?db=telemetry";
        const string writeV2 = "/api/v2/write?bucket=telemetry";
        byte[] whole = Gzip(string.Concat(Enumerable.Range(1, 500).Select(i => $"cut v={i} {i}\n")));
        foreach (int bytes in new[] { whole.Length / 2, whole.Length - 8, whole.Length - 1 })
        {
            await CheckRefusedAsync(400, write, new ByteArrayContent(whole, 0, bytes), "gzip");
            await CheckRefusedAsync(400, writeV2, new ByteArrayContent(whole, 0, bytes), "gzip");
        }

        await CheckRefusedAsync(400, write, new ByteArrayContent([.. whole[..40], .. whole[..40]]), "gzip");
        Assert.Empty(await Service.RowsAsync("SELECT count(v) FROM cut"));
        await CheckRefusedAsync(413, write, new ByteArrayContent(Gzip(new string('#', 33 * 1024 * 1024))), "gzip");
        Assert.DoesNotContain("nhandled exception", Service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_acknowledgement_that_cannot_be_read_is_told_what_to_send()
    {
        const string path = "/alarms/acknowledge";
        foreach (string bad in new[] { "{", "[]", "null", "{}", "{\"id\": 7}", "" })
        {
            await CheckRefusedAsync(400, path, new StringContent(bad, Encoding.UTF8, "application/json"), "");
        }

        await CheckRefusedAsync(415, path, new StringContent("{}", Encoding.UTF8, "text/plain"), "");
        await CheckRefusedAsync(415, path, new ByteArrayContent([]), "");
        Assert.DoesNotContain("nhandled exception", Service.Output, StringComparison.Ordinal);
    }

    private async Task CheckRefusedAsync(int status, string path, HttpContent content, string encoding)
    {
        using (content)
        {
            if (encoding.Length > 0)
            {
                content.Headers.ContentEncoding.Add(encoding);
            }

            using HttpResponseMessage answer = await Service.Http.PostAsync(new Uri(path, UriKind.Relative), content);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.Equal(status, (int)answer.StatusCode);
            using JsonDocument document = JsonDocument.Parse(text);
            string error = document.RootElement.GetProperty("error").GetString()!;
            Assert.Contains("send", error, StringComparison.Ordinal);
        }
    }

    private static byte[] Gzip(string text)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
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
