using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Telemetry.Load;

/// <summary>The tables of docs/performance.md.</summary>
internal static class ReportTables
{
    private const double MiB = 1024 * 1024;

    public static IEnumerable<(string Name, string Text)> Of(
        ReportFigures figures, Scene[] scenes, StartRun.StartTimes starts, double minutes)
    {
        yield return ("machine", Machine(figures, minutes));
        yield return ("speed", Speed(figures, scenes));
        yield return ("costs", Costs(figures, scenes));
        yield return ("small", Small(figures, scenes));
        yield return ("latency", Latency(figures, scenes));
        yield return ("slow disk", SlowDisk(figures, scenes));
        yield return ("scaling", Scaling(figures, scenes));
        yield return ("memory", Memory(figures));
        yield return ("start", Start(starts));
    }

    private static string Machine(ReportFigures figures, double minutes)
    {
        string model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name"))
            ?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        string day = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string missing = figures.IsComplete ? "" : " **Not all could be measured, or not every point was stored.**";
        return Line($"{day}, commit {Commit()}, {Environment.ProcessorCount} × {model}, ")
            + Line($"{RuntimeInformation.FrameworkDescription}, medians of {figures.Rounds} rounds or as said, ")
            + Line($"{minutes:F0} minutes.{missing}");
    }

    private static string Speed(ReportFigures figures, Scene[] scenes)
    {
        var table = new Table(
            "load", "messages/s (best)", "points/s (best)", "CPU-s per million messages", "per million points",
            "of mosquitto's CPU", "bar");
        foreach ((string key, string bar) in SpeedBars)
        {
            table.Add(
                TitleOf(scenes, key),
                Line($"{figures.Median(key, r => r.Rate):N0} ({figures.Best(key, r => r.Rate):N0})"),
                Line($"{figures.Median(key, r => r.PointRate):N0} ({figures.Best(key, r => r.PointRate):N0})"),
                Line($"{figures.Median(key, r => r.CpuPerMillion):F2}"),
                Line($"{figures.Median(key, r => r.CpuPerMillionPoints):F2}"),
                key is "off" or "on" ? Line($"{figures.MosquittoRatio(key, "off"):F2}") : "",
                bar);
        }

        string peer = ReportFigures.MosquittoKey("off");
        table.Add(
            "mosquitto, acknowledges only",
            Line($"{figures.Median(peer, r => r.Rate):N0} ({figures.Best(peer, r => r.Rate):N0})"), "",
            Line($"{figures.Median(peer, r => r.CpuPerMillion):F2}"), "", "1", "");
        return table.ToString();
    }

    private static readonly (string Key, string Bar)[] SpeedBars =
    [
        ("off", "0.6 and 0.3 × mosquitto; 1,000,000/s"), ("on", "1.8; 600,000/s"), ("influx", "1.2"), ("json", "0.8"),
        ("points", "0.3 per million points; 3,000,000 points/s"),
    ];

    private static string Costs(ReportFigures figures, Scene[] scenes)
    {
        var table = new Table(
            "load", "bytes allocated per message", "full collections", "syncs/s", "bytes written per payload byte",
            "peak MiB", "sender: CPU-s per million", "window × connections");
        foreach (string key in SpeedBars.Select(row => row.Key).Append("steady"))
        {
            LoadOptions options = scenes.First(scene => scene.Key == key).Options;
            table.Add(
                TitleOf(scenes, key),
                Line($"{figures.Median(key, r => r.AllocatedPerMessage):F1}"),
                Line($"{figures.Median(key, r => r.Cost.FullCollections):F0}"),
                Line($"{figures.Median(key, r => r.SyncsPerSecond):N0}"),
                Line($"{figures.Median(key, r => r.WrittenPerPayloadByte):F2}"),
                Line($"{figures.Median(key, r => r.Cost.PeakBytes) / MiB:F0}"),
                Line($"{figures.Median(key, r => r.SenderCpuPerMillion):F2}"),
                Line($"{options.Window:N0} × {options.Connections:N0}"));
        }

        return table.ToString();
    }

    private static string Small(ReportFigures figures, Scene[] scenes)
    {
        var table = new Table(
            "load", "server", "messages/s", "CPU-s per million", "ratio", "system calls per message", "syncs/s",
            "ack p50, p99 ms");
        foreach (Scene scene in scenes.Where(scene => scene.CountsCalls))
        {
            foreach (string key in new[] { scene.Key, ReportFigures.MosquittoKey(scene.Key) })
            {
                bool isOurs = key == scene.Key;
                table.Add(
                    scene.Title,
                    isOurs ? "telemetry" : "mosquitto",
                    Line($"{figures.Median(key, r => r.Rate):N0}"),
                    Line($"{figures.Median(key, r => r.CpuPerMillion):F1}"),
                    isOurs ? Line($"{figures.MosquittoRatio(key, key):F2}") : "1",
                    Known(figures.Median(key, r => r.CallsPerMessage), "F2"),
                    isOurs ? Line($"{figures.Median(key, r => r.SyncsPerSecond):N0}") : "",
                    Percentiles(figures, key));
            }
        }

        return table.ToString();
    }

    private static string Latency(ReportFigures figures, Scene[] scenes)
    {
        var table = new Table("load", "messages/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "bar, p99");
        foreach ((string key, string bar) in new[] { ("calm", "3 ms"), ("brisk", "10 ms"), ("flat", "25 ms") })
        {
            table.Add(
                TitleOf(scenes, key),
                Line($"{figures.Median(key, r => r.Rate):N0}"),
                Line($"{figures.Median(key, r => r.Percentile(0.5)):F2}"),
                Line($"{figures.Median(key, r => r.Percentile(0.9)):F2}"),
                Line($"{figures.Median(key, r => r.Percentile(0.99)):F2}"),
                Line($"{figures.Median(key, r => r.Percentile(0.999)):F2}"),
                bar);
        }

        return table.ToString();
    }

    private static string SlowDisk(ReportFigures figures, Scene[] scenes)
    {
        var table = new Table(
            "disk", "messages/s", "of the rate without delay", "ack p50, p99 ms", "bar, p99", "syncs/s", "window");
        foreach (string key in new[] { "off", "sync10", "sync30" })
        {
            LoadOptions options = scenes.First(scene => scene.Key == key).Options;
            double share = figures.Median(key, r => r.Rate) / figures.Median("off", r => r.Rate);
            table.Add(
                key == "off" ? "as it is" : TitleOf(scenes, key),
                Line($"{figures.Median(key, r => r.Rate):N0}"),
                Line($"{share * 100:F0} %"),
                Percentiles(figures, key),
                key == "off" ? "" : Line($"{options.SyncMilliseconds * 3} ms, 80 %"),
                Line($"{figures.Median(key, r => r.SyncsPerSecond):N0}"),
                Line($"{options.Window:N0}"));
        }

        return table.ToString();
    }

    private static string Scaling(ReportFigures figures, Scene[] scenes)
    {
        var table = new Table("load", "messages/s", "CPU-s per million", "peak MiB");
        foreach (Scene scene in scenes.Where(scene => IsScaling(scene.Key)))
        {
            table.Add(
                scene.Title,
                Line($"{figures.Median(scene.Key, r => r.Rate):N0}"),
                Line($"{figures.Median(scene.Key, r => r.CpuPerMillion):F2}"),
                Line($"{figures.Median(scene.Key, r => r.Cost.PeakBytes) / MiB:F0}"));
        }

        return table.ToString();
    }

    private static bool IsScaling(string key) =>
        key.StartsWith("signals", StringComparison.Ordinal) || key.StartsWith("connections", StringComparison.Ordinal);

    private static string Memory(ReportFigures figures)
    {
        const double Bar = 150 + (2.0 * 100_000 / 1024); // MiB, and KiB for each signal
        var table = new Table("load", "peak MiB", "bar");
        table.Add(
            "100,000 signals, 1,000 connections, detection on",
            Line($"{figures.Median("memory", r => r.Cost.PeakBytes) / MiB:F0}"),
            Line($"{Bar:F0} (150 MiB and 2 KiB per signal)"));
        return table.ToString();
    }

    private static string Start(StartRun.StartTimes starts)
    {
        var table = new Table("start", "seconds until a connection is taken", "bar");
        table.Add("empty data directory", Line($"{starts.EmptySeconds:F2}"), "1 s");
        table.Add(
            Line($"after kill -9, {starts.SpoolBytes / MiB:N0} MiB of spool"),
            Line($"{starts.RecoverySeconds:F2}, {starts.RecoveryBytesPerSecond / 1e6:N0} MB/s beyond an empty start"),
            "500 MB/s");
        return table.ToString();
    }

    private static string Percentiles(ReportFigures figures, string key) => Line(
        $"{figures.Median(key, r => r.Percentile(0.5)):F1}, {figures.Median(key, r => r.Percentile(0.99)):F1}");

    private static string Known(double value, string format) =>
        double.IsNaN(value) ? "unavailable" : value.ToString(format, CultureInfo.InvariantCulture);

    private static string TitleOf(Scene[] scenes, string key) => scenes.First(scene => scene.Key == key).Title;

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Commit()
    {
        using Process git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }

    private sealed class Table
    {
        private readonly StringBuilder _text = new();

        public Table(params string[] head)
        {
            Add(head);
            _text.Append('|').Insert(_text.Length, "---|", head.Length).Append('\n');
        }

        public void Add(params string[] cells) => _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

        public override string ToString() => _text.ToString();
    }
}
