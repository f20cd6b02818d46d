using System.Diagnostics;
using System.Text.Json;

namespace Telemetry.Load;

/// <summary>Points stored = points sent, asked of the service's own query endpoint, or of the sink.</summary>
internal static class StoredCount
{
    private const string Pending = "telemetry_ingestion_consumer_pending_bytes";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A page of metrics is half a megabyte of strings to the service: asked 50 times a second, that was 2 bytes for
    // each of ten million messages.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Waits until every consumer has taken everything; cheaper for the service than being asked for counts again and
    /// again, which would be on its bill.
    /// </summary>
    public static async Task DrainedAsync(LoadOptions options)
    {
        using var client = new HttpClient();
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            string metrics = await client.GetStringAsync($"http://{options.Host}:{options.HttpPort}/metrics");
            if (metrics.Split('\n')
                .Where(line => line.StartsWith(Pending, StringComparison.Ordinal))
                .All(line => line.EndsWith(" 0", StringComparison.Ordinal)))
            {
                return;
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Whether the service has this many points of the measurement.</summary>
    public static Task<bool> MatchesAsync(LoadOptions options, long wanted) =>
        MatchesAsync("stored", wanted, () => CountAsync(options));

    /// <summary>Whether the sink was sent each line once.</summary>
    public static Task<bool> MatchesAsync(LineSink sink, long wanted) =>
        MatchesAsync("told to the InfluxDB", wanted, () => Task.FromResult(sink.Lines));

    /// <summary>Points of the measurement that the service has.</summary>
    public static async Task<long> CountAsync(LoadOptions options)
    {
        using var client = new HttpClient();
        string statement = Uri.EscapeDataString(
            $"SELECT count(\"{LoadSite.Fields[0].Name}\") FROM \"{options.Measurement}\"");
        string answer = await client.GetStringAsync(
            $"http://{options.Host}:{options.HttpPort}/query?db=telemetry&q={statement}");
        using JsonDocument document = JsonDocument.Parse(answer);
        JsonElement result = document.RootElement.GetProperty("results")[0];
        return result.TryGetProperty("series", out JsonElement series)
            ? series[0].GetProperty("values")[0][1].GetInt64()
            : 0;
    }

    private static async Task<bool> MatchesAsync(string verb, long wanted, Func<Task<long>> count)
    {
        long started = Stopwatch.GetTimestamp();
        long found = await count();
        while (found < wanted && Stopwatch.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(100);
            found = await count();
        }

        if (found != wanted)
        {
            Console.WriteLine($"points sent {wanted:N0}, {verb} {found:N0}: NOT EQUAL");
        }

        return found == wanted;
    }
}
