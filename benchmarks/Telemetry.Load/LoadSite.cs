using System.Globalization;
using System.Text;

namespace Telemetry.Load;

/// <summary>
/// The site of a load run: every series is an asset and each of its four fields a signal with limits, a rate, a
/// flatline and a silence to watch, so that detection does its whole work and finds nothing. The equipment types have
/// the names of the measurements, so points are stored under the names they are sent with.
/// </summary>
internal static class LoadSite
{
    /// <summary>Measurement of what is measured.</summary>
    public const string Measured = "load";

    /// <summary>Measurement of what is sent before, so that code is compiled and files are there.</summary>
    public const string WarmUp = "warmup";

    /// <summary>The fields, each with its value and one decimal point, of which the decimals change.</summary>
    public static readonly (string Name, string Value)[] Fields =
        [("temperature", "58.31"), ("current", "92.42"), ("power", "48.75"), ("vibration", "19.02")];

    /// <summary>The asset of a series.</summary>
    public static string AssetOf(string measurement, int series) =>
        string.Create(CultureInfo.InvariantCulture, $"{measurement}-{series}");

    /// <summary>Writes the site file into a folder.</summary>
    public static async Task<string> WriteAsync(string folder, LoadOptions options, LoadOptions warmUp)
    {
        var text = new StringBuilder("site: pilot\nequipment:\n");
        foreach (string type in new[] { Measured, WarmUp })
        {
            text.Append(CultureInfo.InvariantCulture, $"  {type}:\n    signals:\n");
            foreach ((string name, string _) in Fields)
            {
                text.Append(CultureInfo.InvariantCulture, $"      {name}: {{unit: \"1\", range: [0, 200], noise: 1, ");
                text.Append("limits: {ll: 2, l: 5, h: 150, hh: 180}, rate_per_minute: 50, ");
                text.Append("flatline: 300, silence: 600}\n");
            }
        }

        text.Append("assets:\n");
        AppendAssets(text, Measured, options.SeriesSent);
        AppendAssets(text, WarmUp, warmUp.SeriesSent);
        text.Append("routes:\n  - name: load\n    topic: \"+/+/+\"\n");
        text.Append(options.Format == "json"
            ? "    decoder: json\n    tags: {asset: \"{3}\"}\n    json: {time: time, precision: ns}\n"
            : "    decoder: line-protocol\n    precision: ns\n");
        string path = Path.Combine(folder, "site.yaml");
        await File.WriteAllTextAsync(path, text.ToString());
        return path;
    }

    private static void AppendAssets(StringBuilder text, string measurement, int count)
    {
        for (int i = 0; i < count; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  - {{id: {AssetOf(measurement, i)}, type: {measurement}, area: crushing}}\n");
        }
    }
}
