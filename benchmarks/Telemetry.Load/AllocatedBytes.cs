using System.Globalization;

namespace Telemetry.Load;

/// <summary>Bytes the service has allocated since it began, asked of its own metrics.</summary>
internal static class AllocatedBytes
{
    private const string Name = "telemetry_process_allocated_bytes_total ";

    /// <summary>The counter now; NaN when there is no service to ask.</summary>
    public static async Task<double> ReadAsync(LoadOptions options)
    {
        if (options.HttpPort == 0)
        {
            return double.NaN;
        }

        using var client = new HttpClient();
        string metrics = await client.GetStringAsync($"http://{options.Host}:{options.HttpPort}/metrics");
        string line = metrics.Split('\n').First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return double.Parse(line[Name.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Prints what came on top of <paramref name="before"/>, per message.</summary>
    public static async Task PrintAsync(LoadOptions options, double before)
    {
        double perMessage = (await ReadAsync(options) - before) / options.Messages;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"allocated by the service: {perMessage:F1} bytes per message"));
    }
}
