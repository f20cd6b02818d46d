namespace Telemetry.EndToEnd.Tests;

/// <summary>Client libraries of InfluxDB, the same steps on a real influxd and on the service.</summary>
public sealed class InfluxLibraryTests : ServiceTests
{
    private InfluxServer _influx = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _influx = await InfluxServer.StartAsync(Directory.Path);
    }

    public override async Task DisposeAsync()
    {
        await _influx.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("node", "influx.mjs", "13 of 13 steps")]
    [InlineData("/usr/bin/python3", "influx.py", "all steps")]
    public async Task A_library_goes_through_the_same_steps_on_influxd_and_here(
        string program, string script, string end)
    {
        string path = Path.Combine(RunningService.Repository, "tests", "gateways", script);

        string expected = await ToolRun.RunAsync(program, path, $"{_influx.Http.BaseAddress!.Port}");
        string found = await ToolRun.RunAsync(program, path, $"{Service.HttpPort}");

        Assert.Contains(end, expected, StringComparison.Ordinal);
        Assert.Contains(end, found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_influx_shell_prints_the_same_tables()
    {
        const string lines = "mill,asset=M1 load=61.5 1456790400000000000\nmill,asset=M2 load=7 1456790401000000000";
        await _influx.WriteAsync(lines);
        using var content = new StringContent(lines);
        using HttpResponseMessage answer =
            await Service.Http.PostAsync(new Uri("/write?db=telemetry", UriKind.Relative), content);
        Assert.True(answer.IsSuccessStatusCode);
        foreach (string statement in (string[])[
            "SELECT * FROM mill",
            "SELECT difference(load) FROM mill",
            "SELECT max(m) FROM (SELECT mean(load) AS m FROM mill GROUP BY asset)",
            "SELECT load FROM mill tz('Asia/Ulaanbaatar')",
            "SHOW FIELD KEYS",
            "SHOW TAG VALUES WITH KEY = asset"])
        {
            Assert.Equal(
                await ShellAsync(_influx.Http.BaseAddress!.Port, statement),
                await ShellAsync(Service.HttpPort, statement));
        }
    }

    private static Task<string> ShellAsync(int port, string statement) => ToolRun.RunAsync(
        "influx",
        ["-host", "127.0.0.1", "-port", $"{port}", "-database", "telemetry", "-precision", "rfc3339", "-execute",
            statement]);
}
