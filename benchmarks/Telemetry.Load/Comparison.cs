using System.Globalization;

namespace Telemetry.Load;

/// <summary>
/// The service and mosquitto under the same load in turn, fresh processes and files each round, so that a drift of the
/// machine's speed meets both. mosquitto only acknowledges; the service commits, decodes and stores.
/// </summary>
internal static class Comparison
{
    public static async Task<int> RunAsync(LoadOptions options, string telemetry, int rounds)
    {
        var ours = new List<LoadResult>();
        var theirs = new List<LoadResult>();
        bool isPaced = options.Rate > 0;
        for (int round = 1; round <= rounds; round++)
        {
            ours.Add(await SceneRun.TelemetryAsync(telemetry, options, countsCalls: isPaced));
            Console.WriteLine($"round {round} telemetry: {ours[^1]}");
            theirs.Add(await SceneRun.MosquittoAsync(options, countsCalls: isPaced));
            Console.WriteLine($"round {round} mosquitto: {theirs[^1]}");
        }

        Console.WriteLine();
        Print("telemetry", ours);
        Print("mosquitto", theirs);
        double ratio = Median(ours, r => r.CpuPerMillion) / Median(theirs, r => r.CpuPerMillion);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"CPU ratio telemetry / mosquitto: {ratio:F2}"));
        return ours.All(result => result.IsComplete) ? 0 : 1;
    }

    public static double Median(IEnumerable<LoadResult> results, Func<LoadResult, double> figure)
    {
        double[] sorted = [.. results.Select(figure).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    private static void Print(string name, List<LoadResult> results) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: median of {results.Count}: {Median(results, r => r.Rate):N0} messages/s "
        + $"(best {results.Max(r => r.Rate):N0}), "
        + $"{Median(results, r => r.CpuPerMillion):F2} CPU-s per million, "
        + $"ack p50 {Median(results, r => r.Percentile(0.5)):F2} ms, "
        + $"p99 {Median(results, r => r.Percentile(0.99)):F2} ms"));
}
