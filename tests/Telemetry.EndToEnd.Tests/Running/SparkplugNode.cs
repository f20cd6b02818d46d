using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>tests/gateways/sparkplug.mjs: an edge node that does what it is told, line by line.</summary>
internal sealed class SparkplugNode : IAsyncDisposable
{
    private readonly ToolRun _run;
    private readonly string _commands;

    private SparkplugNode(ToolRun run, string commands)
    {
        _run = run;
        _commands = commands;
    }

    /// <summary>Starts node <c>GW</c> of group <c>plant</c> with its device <c>PLC</c>.</summary>
    public static SparkplugNode Start(int port, string directory)
    {
        string commands = Path.Combine(directory, "edge-node.commands");
        string asked = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["url"] = $"mqtt://127.0.0.1:{port}",
            ["group"] = "plant",
            ["node"] = "GW",
            ["device"] = "PLC",
            ["commands"] = commands,
        });
        string script = Path.Combine(RunningService.Repository, "tests", "gateways", "sparkplug.mjs");
        return new SparkplugNode(ToolRun.Start("node", [script, asked]), commands);
    }

    /// <summary>The node as the service sees it, once that is as wanted.</summary>
    public static Task<JsonElement> ExpectAsync(RunningService service, Func<JsonElement, bool> isWanted) =>
        Until.Async(
            "the edge node is as wanted",
            async () => (await service.JsonAsync("/api/sparkplug")).EnumerateArray().FirstOrDefault(),
            view => view.ValueKind == JsonValueKind.Object && isWanted(view));

    public void Tell(string command) => File.AppendAllText(_commands, command + "\n");

    public Task WaitForAsync(string text) => _run.WaitForAsync(text);

    public Task KillAsync() => _run.KillAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();
}
