using System.Text.Json;
using Telemetry.Mqtt;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// A gateway of which one message in a hundred is written otherwise than its route says, with a kill in the middle: the
/// ledger closes to the message, and after the mend everything that was sent is stored.
/// </summary>
public sealed class LedgerRunTests : ServiceTests
{
    private const int MessagesDefault = 20_000;
    private const int MessagesNightly = 1_000_000;
    private const int Block = 500; // unacknowledged at once
    private const int OddOne = 100;
    private const long FirstMilliseconds = 1_700_000_000_000;
    private const string AsMeant = "{value: n, time: t}";
    private const string Mended = "[{value: n, time: t}, {value: m, time: t, rename: {m: n}}]";

    private protected override string[] Arguments => ["--site", Directory.At("site.yaml")];

    private static int Messages =>
        Environment.GetEnvironmentVariable("TELEMETRY_NIGHTLY") == "1" ? MessagesNightly : MessagesDefault;

    public override async Task InitializeAsync()
    {
        await WriteSiteAsync(AsMeant);
        await StartAsync();
    }

    [Fact]
    public async Task One_message_in_a_hundred_is_otherwise_and_after_the_mend_all_that_was_sent_is_stored()
    {
        int count = Messages;
        int odd = count / OddOne;
        Publish(0, count / 2);
        await RestartAfterKillAsync();
        Publish(count / 2, count);
        await Service.ExpectMetricAsync("telemetry_ingestion_consumer_pending_bytes{consumer=\"store\"}", 0);
        await CheckLedgerAsync(("received", count), ("decoded", count - odd), ("quarantined", odd), ("recovered", 0));
        await Service.ExpectAsync("SELECT count(n) FROM kWh", count - odd);

        await WriteSiteAsync(Mended);
        string url = Service.Http.BaseAddress!.ToString();
        await RunningService.CommandAsync("site", "reload", "--url", url);
        await RunningService.CommandAsync("quarantine", "retry", "--all", "--url", url);

        await Service.ExpectAsync("SELECT count(n) FROM kWh", count);
        await Service.ExpectAsync("SELECT sum(n) FROM kWh", (double)count * (count - 1) / 2);
        await CheckLedgerAsync(
            ("received", count), ("quarantined", odd), ("recovered", odd), ("stored", count), ("pending", 0));
    }

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

    private void Publish(int from, int to)
    {
        using var socket = new MqttSocket(Service.MqttPort, "meters");
        for (int start = from; start < to; start += Block)
        {
            int end = Math.Min(start + Block, to);
            byte[] packets = [.. Enumerable.Range(start, end - start).SelectMany(PacketOf)];
            socket.Send(packets);
            for (int i = start; i < end; i++)
            {
                Assert.True(socket.TryReceive(out PacketFrame frame));
                Assert.Equal(PacketType.PubAck, frame.Type);
            }
        }
    }

    private static byte[] PacketOf(int number)
    {
        string key = number % OddOne == 0 ? "m" : "n";
        string payload = $"{{\"t\":{FirstMilliseconds + number},\"{key}\":{number}}}";
        return MqttSocket.Publish("meter/7", payload, (ushort)(1 + (number % Block)));
    }

    private Task WriteSiteAsync(string mapping) => File.WriteAllTextAsync(
        Directory.At("site.yaml"),
        $"""
        site: pilot
        routes:
          - name: meters
            topic: meter/+
            decoder: json
            measurement: kWh
            json: {mapping}
        """);
}
