using System.Net;
using System.Net.Sockets;

namespace Telemetry.EndToEnd.Tests;

/// <summary>What cannot be run is told in one line, and nothing is opened.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const int BadSettings = 78;
    private const int CannotStart = 71;
    private readonly ScratchDirectory _directory = new();

    public void Dispose() => _directory.Delete();

    [Theory]
    [InlineData("Rate: found -1; give 1 to 1000", "demo", "--rate", "-1")]
    [InlineData("Rate: found 0; give 1 to 1000", "demo", "--rate", "0")]
    [InlineData("give one of bearing, gland-water, silence, stuck", "demo", "--fault", "nosuch")]
    [InlineData("give one of bearing, gland-water, silence, stuck", "simulate", "--fault", "nosuch")]
    [InlineData("expected a time such as 2026-01-12T00:00:00Z", "simulate", "--start", "soon")]
    [InlineData("cannot run the mine: Could not find file", "simulate", "--scenario", "nosuch.yaml")]
    [InlineData("--firmware:1:9: resets: expected a number", "simulate", "--firmware", "resets: many")]
    [InlineData("to gateway \"GW-9\": the site has none such", "demo", "--firmware", "gateways: [GW-9]")]
    [InlineData("Port: found 70000; give 1 to 65535", "simulate", "--port", "70000")]
    [InlineData("expected an address such as http://127.0.0.1:8080", "query", "SHOW DATABASES", "--url", "nonsense")]
    [InlineData("expected an address such as http://127.0.0.1:8080", "tap", "--url", "nonsense")]
    [InlineData("expected an address such as http://127.0.0.1:8080", "why", "a/b", "--url", "nonsense")]
    [InlineData("expected an address such as http://127.0.0.1:8080", "quarantine", "list", "--url", "nonsense")]
    [InlineData("expected an address such as http://127.0.0.1:8080", "route", "list", "--url", "nonsense")]
    [InlineData("expected a number from 1 to 65535", "health", "--http-port", "99999")]
    public Task A_command_that_cannot_be_run_says_what_it_takes(string expected, params string[] arguments) =>
        CheckAsync(BadSettings, expected, arguments);

    [Theory]
    [InlineData("Http:QuerySecondsMax: NaN is out of range; write a number", "Http:QuerySecondsMax=NaN")]
    [InlineData("Http:QuerySecondsMax: expected a number, found 'soon'", "Http:QuerySecondsMax=soon")]
    [InlineData("Mqtt:Port: expected a whole number, found 'x'", "Mqtt:Port=x")]
    [InlineData("Influx:Api: expected one of V1, V2, V3, VictoriaMetrics, found 'V7'", "Influx:Api=V7")]
    [InlineData("Detection:Enabled: expected true or false, found 'ja'", "Detection:Enabled=ja")]
    [InlineData("Logging:LogLevel:Default: expected one of Trace, Debug, ", "Logging:LogLevel:Default=Loud")]
    [InlineData("Http:DatabaseAliases: is a list; write Http:DatabaseAliases:0=foo", "Http:DatabaseAliases=foo")]
    [InlineData("Mqtt: is a section and cannot be '1883'", "Mqtt=1883")]
    [InlineData("--set Foo:Bar=1: no such setting; there are DataDirectory, SiteFile", "Foo:Bar=1")]
    [InlineData("--set SiteFil=x: no such setting; there are DataDirectory, SiteFile", "SiteFil=x")]
    [InlineData("'nothing' is no setting; write --set Section:Key=value", "nothing")]
    [InlineData("it is a directory; give the YAML file in it", "SiteFile=/")]
    public async Task A_setting_that_cannot_stand_is_refused_before_anything_is_opened(string expected, string setting)
    {
        string[] arguments = ["--data-dir", Path.Combine(_directory.Path, "data"), "--set", setting];
        await CheckAsync(BadSettings, expected, ["check", .. arguments]);
        await CheckAsync(BadSettings, expected, ["serve", .. arguments]);
        Assert.Empty(Directory.GetDirectories(_directory.Path));
    }

    [Fact]
    public async Task Settings_that_can_stand_are_good_also_beside_foreign_variables()
    {
        await using ToolRun run = Start(
            "check", "--data-dir", _directory.Path, "--set", "Http:DatabaseAliases:0=foo", "--set",
            "Logging:LogLevel:Telemetry.Spool=warning", "--set", "Influx:Api=v1");
        Assert.True(await run.WaitAsync() == 0, run.Output);
    }

    [Fact]
    public async Task A_broken_settings_file_is_named_with_its_line()
    {
        string file = Path.Combine(_directory.Path, "telemetry.json");
        await File.WriteAllTextAsync(file, "{\n  \"Mqtt\": { \"Port\": 1883, }\n  \"Http\": 1\n}\n");
        await CheckAsync(BadSettings, $"{file}:3:3: cannot read settings: ", ["check", "--data-dir", _directory.Path]);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_by_its_setting()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        string data = Path.Combine(_directory.Path, "data");
        await CheckAsync(
            CannotStart,
            $"cannot listen on 127.0.0.1:{port}: another program listens there; nothing was opened, set Mqtt:Port",
            ["serve", "--data-dir", data, "--mqtt-port", $"{port}", "--http-port", "0"]);
        await CheckAsync(
            CannotStart,
            "another program listens there; nothing was opened, set Http:Port",
            ["serve", "--data-dir", data, "--mqtt-port", "0", "--http-port", $"{port}"]);
        await CheckAsync(
            CannotStart,
            "this machine has no such address; nothing was opened, set Mqtt:Port or Mqtt:Address",
            ["serve", "--data-dir", data, "--http-port", "0", "--set", "Mqtt:Address=192.0.2.1"]);
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task A_data_directory_of_another_process_is_named_as_such()
    {
        await using RunningService service = await RunningService.ServeAsync(_directory.Path);
        await CheckAsync(
            CannotStart,
            $"cannot open data directory '{_directory.Path}': another telemetry process has it",
            ["serve", "--data-dir", _directory.Path, "--mqtt-port", "0", "--http-port", "0"]);
    }

    [Fact]
    public async Task A_mine_without_its_broker_says_so_and_keeps_trying()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        await using ToolRun run = Start("simulate", "--port", $"{port}");
        await run.WaitForAsync($"gateways publish to 127.0.0.1:{port}");
        await run.WaitForAsync($"cannot connect to 127.0.0.1:{port}: ");
        await run.WaitForAsync("they keep trying");
        await using ToolRun service = Start(
            "serve", "--data-dir", _directory.Path, "--mqtt-port", $"{port}", "--http-port", "0");
        await run.WaitForAsync("gateways are connected\n");
    }

    private static ToolRun Start(params string[] arguments) => ToolRun.Start(RunningService.Executable, arguments);

    private static async Task CheckAsync(int exitCode, string expected, string[] arguments)
    {
        await using ToolRun run = Start(arguments);
        Assert.True(await run.WaitAsync() == exitCode, $"{string.Join(' ', arguments)}: {run.Output}");
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
        Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
