namespace Telemetry.EndToEnd.Tests;

/// <summary><c>telemetry detect rehearse</c> beside a service that runs.</summary>
public sealed class RehearseTests : ServiceTests
{
    private const int Failed = 1;
    private const int BadSettings = 78;

    [Fact]
    public async Task What_is_stored_is_held_against_the_built_in_site()
    {
        string series = "CR1,area=200-crushing,asset=CR-201,site=pilot bearing_de_temp";
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        foreach (long time in new[] { now - 180, now - 90, now - 1 })
        {
            string line = $"{series}=900 {time}";
            await ToolRun.RunAsync(
                "curl", "-sf", "--data-binary", line,
                $"http://127.0.0.1:{Service.HttpPort}/write?db=telemetry&precision=s");
        }

        string target = Path.Combine(Directory.Path, "findings.csv");
        string report = "";
        await Until.Async(
            "the last sample is in the store's file",
            async () => report = await RehearseAsync("--out", target),
            printed => printed.Contains("1 signals, 3 samples", StringComparison.Ordinal));

        Assert.Contains("CR-201.bearing_de_temp", report, StringComparison.Ordinal);
        string settled = await RehearseAsync("--settled");
        Assert.Contains("0 conditions were learned late", settled, StringComparison.Ordinal);
        string written = await File.ReadAllTextAsync(target);
        Assert.Contains("Z,CR-201.bearing_de_temp,RANGE,began,sensor,900,", written, StringComparison.Ordinal);
        Assert.Contains("Z,CR-201.bearing_de_temp,HH,began,sensor,900,", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Failed, "--from: expected a time such as 2026-01-31", "--from", "soon", "--to", "2027-01-01")]
    [InlineData(Failed, "expected a beginning before the end", "--from", "2027-01-01", "--to", "2026-01-01")]
    [InlineData(Failed, "--to: expected a time such as", "--from", "2026-01-01", "--to", "9999-01-01")]
    [InlineData(Failed, "there is no such file", "--from", "2026-01-01", "--to", "2027-01-01", "--file", "/none")]
    [InlineData(Failed, "there is no time zone 'Mars'", "--from", "2026-01-01", "--to", "2027-01-01", "--zone", "Mars")]
    [InlineData(BadSettings, "no.yaml:1:1: cannot read", "--from", "2026-01-01", "--to", "2027", "--site", "no.yaml")]
    public async Task What_cannot_be_rehearsed_is_told_in_one_line(int code, string expected, params string[] arguments)
    {
        await using ToolRun run = ToolRun.Start(
            RunningService.Executable, ["detect", "rehearse", "--data-dir", DataDirectory, .. arguments]);
        Assert.True(await run.WaitAsync() == code, run.Output);
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
        Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The report, or what is said instead.</summary>
    private async Task<string> RehearseAsync(params string[] arguments)
    {
        await using ToolRun run = ToolRun.Start(
            RunningService.Executable,
            [
                "detect", "rehearse", "--data-dir", DataDirectory, "--from", "2026-01-01", "--to", "2027-01-01",
                .. arguments,
            ]);
        await run.WaitAsync();
        return run.Output;
    }
}
