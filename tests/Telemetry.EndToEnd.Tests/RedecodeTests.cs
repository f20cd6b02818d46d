using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A pump's flow was stored ten times too high; the mapping is corrected, and the past with it.</summary>
public sealed class RedecodeTests : ServiceTests
{
    private const int Messages = 3_000;
    private static readonly string Padding = new('x', 400);

    private protected override string[] Arguments =>
        ["--site", Directory.At("site.yaml"), "--set", "Spool:SegmentBytes=1048576"];

    private string Url => Service.Http.BaseAddress!.ToString();

    public override async Task InitializeAsync()
    {
        await WriteSiteAsync(scale: 10);
        await StartAsync();
    }

    [Fact]
    public async Task A_wrong_mapping_is_put_right_from_the_archive_with_an_audit_entry()
    {
        string began = Now();
        await PublishAsync();
        await Service.ExpectAsync("SELECT sum(flow) FROM PU", 10L * Messages * (Messages - 1) / 2);
        JsonElement[] before = await Service.RowsAsync("SELECT flow FROM PU");
        await WriteSiteAsync(scale: 1);
        await Service.StopAsync();
        await Service.DisposeAsync();
        await StartAsync(); // what was consumed goes into the archive
        await Until.Async(
            "a segment is archived", () => Service.MetricAsync("telemetry_archive_files"), count => count > 0);

        string dry = await CommandAsync("--from", began, "--gateway", "gw-7", "--dry-run");
        Assert.Contains($"{Messages} messages of gw-7 give {Messages} samples", dry, StringComparison.Ordinal);
        Assert.Contains("Nothing was written", dry, StringComparison.Ordinal);
        Assert.Equal(0, await Service.MetricAsync("telemetry_ingestion_records_redecoded_total"));

        string report = await CommandAsync("--from", began, "--gateway", "gw-7");
        Assert.Matches($@"changed +{Messages - 1} ", report); // 0 stays 0
        await Service.ExpectAsync("SELECT sum(flow) FROM PU", Messages * (Messages - 1) / 2);
        JsonElement[] after = await Service.RowsAsync("SELECT flow FROM PU");
        Assert.Equal(before.Select(row => row[0].GetInt64()), after.Select(row => row[0].GetInt64()));
        Assert.Matches($@"unchanged +{Messages} ", await CommandAsync("--from", began));

        string[] lines = await File.ReadAllLinesAsync(Path.Combine(DataDirectory, "access", "audit.jsonl"));
        using JsonDocument entry = JsonDocument.Parse(
            lines.First(line => line.Contains("\"redecode\"", StringComparison.Ordinal)));
        JsonElement audited = entry.RootElement.GetProperty("redecode");
        Assert.Equal(Messages - 1, audited.GetProperty("changed").GetInt64());
        Assert.Equal("gw-7", audited.GetProperty("gateway").GetString());
        Assert.NotEqual(
            audited.GetProperty("sites_then")[0].GetString(), audited.GetProperty("site_now").GetString());
        Assert.Contains(lines, line => line.Contains("\"redecode_begin\"", StringComparison.Ordinal)
            && line.Contains("messages of gw-7 that arrived from", StringComparison.Ordinal));
        string running = await Service.Http.GetStringAsync(new Uri("/api/redecode", UriKind.Relative));
        Assert.Equal("{\"running\":null}", running);
        Assert.EndsWith("from 127.0.0.1", entry.RootElement.GetProperty("who").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_told()
    {
        await CheckAsync("{}", 400, "expected a time such as 2026-01-31T08:00:00Z as from, found ''");
        await CheckAsync(
            "{\"from\":\"2026-02-01\",\"to\":\"2026-01-01\"}", 400, "expected from before to, found 2026-02-01");
        await CheckAsync("{\"from\":1}", 400, "cannot redecode: no good JSON at line 1, byte");
        await Service.PublishAsync("pump/7", "{\"F\":1}");
        await CheckAsync(
            "{\"from\":\"2020-01-01\",\"to\":\"2020-02-01\"}", 409, "what came before 2020-02-01T00:00:00Z: mess");
    }

    private async Task CheckAsync(string body, int status, string expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await Service.Http.PostAsync(
            new Uri("/api/redecode", UriKind.Relative), content);
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(
            expected, document.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static string Now() => DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private async Task PublishAsync()
    {
        string file = Directory.At("lines.txt");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, Messages).Select(i =>
            $"{{\"ts\":{1_700_000_000_000 + i},\"F\":{i},\"text\":\"{Padding}\"}}"));
        await ToolRun.RunAsync(
            "/bin/sh", "-c", $"mosquitto_pub -p {Service.MqttPort} -i gw-7 -t pump/7 -l < {file}");
    }

    private Task<string> CommandAsync(params string[] arguments) =>
        RunningService.CommandAsync(["redecode", .. arguments, "--url", Url]);

    private Task WriteSiteAsync(int scale) => File.WriteAllTextAsync(
        Directory.At("site.yaml"),
        $$"""
        site: pilot
        clock: {correct: false}
        equipment:
          PU:
            signals:
              flow: {unit: m3/h, range: [0, 100000]}
        assets:
          - {id: PU-7, type: PU}
        routes:
          - {name: pumps, topic: pump/+, decoder: json}
        bindings:
          - {from: F, to: PU-7.flow, scale: {{scale}}}
        """);
}
