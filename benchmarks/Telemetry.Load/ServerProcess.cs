using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Telemetry.Load;

/// <summary>A server under test, on free loopback ports, with a folder that goes with it.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int AttemptsMax = 1_200; // a minute: a site of a million signals is read at the start
    private readonly string _folder;
    private Process _process;

    private ServerProcess(Process process, string folder, int port, int httpPort)
    {
        _process = process;
        _folder = folder;
        Port = port;
        HttpPort = httpPort;
    }

    public int Port { get; private set; }

    public int HttpPort { get; private set; }

    public int Pid => _process.Id;

    /// <summary>Starts the service as a load wants it.</summary>
    public static async Task<ServerProcess> StartTelemetryAsync(
        string path, LoadOptions options, LoadOptions warmUp, LineSink? sink)
    {
        string folder = Directory.CreateTempSubdirectory("telemetry-load").FullName;
        string site = await LoadSite.WriteAsync(folder, options, warmUp);
        int connections = options.Connections + warmUp.Connections + 10;
        string arguments = $"--set SiteFile={site} --set Detection:Enabled={options.Detection} "
            + $"--set Mqtt:ConnectionsMax={Math.Max(10_000, connections)} "
            + (options.SyncMilliseconds > 0 ? $"--set Spool:RehearseSyncMilliseconds={options.SyncMilliseconds} " : "")
            + (sink is null ? "" : $"--set Influx:Url={sink.Url}");
        return await StartTelemetryAsync(path, $"{folder}/data", arguments);
    }

    /// <summary>Starts it on a data directory, whose parent goes with it.</summary>
    public static async Task<ServerProcess> StartTelemetryAsync(string path, string dataDirectory, string arguments)
    {
        string folder = Path.GetDirectoryName(dataDirectory)!;
        (int port, int http) = (FreePort(), FreePort());
        Process process = Start(path, ServeArguments(dataDirectory, port, http, arguments));
        var server = new ServerProcess(process, folder, port, http);
        await server.AwaitHealthAsync();
        return server;
    }

    public static async Task<ServerProcess> StartMosquittoAsync(string settings = "")
    {
        string folder = Directory.CreateTempSubdirectory("mosquitto-load").FullName;
        int port = FreePort();
        string conf = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(
            conf,
            $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_inflight_messages 1000\n"
            + $"max_queued_messages 0\nlog_type error\n{settings}");
        var server = new ServerProcess(Start("mosquitto", $"-c {conf}"), folder, port, 0);
        await server.AwaitConnectionAsync();
        return server;
    }

    /// <summary>Ends the process as a power cut would, and starts it again on the same files.</summary>
    /// <returns>Seconds from the start until it takes a connection.</returns>
    public async Task<double> RestartAsync(string path, string dataDirectory, string arguments = "")
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        (Port, HttpPort) = (FreePort(), FreePort());
        long started = Stopwatch.GetTimestamp();
        _process = Start(path, ServeArguments(dataDirectory, Port, HttpPort, arguments));
        await AwaitConnectionAsync();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task AwaitHealthAsync()
    {
        using var client = new HttpClient();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync($"http://127.0.0.1:{HttpPort}/health");
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (attempt < AttemptsMax && !_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Until a CONNECT is answered: a connection alone is taken by a probe of the port, too.</summary>
    private async Task AwaitConnectionAsync()
    {
        var server = new IPEndPoint(IPAddress.Loopback, Port);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var probe = new IdleClient(new IPEndPoint(IPAddress.Loopback, 0), server, "probe");
                return;
            }
            catch (Exception cause) when (cause is SocketException or IOException
                && attempt < AttemptsMax * 10 && !_process.HasExited)
            {
                await Task.Delay(5);
            }
        }
    }

    private static string ServeArguments(string dataDirectory, int port, int http, string arguments) =>
        $"serve --data-dir {dataDirectory} --mqtt-port {port} --http-port {http} "
        + $"--set Logging:LogLevel:Default=Error {arguments}";

    private static Process Start(string path, string arguments) => Process.Start(new ProcessStartInfo(path, arguments)
    {
        UseShellExecute = false,
        RedirectStandardOutput = false,
    })!;
}
