using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>Command lines of services that subscribe to a broker, and what they have stored of it.</summary>
internal static class BrokerSettings
{
    /// <summary>The arguments for one broker without TLS, called <c>plant</c> and a number.</summary>
    public static string[] Of(int index, int port, params string[] settings) =>
        OfUrl(index, $"mqtt://127.0.0.1:{port}", settings);

    /// <summary>The arguments for one broker.</summary>
    public static string[] OfUrl(int index, string url, params string[] settings)
    {
        IEnumerable<string> all = [$"Name=plant{index}", $"Url={url}", .. settings];
        return [.. all.SelectMany(setting => new[] { "--set", $"Mqtt:Brokers:{index}:{setting}" })];
    }

    /// <summary>Times of the points of <see cref="PointSender"/> that a service has stored.</summary>
    public static async Task<HashSet<long>> StoredAsync(RunningService service)
    {
        JsonElement[] rows = await service.RowsAsync($"SELECT n FROM {PointSender.Measurement}");
        return [.. rows.Select(row => row[0].GetInt64())];
    }
}
