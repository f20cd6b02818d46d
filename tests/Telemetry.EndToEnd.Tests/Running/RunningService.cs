using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Telemetry.EndToEnd.Tests;

/// <summary>The real executable on free ports, over a data directory of the test's.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private static readonly Regex Ports = new(
        @"MQTT    127\.0\.0\.1:(?<mqtt>\d+)\s+Console http://127\.0\.0\.1:(?<http>\d+)/",
        RegexOptions.CultureInvariant);

    private readonly ToolRun _run;

    private RunningService(ToolRun run, int mqttPort, int httpPort)
    {
        _run = run;
        MqttPort = mqttPort;
        HttpPort = httpPort;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}"), Timeout = Until.Deadline };
    }

    public int MqttPort { get; }

    public int HttpPort { get; }

    public HttpClient Http { get; }

    public int ProcessId => _run.ProcessId;

    public string Output => _run.Output;

    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    public static string Executable
    {
        get
        {
            // The tests' own directory is artifacts/bin/Telemetry.EndToEnd.Tests/<configuration>/.
            string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
            return Path.Combine(Repository, "artifacts", "bin", "Telemetry.Service", configuration, "telemetry");
        }
    }

    /// <summary>Runs another command of the executable to its end and gives what it printed.</summary>
    public static Task<string> CommandAsync(params string[] arguments) => ToolRun.RunAsync(Executable, arguments);

    /// <summary>Starts <c>telemetry serve</c> and waits until it is healthy.</summary>
    public static Task<RunningService> ServeAsync(string dataDirectory, params string[] arguments) =>
        StartAsync("serve", dataDirectory, arguments);

    /// <summary>Starts a command that serves and waits until it is healthy.</summary>
    public static async Task<RunningService> StartAsync(string command, string dataDirectory, string[] arguments)
    {
        var run = ToolRun.Start(
            Executable,
            [command, "--data-dir", dataDirectory, "--mqtt-port", "0", "--http-port", "0", .. arguments],
            dataDirectory);
        try
        {
            Match ports = await Until.Async(
                "the service prints its ports",
                () => run.HasExited
                    ? throw new InvalidOperationException($"the service ended: {run.Output}")
                    : Task.FromResult(Ports.Match(run.Output)),
                match => match.Success);
            var service = new RunningService(run, PortOf(ports, "mqtt"), PortOf(ports, "http"));
            await Until.Async("healthy", service.HealthAsync, status => status == HttpStatusCode.OK);
            return service;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>The port of a listener of <c>Mqtt:Listeners</c>.</summary>
    public int PortOf(string listener) =>
        PortOf(Regex.Match(Output, $@"Listener {listener} \w+://127\.0\.0\.1:(?<port>\d+)"), "port");

    public async Task<HttpStatusCode> HealthAsync()
    {
        using HttpResponseMessage answer = await Http.GetAsync(new Uri("/health", UriKind.Relative));
        return answer.StatusCode;
    }

    /// <summary>The whole answer of <c>/query</c>.</summary>
    public async Task<JsonElement> QueryAsync(string statement, string database = "telemetry") =>
        await JsonAsync($"/query?db={database}&epoch=ns&q={Uri.EscapeDataString(statement)}");

    /// <summary>The rows of the only series of the only statement; none when there is no series.</summary>
    public async Task<JsonElement[]> RowsAsync(string statement)
    {
        JsonElement answer = await QueryAsync(statement);
        Assert.True(answer.TryGetProperty("results", out JsonElement results), $"{statement}: {answer}");
        Assert.False(results[0].TryGetProperty("error", out _), $"{statement}: {answer}");
        return results[0].TryGetProperty("series", out JsonElement series)
            ? [.. series[0].GetProperty("values").EnumerateArray()]
            : [];
    }

    /// <summary>Waits until a query has an only row with this value in its second column.</summary>
    public Task ExpectAsync(string statement, double value) => Until.Async(
        $"{statement} gives {value}",
        async () => await RowsAsync(statement) is [var row] ? row[1].GetDouble() : double.NaN,
        found => found.Equals(value));

    public async Task<JsonElement> JsonAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await TextAsync(path));
        return document.RootElement.Clone();
    }

    /// <summary>The body, whatever the status.</summary>
    public async Task<string> TextAsync(string path)
    {
        using HttpResponseMessage answer = await Http.GetAsync(new Uri(path, UriKind.Relative));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Sum of the samples of a metric whose line begins with a text; 0 when there is none.</summary>
    public async Task<double> MetricAsync(string start)
    {
        string text = await TextAsync("/metrics");
        return text.Split('\n')
            .Where(line => line.StartsWith(start, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public Task ExpectMetricAsync(string start, double value) =>
        Until.Async($"{start} {value}", () => MetricAsync(start), found => found.Equals(value));

    /// <summary>Writes lines over HTTP, with times in seconds; every one must be taken.</summary>
    public async Task WriteAsync(string lines)
    {
        using var body = new StringContent(lines);
        using HttpResponseMessage answer = await Http.PostAsync(
            new Uri("/write?db=telemetry&precision=s", UriKind.Relative), body);
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Publishes with mosquitto_pub, over MQTT 3.1.1 and QoS 1 unless told otherwise.</summary>
    public Task<string> PublishAsync(string topic, string payload, params string[] arguments) => ToolRun.RunAsync(
        "mosquitto_pub", ["-p", $"{MqttPort}", "-q", "1", "-t", topic, "-m", payload, .. arguments]);

    /// <summary>Starts mosquitto_sub, line-buffered, and waits until it is subscribed.</summary>
    public async Task<ToolRun> SubscribeAsync(params string[] arguments)
    {
        var run = ToolRun.Start("stdbuf", ["-oL", "mosquitto_sub", "-p", $"{MqttPort}", "-d", "-v", .. arguments]);
        await run.WaitForAsync("SUBACK");
        return run;
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _run.KillAsync();

    /// <summary>SIGTERM; gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await _run.TerminateAsync();
        return await _run.WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _run.DisposeAsync();
    }

    private static int PortOf(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static string FindRepository()
    {
        var directory = new DirectoryInfo(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (!File.Exists(Path.Combine(directory.FullName, "Telemetry.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("the tests run outside the repository");
        }

        return directory.FullName;
    }
}
