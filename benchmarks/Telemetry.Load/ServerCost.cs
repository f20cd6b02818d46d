using System.Globalization;

namespace Telemetry.Load;

/// <summary>
/// What a process has taken so far, by /proc and, of the service, by its own metrics; NaN where there is nobody to ask.
/// </summary>
internal sealed record ServerCost
{
    /// <summary>User and system time in seconds.</summary>
    public double CpuSeconds { get; init; } = double.NaN;

    /// <summary>Bytes it made the disk write.</summary>
    public double WrittenBytes { get; init; } = double.NaN;

    /// <summary>The most memory it ever had, in bytes.</summary>
    public double PeakBytes { get; init; } = double.NaN;

    /// <summary>Syncs of the spool.</summary>
    public double Syncs { get; init; } = double.NaN;

    /// <summary>Bytes allocated on the managed heap.</summary>
    public double AllocatedBytes { get; init; } = double.NaN;

    /// <summary>Full garbage collections.</summary>
    public double FullCollections { get; init; } = double.NaN;

    /// <summary>What the process has taken since it began.</summary>
    public static async Task<ServerCost> ReadAsync(LoadOptions server)
    {
        var cost = new ServerCost { CpuSeconds = CpuSecondsOf(server.Pid) };
        if (server.Pid != 0)
        {
            cost = cost with
            {
                WrittenBytes = LineOf($"/proc/{server.Pid}/io", "write_bytes:"),
                PeakBytes = LineOf($"/proc/{server.Pid}/status", "VmHWM:") * 1024,
            };
        }

        if (server.HttpPort == 0)
        {
            return cost;
        }

        using var client = new HttpClient();
        string metrics = await client.GetStringAsync($"http://{server.Host}:{server.HttpPort}/metrics");
        return cost with
        {
            Syncs = MetricOf(metrics, "telemetry_spool_syncs_total "),
            AllocatedBytes = MetricOf(metrics, "telemetry_process_allocated_bytes_total "),
            FullCollections = MetricOf(metrics, "telemetry_process_gen2_collections_total "),
        };
    }

    /// <summary>What came on top; the peak of memory stays what it is.</summary>
    public ServerCost Since(ServerCost before) => this with
    {
        CpuSeconds = CpuSeconds - before.CpuSeconds,
        WrittenBytes = WrittenBytes - before.WrittenBytes,
        Syncs = Syncs - before.Syncs,
        AllocatedBytes = AllocatedBytes - before.AllocatedBytes,
        FullCollections = FullCollections - before.FullCollections,
    };

    /// <summary>User and system time of a process in seconds (proc(5): fields 14 and 15, in ticks of 10 ms).</summary>
    public static double CpuSecondsOf(int pid)
    {
        if (pid == 0)
        {
            return double.NaN;
        }

        string stat = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long user = long.Parse(fields[11], CultureInfo.InvariantCulture);
        long system = long.Parse(fields[12], CultureInfo.InvariantCulture);
        return (user + system) / 100.0;
    }

    /// <summary>The first number behind a name in a file of /proc; NaN when the system does not tell.</summary>
    private static double LineOf(string path, string name)
    {
        try
        {
            string? line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null
                ? double.NaN
                : double.Parse(
                    line[name.Length..].Split(' ', '\t').First(word => word.Length > 0), CultureInfo.InvariantCulture);
        }
        catch (UnauthorizedAccessException)
        {
            return double.NaN; // /proc/PID/io of somebody else's process
        }
    }

    private static double MetricOf(string metrics, string name)
    {
        string line = metrics.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }
}
