using System.Diagnostics;
using System.Text.Json;

namespace Telemetry.Load;

/// <summary>Points stored = points sent, asked of the service's own query endpoint.</summary>
internal static class StoredCount
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<bool> MatchesAsync(LoadOptions options)
    {
        long wanted = options.Messages * options.PointsPerMessage;
        long started = Stopwatch.GetTimestamp();
        long stored = 0;
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            stored = await CountAsync(options);
            if (stored >= wanted)
            {
                break;
            }

            await Task.Delay(100);
        }

        Console.WriteLine($"points sent {wanted:N0}, stored {stored:N0}: {(stored == wanted ? "equal" : "NOT EQUAL")}");
        return stored == wanted;
    }

    private static async Task<long> CountAsync(LoadOptions options)
    {
        using var client = new HttpClient();
        string statement = Uri.EscapeDataString($"SELECT count(\"temperature\") FROM \"{options.Measurement}\"");
        string answer = await client.GetStringAsync(
            $"http://{options.Host}:{options.HttpPort}/query?db=telemetry&q={statement}");
        using JsonDocument document = JsonDocument.Parse(answer);
        JsonElement result = document.RootElement.GetProperty("results")[0];
        return result.TryGetProperty("series", out JsonElement series)
            ? series[0].GetProperty("values")[0][1].GetInt64()
            : 0;
    }
}
