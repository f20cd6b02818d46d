using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Telemetry.EndToEnd.Tests;

/// <summary>The files below deploy/, held against what will read them.</summary>
[Collection(OneAtATime.Name)]
public sealed class DeployTests : IDisposable
{
    private const string Program = "/opt/telemetry/telemetry"; // where the unit and its README put it
    private readonly ScratchDirectory _scratch = new();

    private static string Deploy { get; } = Path.Combine(RunningService.Repository, "deploy");

    public void Dispose() => _scratch.Delete();

    [Fact]
    public async Task Mosquitto_starts_with_the_configuration_and_takes_the_user_of_its_README()
    {
        string passwords = _scratch.At("passwords");
        await ToolRun.RunAsync("mosquitto_passwd", "-b", "-c", passwords, "gw-1", "secret");
        int port = FreePort.Find();
        string text = await File.ReadAllTextAsync(Path.Combine(Deploy, "mosquitto", "mosquitto.conf"));
        text = text.Replace("/mosquitto/config", _scratch.Path, StringComparison.Ordinal)
            .Replace("/mosquitto/data/", _scratch.Path + "/", StringComparison.Ordinal)
            .Replace("listener 1883", $"listener {port}", StringComparison.Ordinal);
        Assert.DoesNotContain("/mosquitto/", Regex.Replace(text, "(?m)^#.*$", ""), StringComparison.Ordinal);
        string configuration = _scratch.At("mosquitto.conf");
        await File.WriteAllTextAsync(configuration, text + $"user {Environment.UserName}\n");

        await using ToolRun broker = ToolRun.Start("mosquitto", ["-c", configuration]);
        string[] publish = ["-p", $"{port}", "-q", "1", "-t", "t", "-m", "m v=1"];
        await Until.Async(
            "the broker takes a message of its user",
            async () =>
            {
                Assert.False(broker.HasExited, broker.Output);
                await using ToolRun known = ToolRun.Start("mosquitto_pub", [.. publish, "-u", "gw-1", "-P", "secret"]);
                return await known.WaitAsync();
            },
            exitCode => exitCode == 0);
        await using ToolRun stranger = ToolRun.Start("mosquitto_pub", publish);
        Assert.NotEqual(0, await stranger.WaitAsync());
    }

    [Fact]
    public async Task Compose_names_what_exists_and_settings_that_stand()
    {
        YamlNode root = Compose();
        var services = (YamlMappingNode)root["services"];
        string[] volumes = [.. Keys(root["volumes"])];
        Assert.Equal(["telemetry", "mosquitto", "influxdb"], Keys(services));
        foreach (YamlNode service in services.Children.Values)
        {
            foreach (YamlNode volume in (YamlSequenceNode)service["volumes"])
            {
                string source = $"{volume}".Split(':')[0];
                bool isThere = source.StartsWith('.')
                    ? Path.Exists(Path.Combine(Deploy, source))
                    : volumes.Contains(source);
                Assert.True(isThere, $"compose.yaml mounts '{source}', which does not exist");
            }
        }

        YamlNode telemetry = services["telemetry"];
        string context = Path.Combine(Deploy, $"{telemetry["build"]["context"]}");
        Assert.True(File.Exists(Path.Combine(context, $"{telemetry["build"]["dockerfile"]}")));
        Assert.All((YamlSequenceNode)telemetry["depends_on"], name => Assert.Contains($"{name}", Keys(services)));
        IEnumerable<string> settings = ((YamlMappingNode)telemetry["environment"]).Children
            .Select(setting => $"{setting.Key}={Regex.Replace($"{setting.Value}", @"^\$\{.*\}$", "x")}");
        await CheckAsync(settings, Array(await DockerfileAsync(), "ENTRYPOINT")[1..]);
    }

    [Fact]
    public async Task The_Dockerfile_copies_and_builds_what_exists_with_the_SDK_that_is_pinned()
    {
        string text = await DockerfileAsync();
        MatchCollection copies = Regex.Matches(text, @"(?m)^COPY (?!--from)(?<sources>.+) \S+$");
        Assert.NotEmpty(copies);
        Assert.All(copies.SelectMany(copy => copy.Groups["sources"].Value.Split(' ')), source =>
            Assert.True(Path.Exists(Path.Combine(RunningService.Repository, source)), $"COPY {source}"));

        string project = Regex.Match(text, @"dotnet publish (?<project>\S+)").Groups["project"].Value;
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(RunningService.Repository, project), "*.csproj"));
        string pinned = await File.ReadAllTextAsync(Path.Combine(RunningService.Repository, "global.json"));
        string band = Regex.Match(pinned, @"""version"": ""(?<band>\d+\.\d+\.\d)\d\d""").Groups["band"].Value;
        Assert.Matches($@"dotnet/sdk:{Regex.Escape(band)}\d\d\b", text);
        Assert.Contains($"dotnet/aspnet:{band[..band.LastIndexOf('.')]}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commands_of_the_image_are_commands_of_the_executable()
    {
        string text = await DockerfileAsync();
        string[] entry = Array(text, "ENTRYPOINT");
        Assert.Equal("/app/telemetry", entry[0]);
        await CheckAsync(["Http__Token=x"], entry[1..]);

        string[] health = Array(text, "CMD");
        Assert.Equal("/app/telemetry", health[0]);
        await using ToolRun asked = ToolRun.Start(RunningService.Executable, health[1..]);
        await asked.WaitAsync();
        Assert.DoesNotContain("Unrecognized", asked.Output, StringComparison.Ordinal);

        Match gateway = Regex.Match(text, @"/app/telemetry (?<words>gateway add .+ --data-dir) /data\b");
        Assert.True(gateway.Success);
        await RunningService.CommandAsync([.. gateway.Groups["words"].Value.Split(' '), _scratch.At("data")]);
    }

    [Fact]
    public async Task The_unit_is_one_that_systemd_takes_and_that_lets_little_through()
    {
        // Its program is not installed here; everything else of the unit is as it will be.
        string copy = _scratch.At("telemetry.service");
        string text = (await UnitAsync()).Replace(Program + " ", "/bin/true ", StringComparison.Ordinal);
        await File.WriteAllTextAsync(copy, text);
        string said = await ToolRun.RunAsync("systemd-analyze", "verify", "--man=no", copy);
        Assert.DoesNotContain("telemetry.service", said, StringComparison.Ordinal);
        await ToolRun.RunAsync("systemd-analyze", "security", "--offline=yes", "--threshold=20", copy);
    }

    [Fact]
    public async Task The_unit_starts_a_command_that_exists_and_stays_down_after_a_fault_in_the_settings()
    {
        string text = await UnitAsync();
        string[] start = Regex.Match(text, "(?m)^ExecStart=(?<words>.+)$").Groups["words"].Value.Split(' ');
        Assert.Equal(Program, start[0]);
        string readme = await File.ReadAllTextAsync(Path.Combine(Deploy, "systemd", "README.md"));
        Assert.Contains($"-o {Path.GetDirectoryName(Program)} src/Telemetry.Service", readme, StringComparison.Ordinal);
        string[] settings = [.. Regex.Matches(readme, "`(?<setting>[A-Z][A-Za-z]+__[^`]+)`")
            .Select(match => match.Groups["setting"].Value)];
        Assert.Equal(2, settings.Length);
        await CheckAsync(settings, start[1..]);

        string prevented = Regex.Match(text, @"(?m)^RestartPreventExitStatus=(?<code>\d+)$").Groups["code"].Value;
        await using ToolRun faulty =
            ToolRun.Start(RunningService.Executable, [.. start[1..], "--set", "No:Such=setting"], _scratch.Path);
        Assert.Equal(prevented, $"{await faulty.WaitAsync()}");
    }

    /// <summary>What <c>serve</c> would be started with passes <c>check</c>.</summary>
    private static async Task CheckAsync(IEnumerable<string> environment, string[] command)
    {
        Assert.Equal("serve", command[0]);
        string said = await ToolRun.RunAsync(
            "env", [.. environment, RunningService.Executable, "check", .. command[1..]]);
        Assert.Contains("are good", said, StringComparison.Ordinal);
    }

    private static Task<string> DockerfileAsync() => File.ReadAllTextAsync(Path.Combine(Deploy, "Dockerfile"));

    private static Task<string> UnitAsync() =>
        File.ReadAllTextAsync(Path.Combine(Deploy, "systemd", "telemetry.service"));

    /// <summary>The words of an instruction in its exec form, which is a JSON array.</summary>
    private static string[] Array(string dockerfile, string instruction) => JsonSerializer.Deserialize<string[]>(
        Regex.Match(dockerfile, $@"\b{instruction} (?<array>\[[^\]]+\])").Groups["array"].Value
            .Replace("\\\n", "", StringComparison.Ordinal))!;

    private static YamlNode Compose()
    {
        var yaml = new YamlStream();
        using StreamReader reader = File.OpenText(Path.Combine(Deploy, "compose.yaml"));
        yaml.Load(reader);
        return yaml.Documents[0].RootNode;
    }

    private static IEnumerable<string> Keys(YamlNode map) =>
        ((YamlMappingNode)map).Children.Keys.Select(name => $"{name}");
}
