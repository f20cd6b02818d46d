namespace Telemetry.Load;

/// <summary>The plots of docs/performance.md.</summary>
internal static class ReportPlots
{
    private static readonly double[] Shares = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999];

    public static IEnumerable<(string Name, string Svg)> Of(ReportFigures figures, Scene[] scenes)
    {
        string[] speed = ["off", "on", "influx", "json", "points"];
        string peer = ReportFigures.MosquittoKey("off");
        yield return ("throughput.svg", SvgPlot.Bars(
            "Points per second, median; line: best",
            [
                .. speed.Select(key => new SvgBar(
                    TitleOf(scenes, key), figures.Median(key, r => r.PointRate), figures.Best(key, r => r.PointRate))),
                new SvgBar("mosquitto, messages", figures.Median(peer, r => r.Rate), figures.Best(peer, r => r.Rate)),
            ]));
        yield return ("latency.svg", SvgPlot.Lines(
            "Acknowledgement after commit, ms", "of 1,000 messages, this many wait longer",
            [
                .. new[] { "calm", "brisk", "flat", "sync10", "sync30" }.Select(key => new SvgLine(
                    TitleOf(scenes, key),
                    [.. Shares.Select(share =>
                        (1_000 * (1 - share), figures.Median(key, r => r.Percentile(share))))])),
            ]));
        yield return ("scaling-signals.svg", SvgPlot.Lines(
            "CPU-s per million messages, and memory in units of 100 MiB", "signals",
            Scaling(figures, Scene.Signals(), count => $"signals{count}")));
        yield return ("scaling-connections.svg", SvgPlot.Lines(
            "CPU-s per million messages, and memory in units of 100 MiB", "connections",
            Scaling(figures, Scene.Connections(), count => $"connections{count}")));
    }

    private static SvgLine[] Scaling(ReportFigures figures, int[] counts, Func<int, string> keyOf) =>
    [
        new SvgLine(
            "CPU-s per million", [.. counts.Select(n => ((double)n, figures.Median(keyOf(n), r => r.CpuPerMillion)))]),
        new SvgLine(
            "peak memory, 100 MiB",
            [.. counts.Select(n => ((double)n, figures.Median(keyOf(n), r => r.Cost.PeakBytes) / 104_857_600))]),
    ];

    private static string TitleOf(Scene[] scenes, string key) => scenes.First(scene => scene.Key == key).Title;
}
