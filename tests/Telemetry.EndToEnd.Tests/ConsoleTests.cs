using Microsoft.Playwright;

namespace Telemetry.EndToEnd.Tests;

[Collection(OneAtATime.Name)]
public sealed class ConsoleTests
{
    private const string Chromium = "/usr/bin/chromium";
    private const float AlarmMillisecondsMax = 120_000;

    [Fact]
    public async Task A_running_hot_bearing_is_an_alarm_on_the_page_and_is_acknowledged_there()
    {
        Assert.True(File.Exists(Chromium), "the tests need 'chromium', install it (./test.sh)");
        var directory = new ScratchDirectory();
        try
        {
            await using RunningService service = await RunningService.StartAsync(
                "demo", directory.Path, ["--fault", "bearing", "--fault-after", "1"]);
            using IPlaywright playwright = await Playwright.CreateAsync();
            await using IBrowser browser = await playwright.Chromium.LaunchAsync(
                new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
            IPage page = await browser.NewPageAsync();
            await RequireAlarmAsync(page, service.Http.BaseAddress!.ToString());
        }
        finally
        {
            directory.Delete();
        }
    }

    private static async Task RequireAlarmAsync(IPage page, string address)
    {
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) => errors.AddRange(message.Type == "error" ? [message.Text] : []);
        await page.GotoAsync(address);
        await Assertions.Expect(page.Locator("#charts canvas").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#pulse")).ToHaveTextAsync("alive");

        ILocator row = page.Locator("#alarm-rows tr", new() { HasText = "CR-201.bearing_de_temp/HH" });
        await Assertions.Expect(row).ToBeVisibleAsync(new() { Timeout = AlarmMillisecondsMax });
        await page.Locator("#operator").FillAsync("Bat");
        await row.Locator("button").ClickAsync();

        await Assertions.Expect(row.Locator("td").First).ToContainTextAsync("Bat");
        await Assertions.Expect(row.Locator("button")).ToHaveCountAsync(0);
        Assert.Empty(errors);
    }
}
