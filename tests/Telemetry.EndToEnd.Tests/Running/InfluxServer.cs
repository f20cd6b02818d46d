using System.Net;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A real InfluxDB 1.x on a free port; may be killed and started again on its data.</summary>
internal sealed class InfluxServer : IAsyncDisposable
{
    private readonly string _configuration;
    private readonly HttpClient _http;
    private ToolRun? _run;

    private InfluxServer(string directory)
    {
        int port = FreePort.Find();
        Url = $"http://127.0.0.1:{port}";
        _http = new HttpClient { BaseAddress = new Uri(Url) };
        _configuration = Path.Combine(directory, "influxdb.conf");
        File.WriteAllText(_configuration, $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{FreePort.Find()}"
            [meta]
              dir = "{directory}/influx/meta"
            [data]
              dir = "{directory}/influx/data"
              wal-dir = "{directory}/influx/wal"
            [monitor]
              store-enabled = false
            [http]
              bind-address = "127.0.0.1:{port}"
              log-enabled = false
            """);
    }

    public string Url { get; }

    public HttpClient Http => _http;

    /// <summary>Starts it with an empty database <c>telemetry</c>.</summary>
    public static async Task<InfluxServer> StartAsync(string directory)
    {
        var server = new InfluxServer(directory);
        await server.StartAsync();
        await server.CommandAsync("CREATE DATABASE telemetry");
        return server;
    }

    /// <summary>Has it do something.</summary>
    public async Task CommandAsync(string statement)
    {
        using HttpResponseMessage answer = await _http.PostAsync(
            new Uri($"/query?q={Uri.EscapeDataString(statement)}", UriKind.Relative), content: null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public async Task StartAsync()
    {
        _run = ToolRun.Start("influxd", ["-config", _configuration]);
        await Until.Async(
            "influxd answers",
            async () =>
            {
                using HttpResponseMessage answer = await _http.GetAsync(new Uri("/ping", UriKind.Relative));
                return answer.StatusCode;
            },
            status => status == HttpStatusCode.NoContent);
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _run!.KillAsync();

    /// <summary>Whether its process has ended.</summary>
    public bool HasExited => _run!.HasExited;

    /// <summary>Writes a line past our service, of which it dies.</summary>
    public async Task EndByAsync(string line)
    {
        using var content = new StringContent(line);
        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => _http.PostAsync(new Uri("/write?db=telemetry", UriKind.Relative), content));
        await _run!.WaitForAsync("panic: ");
    }

    /// <summary>Writes lines past our service.</summary>
    public async Task WriteAsync(string lines)
    {
        using var content = new StringContent(lines);
        using HttpResponseMessage answer =
            await _http.PostAsync(new Uri("/write?db=telemetry", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>Waits until a query has an only row with this value in its second column.</summary>
    public Task ExpectAsync(string statement, double value) => Until.Async(
        $"influxd: {statement} gives {value}",
        async () =>
        {
            string path = $"/query?db=telemetry&q={Uri.EscapeDataString(statement)}";
            using JsonDocument answer = JsonDocument.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative)));
            return answer.RootElement.GetProperty("results")[0].TryGetProperty("series", out JsonElement series)
                ? series[0].GetProperty("values")[0][1].GetDouble()
                : double.NaN;
        },
        found => found.Equals(value));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_run is not null)
        {
            await _run.DisposeAsync();
        }
    }
}
