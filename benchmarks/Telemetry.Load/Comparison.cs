using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Telemetry.Load;

/// <summary>
/// The service and mosquitto under the same load in turn, fresh processes and data each round, so that a drift of the
/// machine's speed meets both. mosquitto only acknowledges (no subscriber, no persistence); the service commits,
/// decodes and stores.
/// </summary>
internal static class Comparison
{
    public static async Task<int> RunAsync(LoadOptions options, string telemetry, int rounds)
    {
        var ours = new List<LoadResult>();
        var theirs = new List<LoadResult>();
        bool allStored = true;
        for (int round = 1; round <= rounds; round++)
        {
            using (var service = await ServerProcess.StartTelemetryAsync(telemetry))
            {
                LoadOptions target = options with
                {
                    Port = service.Port,
                    HttpPort = service.HttpPort,
                    Pid = service.Pid,
                };
                // The first part warms the service up as hours of running would: its code is compiled by then.
                LoadRun.Run(target with { Measurement = "warmup", Messages = Math.Min(options.Messages, 500_000) });
                double before = LoadRun.CpuSecondsOf(service.Pid);
                LoadResult result = LoadRun.Run(target);
                allStored &= await StoredCount.MatchesAsync(target);
                // The bill is closed when the last point is stored, not when the last acknowledgement is out.
                ours.Add(result with { ServerCpuSeconds = LoadRun.CpuSecondsOf(service.Pid) - before });
                Console.WriteLine($"round {round} telemetry: {ours[^1]}");
            }

            using (var broker = await ServerProcess.StartMosquittoAsync())
            {
                theirs.Add(LoadRun.Run(options with { Port = broker.Port, Pid = broker.Pid }));
                Console.WriteLine($"round {round} mosquitto: {theirs[^1]}");
            }
        }

        Console.WriteLine();
        Print("telemetry", ours);
        Print("mosquitto", theirs);
        double ratio = Median(ours, r => r.ServerCpuPerMillion) / Median(theirs, r => r.ServerCpuPerMillion);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"CPU ratio telemetry / mosquitto: {ratio:F2}"));
        return allStored ? 0 : 1;
    }

    private static void Print(string name, List<LoadResult> results) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: median of {results.Count}: {Median(results, r => r.Rate):N0} messages/s "
        + $"(best {results.Max(r => r.Rate):N0}), "
        + $"{Median(results, r => r.ServerCpuPerMillion):F2} CPU-s per million, "
        + $"ack p50 {Median(results, r => r.Percentile(0.5)):F2} ms, "
        + $"p99 {Median(results, r => r.Percentile(0.99)):F2} ms"));

    private static double Median(List<LoadResult> results, Func<LoadResult, double> figure)
    {
        double[] sorted = [.. results.Select(figure).Order()];
        return sorted[sorted.Length / 2];
    }
}

/// <summary>A server under test, on free loopback ports, with a folder that goes with it.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private ServerProcess(Process process, string folder, int port, int httpPort)
    {
        _process = process;
        _folder = folder;
        Port = port;
        HttpPort = httpPort;
    }

    public int Port { get; }

    public int HttpPort { get; }

    public int Pid => _process.Id;

    public static Task<ServerProcess> StartTelemetryAsync(string path) =>
        StartTelemetryAsync(path, $"{Directory.CreateTempSubdirectory("telemetry-load").FullName}/data", "");

    /// <summary>Starts it on a data directory, whose parent goes with it.</summary>
    public static async Task<ServerProcess> StartTelemetryAsync(string path, string dataDirectory, string arguments)
    {
        string folder = Path.GetDirectoryName(dataDirectory)!;
        (int port, int http) = (FreePort(), FreePort());
        Process process = Start(
            path,
            $"serve --data-dir {dataDirectory} --mqtt-port {port} --http-port {http} "
            + $"--set Logging:LogLevel:Default=Warning {arguments}");
        var server = new ServerProcess(process, folder, port, http);
        using var client = new HttpClient();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync($"http://127.0.0.1:{http}/health");
                answer.EnsureSuccessStatusCode();
                return server;
            }
            catch (HttpRequestException) when (attempt < 200)
            {
                await Task.Delay(50);
            }
        }
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
        for (int attempt = 0; attempt < 200; attempt++)
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", port);
                break;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        return server;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Process Start(string path, string arguments) => Process.Start(new ProcessStartInfo(path, arguments)
    {
        UseShellExecute = false,
        RedirectStandardOutput = false,
    })!;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
