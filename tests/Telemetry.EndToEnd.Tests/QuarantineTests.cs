using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A route reads its messages wrongly, is mended, and what was kept is decoded again.</summary>
public sealed class QuarantineTests : ServiceTests
{
    private const int Messages = 300;
    private const string Wrong = "json";
    private const string Right = "line-protocol";

    private protected override string[] Arguments => ["--site", Directory.At("site.yaml")];

    private string Url => Service.Http.BaseAddress!.ToString();

    public override async Task InitializeAsync()
    {
        await WriteSiteAsync(Wrong);
        await StartAsync();
    }

    [Fact]
    public async Task What_was_kept_is_stored_once_after_the_mend_with_its_first_times()
    {
        await PublishAsync(Messages);
        await Service.ExpectMetricAsync("telemetry_ingestion_quarantine_messages{state=\"waiting\"}", Messages);
        string list = await CommandAsync("quarantine", "list", "--topic", "meter/+", "--limit", "2");
        Assert.Equal(3, list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("unexpected character in JSON", list, StringComparison.Ordinal);
        JsonElement[] kept = [.. (await Service.JsonAsync("/api/quarantine?limit=1000")).EnumerateArray()];
        string show = await CommandAsync("quarantine", "show", kept[0].GetProperty("id").ToString());
        Assert.Contains("\n^\n", show, StringComparison.Ordinal);
        Assert.Contains("6b 57 68", show, StringComparison.Ordinal); // kWh

        await WriteSiteAsync(Right);
        await RestartAfterKillAsync();
        await using ToolRun subscriber = await Service.SubscribeAsync("-t", "meter/#");
        string report = await CommandAsync("quarantine", "retry", "--all");
        Assert.Contains(
            $"{Messages} decoded again: {Messages} resolved, 0 failed again, {Messages} points", report,
            StringComparison.Ordinal);
        await RestartAfterKillAsync();

        await Service.ExpectAsync("SELECT count(v) FROM kWh", Messages);
        await Service.ExpectAsync("SELECT sum(v) FROM kWh", Messages * (Messages - 1) / 2);
        JsonElement[] rows = await Service.RowsAsync("SELECT v FROM kWh");
        Assert.Equal(
            kept.Select(entry => entry.GetProperty("arrivalTime").GetInt64()).Order(),
            rows.Select(row => row[0].GetInt64())); // the payloads have no time
        Assert.DoesNotContain("kWh", subscriber.Output, StringComparison.Ordinal); // what it prints of a message
        Assert.Equal(0, await Service.MetricAsync("telemetry_ingestion_messages_total"));
        await Service.ExpectMetricAsync("telemetry_ingestion_quarantine_messages{state=\"resolved\"}", Messages);

        using HttpResponseMessage again = await Service.Http.PostAsync(
            new Uri("/api/quarantine/retry", UriKind.Relative),
            new StringContent($"{{\"ids\":[{kept[0].GetProperty("id")}]}}", Encoding.UTF8, "application/json"));
        Assert.Equal(409, (int)again.StatusCode);
        Assert.Contains("was resolved by the retry", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kill_in_the_middle_of_a_retry_neither_loses_nor_doubles()
    {
        const int many = 10 * Messages; // several blocks, so that a kill may fall between them
        await PublishAsync(many);
        await Service.ExpectMetricAsync("telemetry_ingestion_quarantine_messages{state=\"waiting\"}", many);
        await WriteSiteAsync(Right);
        await RestartAfterKillAsync();
        Task<HttpResponseMessage> retry = Service.Http.PostAsync(
            new Uri("/api/quarantine/retry", UriKind.Relative),
            new StringContent("{\"all\":true}", Encoding.UTF8, "application/json"));
        await Until.Async(
            "some are on their way",
            () => Service.MetricAsync("telemetry_ingestion_messages_retried_total"),
            count => count > 0);
        await Service.KillAsync();
        try
        {
            using HttpResponseMessage answer = await retry; // it may have been faster than the kill
        }
        catch (HttpRequestException)
        {
            // Nobody knows now what was done, and the next retry does the rest.
        }

        await Service.DisposeAsync();
        await StartAsync();
        await CommandAsync("quarantine", "retry", "--all");
        await Service.ExpectAsync("SELECT count(v) FROM kWh", many);
        await Service.ExpectAsync("SELECT sum(v) FROM kWh", many * (many - 1) / 2);
        await Service.ExpectMetricAsync("telemetry_ingestion_quarantine_messages{state=\"resolved\"}", many);
    }

    [Fact]
    public async Task Export_and_why_tell_the_same_message()
    {
        await Service.PublishAsync("meter/7", "kWh v=12,5");
        await Service.ExpectMetricAsync("telemetry_ingestion_quarantine_messages{state=\"waiting\"}", 1);
        using JsonDocument line = JsonDocument.Parse(await CommandAsync("quarantine", "export"));
        byte[] payload = line.RootElement.GetProperty("payloadBase64").GetBytesFromBase64();
        Assert.Equal("kWh v=12,5", Encoding.UTF8.GetString(payload));

        string why = await CommandAsync("why", "meter/#");
        Assert.Contains("meter/7", why, StringComparison.Ordinal);
        Assert.Contains("QUARANTINED: ", why, StringComparison.Ordinal);
        string id = line.RootElement.GetProperty("entry").GetProperty("id").ToString();
        Assert.Contains($"telemetry quarantine show {id}", why, StringComparison.Ordinal);
        string nothing = await CommandAsync("why", "metre/7");
        Assert.Contains("nothing came on metre/7", nothing, StringComparison.Ordinal);
        Assert.Contains("similar topic: meter/7", nothing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/quarantine?limit=0", "expected a number from 1 to 1000, found '0'")]
    [InlineData("/api/quarantine?state=lost", "expected waiting, retried, resolved or failed as state, found 'lost'")]
    [InlineData("/api/quarantine?from=yesterday", "expected a time such as 2026-01-31T08:00:00Z, found 'yesterday'")]
    [InlineData("/api/quarantine?from=9999-01-01", "expected a time such as 2026-01-31T08:00:00Z, found '9999-01-01'")]
    [InlineData("/api/quarantine/export?topic=a%23", "'a#' is no MQTT topic filter")]
    [InlineData("/api/quarantine/77", "there is no message 77 in quarantine")]
    [InlineData("/api/why?topic=", "expected an MQTT topic or topic filter as topic, found ''")]
    [InlineData("/api/why?topic=a&limit=1000", "expected a number from 1 to 100 as limit, found '1000'")]
    public async Task What_cannot_be_asked_is_told(string path, string expected)
    {
        string answer = await Service.TextAsync(path);
        using JsonDocument document = JsonDocument.Parse(answer);
        Assert.Contains(
            expected, document.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_shows_the_fault_and_decodes_again()
    {
        await Service.PublishAsync("meter/7", "kWh v=12.5");
        await Service.ExpectMetricAsync("telemetry_ingestion_quarantine_messages{state=\"waiting\"}", 1);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
        IPage page = await browser.NewPageAsync(new() { Locale = "en-GB" });
        await page.GotoAsync(Url);
        ILocator group = page.Locator("#quarantine-rows tr.group");
        await Assertions.Expect(group).ToContainTextAsync("unexpected character in JSON");
        await group.GetByText("show").ClickAsync();
        await Assertions.Expect(page.Locator("#quarantine-rows pre")).ToContainTextAsync("kWh v=12.5");
        await group.GetByText("Retry").ClickAsync();
        await Assertions.Expect(page.Locator("#quarantine-message"))
            .ToHaveTextAsync("1 decoded again: 0 resolved, 1 failed again, 0 points stored.");

        await WriteSiteAsync(Right);
        await RestartAfterKillAsync();
        await page.GotoAsync(Url);
        await page.Locator("#language").SelectOptionAsync("mn");
        await group.GetByText("Дахин оролдох").ClickAsync();
        await Assertions.Expect(page.Locator("#no-quarantine")).ToBeVisibleAsync();
        await Service.ExpectAsync("SELECT v FROM kWh", 12.5);
    }

    private async Task PublishAsync(int count)
    {
        string file = Directory.At("lines.txt");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, count).Select(i => $"kWh v={i}"));
        await ToolRun.RunAsync(
            "/bin/sh", "-c", $"mosquitto_pub -p {Service.MqttPort} -q 1 -t meter/7 -l < {file}");
    }

    private Task<string> CommandAsync(params string[] arguments) =>
        RunningService.CommandAsync([.. arguments, "--url", Url]);

    private Task WriteSiteAsync(string decoder) => File.WriteAllTextAsync(
        Directory.At("site.yaml"),
        $"""
        site: pilot
        routes:
          - name: meters
            topic: meter/+
            decoder: {decoder}
        """);
}
