using System.Diagnostics;
using System.Globalization;

namespace Telemetry.Load;

/// <summary>
/// All scenes in turn, round by round, so that a drift of the machine's speed meets all alike; then the tables of
/// docs/performance.md and its plots.
/// </summary>
internal static class Report
{
    private const string Page = "performance.md";

    public static async Task<int> RunAsync(string telemetry, int rounds, int percent, string docs)
    {
        string page = Path.Combine(docs, Page);
        if (!File.Exists(page))
        {
            await Console.Error.WriteLineAsync(
                $"cannot write figures: '{page}' is not there; nothing was measured, name its folder by --docs");
            return 2;
        }

        long started = Stopwatch.GetTimestamp();
        Scene[] scenes = [.. Scene.All(rounds).Select(scene => scene.Shortened(percent))];
        var figures = new ReportFigures(rounds);
        for (int round = 1; round <= scenes.Max(scene => scene.Rounds); round++)
        {
            foreach (Scene scene in scenes.Where(scene => scene.Rounds >= round))
            {
                await MeasureAsync(figures, scene, telemetry, round);
            }
        }

        StartRun.StartTimes starts = await StartRun.MeasureAsync(telemetry, percent);
        double minutes = Stopwatch.GetElapsedTime(started).TotalMinutes;
        string text = await File.ReadAllTextAsync(page);
        foreach ((string name, string table) in ReportTables.Of(figures, scenes, starts, minutes))
        {
            text = Replace(text, name, table);
        }

        await File.WriteAllTextAsync(page, text);
        string folder = Path.Combine(docs, Path.GetFileNameWithoutExtension(Page));
        Directory.CreateDirectory(folder);
        foreach ((string name, string plot) in ReportPlots.Of(figures, scenes))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), plot);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{page} and {folder} are written, after {minutes:F1} min"));
        return figures.IsComplete ? 0 : 1;
    }

    /// <summary>A scene that fails is told and is missing in the tables; the others go on.</summary>
    private static async Task MeasureAsync(ReportFigures figures, Scene scene, string telemetry, int round)
    {
        try
        {
            LoadResult ours = await SceneRun.TelemetryAsync(telemetry, scene.Options, scene.CountsCalls);
            figures.Add(scene.Key, ours);
            Console.WriteLine($"round {round}, {scene.Title}: {ours}");
            if (scene.Mosquitto)
            {
                LoadResult theirs = await SceneRun.MosquittoAsync(scene.Options, scene.CountsCalls);
                figures.Add(ReportFigures.MosquittoKey(scene.Key), theirs);
                Console.WriteLine($"round {round}, {scene.Title}, mosquitto: {theirs}");
            }
        }
        catch (Exception cause) when (cause is TimeoutException or IOException or HttpRequestException)
        {
            figures.MissOne();
            Console.WriteLine(
                $"cannot measure \"{scene.Title}\" in round {round}: {cause.Message}; the next scene follows");
        }
    }

    /// <summary>Puts a text between the marks of its name.</summary>
    private static string Replace(string page, string name, string text)
    {
        (string begin, string end) = ($"<!-- begin: {name} -->", $"<!-- end: {name} -->");
        int from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int to = page.IndexOf(end, StringComparison.Ordinal);
        return to < from || from < begin.Length
            ? throw new InvalidDataException($"cannot write figures: the page has no place '{begin}' … '{end}'")
            : $"{page[..from]}\n\n{text.TrimEnd()}\n\n{page[to..]}";
    }
}
