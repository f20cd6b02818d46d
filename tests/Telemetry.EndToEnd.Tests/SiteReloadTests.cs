using System.Globalization;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>Another site while messages flow, by every way there is to ask for it.</summary>
public sealed class SiteReloadTests : ServiceTests
{
    private const int ChangeCount = 5;
    private const string Alarm = "P-1.temp/HH";

    private protected override string[] Arguments => ["--site", Directory.At("site.yaml")];

    public override async Task InitializeAsync()
    {
        WriteSite(SiteOf(0));
        await base.InitializeAsync();
    }

    [Fact]
    public async Task A_mapping_that_changes_under_load_loses_no_point_and_each_is_read_by_one_of_them()
    {
        using var sender = new PointSender(Service.MqttPort, firstTime: 1_700_000_000_000_000_000);
        for (int change = 1; change <= ChangeCount; change++)
        {
            await sender.WaitForAcknowledgedAsync(change * 2_000);
            WriteSite(SiteOf(change));
            Assert.Equal("changed", await ReloadAsync());
        }

        await sender.WaitForAcknowledgedAsync((ChangeCount + 1) * 2_000);
        HashSet<long> acknowledged = [.. sender.Stop()];
        JsonElement[] rows = await Service.RowsAsync($"SELECT n, mapping FROM {PointSender.Measurement}");

        Assert.Subset(rows.Select(row => row[0].GetInt64()).ToHashSet(), acknowledged);
        string[] mappings = [.. rows.Select(row => row[2].GetString()!)];
        Assert.Equal(mappings.Order(StringComparer.Ordinal), mappings);
        Assert.Equal(ChangeCount + 1, mappings.Distinct().Count());
        Assert.Equal(ChangeCount, await Service.MetricAsync("telemetry_site_reloads_total{outcome=\"changed\"}"));
    }

    [Fact]
    public async Task A_file_with_a_fault_is_told_everywhere_and_one_that_is_mended_is_seen_without_being_asked()
    {
        string hash = await HashAsync();
        string fragment = Path.Combine(Directory.At("site.d"), "mill.yaml");
        System.IO.Directory.CreateDirectory(Directory.At("site.d"));
        await File.WriteAllTextAsync(fragment, "routes:\n  - {name: mill, topic: mill/#, decoder: jsn}\n");

        await using (ToolRun run = ToolRun.Start(RunningService.Executable, Address("reload")))
        {
            Assert.Equal(1, await run.WaitAsync());
            Assert.Contains(
                $"{fragment}:2:42: routes[0].decoder: cannot use decoder \"jsn\"",
                run.Output,
                StringComparison.Ordinal);
        }

        JsonElement refused = (await Service.JsonAsync("/api/site")).GetProperty("refused");
        Assert.StartsWith(fragment, refused.GetProperty("faults")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains(fragment, await Service.TextAsync("/health"), StringComparison.Ordinal);
        Assert.Equal(hash, await HashAsync());

        await File.WriteAllTextAsync(
            fragment, "routes:\n  - {name: mill, topic: mill/#, decoder: json, measurement: mended}\n");
        await Until.Async("the site has changed", HashAsync, now => now != hash);
        await Service.PublishAsync("mill/1", "{\"v\": 7}");
        await Service.ExpectAsync("SELECT v FROM mended", 7);
        Assert.DoesNotContain(fragment, await Service.TextAsync("/health"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hang_up_signal_reads_the_site_and_what_came_before_a_kill_stays_as_it_was_decoded()
    {
        await Service.PublishAsync("load/points", $"{PointSender.Measurement} n=1i 1");
        string hash = await HashAsync();
        WriteSite(SiteOf(1));
        await ToolRun.RunAsync("/bin/kill", "-HUP", $"{Service.ProcessId}");
        await Until.Async("the site has changed", HashAsync, now => now != hash);
        await Service.PublishAsync("load/points", $"{PointSender.Measurement} n=2i 2");

        WriteSite(SiteOf(2));
        await RestartAfterKillAsync();
        await Service.PublishAsync("load/points", $"{PointSender.Measurement} n=3i 3");

        await Service.ExpectAsync($"SELECT count(n) FROM {PointSender.Measurement}", 3);
        JsonElement[] rows = await Service.RowsAsync($"SELECT n, mapping FROM {PointSender.Measurement}");
        Assert.Equal(["0", "1", "2"], rows.Select(row => row[2].GetString()));
    }

    [Fact]
    public async Task An_alarm_whose_limit_is_taken_away_is_withdrawn_and_another_limit_holds_at_once()
    {
        await Service.PublishAsync("plant/P-1", "any,asset=P-1 temp=95");
        await ExpectAlarmAsync("unacknowledged");

        WriteSite(SiteOf(0).Replace("limits: {hh: 80}, ", "", StringComparison.Ordinal));
        await CommandAsync("reload");
        await ExpectAlarmAsync(null);

        WriteSite(SiteOf(0).Replace("hh: 80", "hh: 60", StringComparison.Ordinal));
        await CommandAsync("reload");
        await Service.PublishAsync("plant/P-1", "any,asset=P-1 temp=70");
        await ExpectAlarmAsync("unacknowledged");
    }

    private static string SiteOf(int mapping) => string.Create(CultureInfo.InvariantCulture, $$$"""
        site: test
        equipment:
          PU:
            name: Pump
            signals:
              temp: {name: Temperature, unit: Cel, range: [0, 200], limits: {hh: 80}, on_delay: 0, off_delay: 0}
        assets:
          - {id: P-1, type: PU}
        routes:
          - {name: load, topic: load/#, decoder: line-protocol, tags: {mapping: "{{{mapping}}}"}}
          - {name: all, topic: "#", decoder: line-protocol}
        """);

    private void WriteSite(string yaml) => File.WriteAllText(Directory.At("site.yaml"), yaml);

    private string[] Address(string command) =>
        ["site", command, "--url", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Service.HttpPort}")];

    private Task<string> CommandAsync(string command) => RunningService.CommandAsync(Address(command));

    /// <summary>Over HTTP: a command takes its time to start, and the watch could be faster.</summary>
    private async Task<string?> ReloadAsync()
    {
        using HttpResponseMessage answer = await Service.Http.PostAsync("/api/site/reload", content: null);
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("outcome").GetString();
    }

    private async Task<string> HashAsync() =>
        (await Service.JsonAsync("/api/site")).GetProperty("inForce").GetProperty("hash").GetString()!;

    /// <summary>Waits for the alarm's state; null: it is not on the list.</summary>
    private Task<string?> ExpectAlarmAsync(string? state) => Until.Async(
        $"alarm {Alarm} is {state ?? "gone"}",
        async () =>
        {
            JsonElement alarms = await Service.JsonAsync("/alarms");
            JsonElement alarm = alarms.EnumerateArray()
                .FirstOrDefault(alarm => alarm.GetProperty("id").GetString() == Alarm);
            return alarm.ValueKind == JsonValueKind.Object ? alarm.GetProperty("state").GetString() : null;
        },
        found => found == state);
}
