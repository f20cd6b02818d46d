using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Telemetry.Load;

/// <summary>A store under test: how to start it, and the four questions in its own words.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="Start">Program and arguments, given folder and port.</param>
/// <param name="WritePath">Takes line protocol with times in seconds.</param>
/// <param name="Folder">Where the samples lie, below the folder.</param>
/// <param name="Questions">Paths of the questions, given the data.</param>
internal sealed record StorePeer(
    string Name,
    Func<string, int, (string Program, string Arguments)> Start,
    string WritePath,
    string Folder,
    Func<SensorWalk, string[]> Questions)
{
    /// <summary>What is asked, in the order of <see cref="Questions"/>.</summary>
    public static readonly string[] Asked =
    [
        "last hour of 50 signals, raw", "a year of one signal, hourly mean", "greatest of a month of each of 50",
        "a day of 50 signals, raw",
    ];

    public static StorePeer Telemetry(string program) => new(
        "telemetry",
        (folder, port) => (program,
            $"serve --data-dir {folder}/data --mqtt-port {ServerProcess.FreePort()} --http-port {port} "
            + "--set Detection:Enabled=false --set Http:QueryRowsMax=10000000 --set Logging:LogLevel:Default=Error"),
        "/write?db=telemetry&precision=s",
        "data/store",
        InfluxQl("telemetry"));

    public static StorePeer InfluxDb() => new(
        "InfluxDB 1.6.7",
        (folder, port) =>
        {
            File.WriteAllText(
                $"{folder}/influxdb.conf",
                $"reporting-disabled = true\nbind-address = \"127.0.0.1:{ServerProcess.FreePort()}\"\n"
                + $"[meta]\ndir = \"{folder}/meta\"\n[data]\ndir = \"{folder}/data\"\nwal-dir = \"{folder}/wal\"\n"
                + "cache-snapshot-write-cold-duration = \"5s\"\ncompact-full-write-cold-duration = \"10s\"\n"
                + "[monitor]\nstore-enabled = false\n" // what it notes of itself would never let its files settle
                + $"[http]\nbind-address = \"127.0.0.1:{port}\"\nlog-enabled = false\n[logging]\nlevel = \"error\"\n");
            return ("influxd", $"-config {folder}/influxdb.conf");
        },
        "/write?db=telemetry&precision=s",
        "data",
        InfluxQl("telemetry"));

    public static StorePeer VictoriaMetrics() => new(
        "VictoriaMetrics 1.79.5",
        (folder, port) => ("victoria-metrics",
            $"-storageDataPath={folder}/data -httpListenAddr=127.0.0.1:{port} -retentionPeriod=5y -loggerLevel=ERROR "
            + "-search.maxSamplesPerQuery=1000000000"),
        "/write?precision=s",
        "data/data",
        data =>
        [
            $"/api/v1/export?match[]=load_value&start={data.End - 3_600}&end={data.End - 1}",
            "/api/v1/query_range?step=3600&nocache=1&query=avg_over_time(year_value[1h])"
                + $"&start={data.YearBegin + 3_600}&end={data.End}",
            $"/api/v1/query?nocache=1&time={data.End}&query=max_over_time(load_value[{data.End - data.Begin}s])",
            $"/api/v1/export?match[]=load_value&start={data.End - 86_400}&end={data.End - 1}",
        ]);

    private static Func<SensorWalk, string[]> InfluxQl(string database) => data =>
    [
        .. new[]
        {
            $"SELECT value FROM load WHERE time >= {data.End - 3_600}s AND time < {data.End}s GROUP BY asset",
            $"SELECT mean(value) FROM year WHERE time >= {data.YearBegin}s AND time < {data.End}s GROUP BY time(1h)",
            $"SELECT max(value) FROM load WHERE time >= {data.Begin}s AND time < {data.End}s GROUP BY asset",
            $"SELECT value FROM load WHERE time >= {data.End - 86_400}s AND time < {data.End}s GROUP BY asset",
        }.Select(text => $"/query?db={database}&epoch=s&q={Uri.EscapeDataString(text)}"),
    ];
}

/// <summary>A store that runs, filled.</summary>
internal sealed class RunningStore : IDisposable
{
    private readonly StorePeer _peer;
    private readonly string _folder;
    private readonly Process _process;
    private readonly HttpClient _client;

    public RunningStore(StorePeer peer)
    {
        _peer = peer;
        _folder = Directory.CreateTempSubdirectory("store-load").FullName;
        int port = ServerProcess.FreePort();
        (string program, string arguments) = peer.Start(_folder, port);
        _process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        _client = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = TimeSpan.FromMinutes(5),
        };
    }

    public StorePeer Peer => _peer;

    /// <summary>CPU seconds of the process so far.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Bytes that the files of the samples take on disk: some are longer than what is in them.</summary>
    public async Task<long> MeasureBytesAsync()
    {
        using var du = Process.Start(new ProcessStartInfo("du", ["-s", "--block-size=1", $"{_folder}/{_peer.Folder}"])
        {
            RedirectStandardOutput = true,
        })!;
        string text = await du.StandardOutput.ReadToEndAsync();
        await du.WaitForExitAsync();
        return long.Parse(text.Split('\t')[0], CultureInfo.InvariantCulture);
    }

    public async Task FillAsync(SensorWalk data)
    {
        await AwaitAsync();
        if (_peer.WritePath.Contains("db=", StringComparison.Ordinal))
        {
            using HttpResponseMessage made = await _client.PostAsync("/query?q=CREATE+DATABASE+telemetry", null);
            made.EnsureSuccessStatusCode();
        }

        foreach (byte[] body in data.Bodies())
        {
            using HttpResponseMessage answer = await _client.PostAsync(_peer.WritePath, new ByteArrayContent(body));
            if (answer.StatusCode != HttpStatusCode.NoContent)
            {
                throw new InvalidOperationException(
                    $"{_peer.Name} took no lines: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
        }
    }

    /// <summary>
    /// Waits until the size of the files stands still for a while: compaction and roll-ups are done. What a server
    /// notes of itself now and then is no change.
    /// </summary>
    /// <returns>The bytes.</returns>
    public async Task<long> SettleAsync()
    {
        const long changeMin = 128 * 1024;
        long before = -changeMin;
        for (int same = 0; same < 15; same++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            long now = await MeasureBytesAsync();
            if (Math.Abs(now - before) >= changeMin)
            {
                before = now;
                same = 0;
            }
        }

        return before;
    }

    /// <summary>Milliseconds of one answer, and its bytes.</summary>
    public async Task<(double Milliseconds, int Bytes)> AskAsync(string path)
    {
        long start = Stopwatch.GetTimestamp();
        byte[] answer = await _client.GetByteArrayAsync(path);
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, answer.Length);
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AwaitAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using HttpResponseMessage answer = await _client.GetAsync("/ping");
                return;
            }
            catch (HttpRequestException) when (attempt < 600)
            {
                await Task.Delay(50);
            }
        }
    }
}
