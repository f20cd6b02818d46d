using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A gateway is added, configured by what is printed, and checked.</summary>
public sealed class CommissioningTests : ServiceTests
{
    private const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task What_is_printed_for_mosquitto_pub_publishes_and_the_check_tells_right_from_wrong()
    {
        string printed = await RunningService.CommandAsync(
            "gateway", "add", "gw-1", "--data-dir", Directory.Path, "--for", "all");
        await Service.ExpectMetricAsync("telemetry_access_identities ", 1);
        string line = PartOf(printed, "mosquitto_pub")
            .Replace("-p 1883", $"-p {Service.MqttPort}", StringComparison.Ordinal);
        await ToolRun.RunAsync("sh", "-c", line);
        await Service.ExpectAsync("SELECT count(value) FROM test", 1);

        const string parse = "import sys, tomllib; tomllib.loads(sys.argv[1])";
        await ToolRun.RunAsync("python3", "-c", parse, PartOf(printed, "telegraf"));
        await ToolRun.RunAsync("python3", "-c", parse, PartOf(printed, "chirpstack"));
        Assert.Equal(3, JsonDocument.Parse(PartOf(printed, "node-red")).RootElement.GetArrayLength());

        (int good, string answer) = await CheckAsync("gw-1");
        Assert.True(good == 0, answer);
        Assert.Contains("identity \"gw-1\" is known", answer, StringComparison.Ordinal);

        await RunningService.CommandAsync("gateway", "add", "gw-2", "--data-dir", Directory.Path);
        await Service.ExpectMetricAsync("telemetry_access_identities ", 2);
        await using ToolRun refused = ToolRun.Start(
            "mosquitto_pub",
            ["-p", $"{Service.MqttPort}", "-i", "gw-2", "-u", "gw-2", "-P", "wrong", "-t", "gw-2/x", "-m", "1"]);
        await refused.WaitAsync();
        (int bad, answer) = await CheckAsync("gw-2");
        Assert.True(bad == 1, answer);
        Assert.Contains("wrong password", answer, StringComparison.Ordinal);
        Assert.Contains("telemetry gateway rotate gw-2", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Commissioning check")]
    [InlineData("mn", "Ашиглалтад оруулах шалгалт")]
    [InlineData("ko", "시운전 점검")]
    public Task The_page_prints_on_one_sheet_in_each_language(string language, string title) =>
        RequireOneSheetAsync(language, title, rows: 11);

    [Fact]
    public Task A_page_full_of_faults_prints_on_one_sheet() =>
        RequireOneSheetAsync("en", "Commissioning check", rows: 35, FillAsync);

    /// <summary>As many findings as there can be, with texts as long as the longest.</summary>
    private static async Task FillAsync(IRoute route)
    {
        IAPIResponse answer = await route.FetchAsync();
        JsonNode report = JsonNode.Parse(await answer.TextAsync())!;
        JsonNode row = report["checks"]![0]!;
        row["seen"] = string.Concat(Enumerable.Repeat("twenty characters ok ", 6));
        row["remedy"] = string.Concat(Enumerable.Repeat("twenty characters ok ", 5));
        report["checks"] = new JsonArray([.. Enumerable.Range(0, 35).Select(_ => row.DeepClone())]);
        await route.FulfillAsync(new() { Body = report.ToJsonString(), ContentType = "application/json" });
    }

    private async Task RequireOneSheetAsync(string language, string title, int rows, Func<IRoute, Task>? answer = null)
    {
        Assert.True(File.Exists(Chromium), "the tests need 'chromium', install it (./test.sh)");
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        IPage page = await browser.NewPageAsync();
        if (answer is not null)
        {
            await page.RouteAsync("**/check?lang=*", answer);
        }

        string address = $"http://127.0.0.1:{Service.HttpPort}/check.html?gateway=gw%2F7&lang={language}";
        await page.GotoAsync(address);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(title);
        await Assertions.Expect(page.Locator("#gateway")).ToHaveTextAsync("gw/7");
        await Assertions.Expect(page.Locator("#checks tr")).ToHaveCountAsync(rows);
        byte[] sheet = await page.PdfAsync(new() { PreferCSSPageSize = true });
        Assert.Single(Regex.Matches(System.Text.Encoding.Latin1.GetString(sheet), @"/Type\s*/Page\b"));
    }

    private static string PartOf(string printed, string kind) =>
        Regex.Match(printed, $"--- {kind} ---\n(.*?)(\n--- |$)", RegexOptions.Singleline).Groups[1].Value;

    private async Task<(int ExitCode, string Output)> CheckAsync(string gateway)
    {
        string url = $"http://127.0.0.1:{Service.HttpPort}";
        await using ToolRun check = ToolRun.Start(
            RunningService.Executable, ["gateway", "check", gateway, "--url", url]);
        int exitCode = await check.WaitAsync();
        return (exitCode, check.Output);
    }
}
