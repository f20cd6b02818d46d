using Microsoft.Playwright;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A page of a running service in a real browser.</summary>
internal static class ConsolePage
{
    private const string Chromium = "/usr/bin/chromium";

    /// <summary>Starts the service on an empty data directory and lets a test act.</summary>
    public static async Task OpenAsync(
        string command, string[] arguments, Func<IPage, RunningService, Task> act)
    {
        Assert.True(File.Exists(Chromium), "the tests need 'chromium', install it (./test.sh)");
        var directory = new ScratchDirectory();
        try
        {
            await using RunningService service = await RunningService.StartAsync(command, directory.Path, arguments);
            using IPlaywright playwright = await Playwright.CreateAsync();
            await using IBrowser browser = await playwright.Chromium.LaunchAsync(
                new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
            IPage page = await browser.NewPageAsync(new() { Locale = "en-GB" });
            await act(page, service);
        }
        finally
        {
            directory.Delete();
        }
    }
}
