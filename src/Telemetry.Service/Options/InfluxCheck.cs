using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Telemetry.Influx;

namespace Telemetry.Service;

/// <summary>Checks the settings of the InfluxDB output.</summary>
internal static partial class InfluxCheck
{
    public static IEnumerable<SettingFault> FaultsOf(InfluxOptions influx)
    {
        string url = influx.Url;
        if (url.Length > 0 && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
        {
            yield return new SettingFault(
                "Influx:Url", $"'{url}' is no address; write one such as http://127.0.0.1:8086");
        }

        if (url.Length > 0 && influx.Bucket.Length == 0)
        {
            yield return new SettingFault("Influx:Bucket", "is empty; name the database (V1, V3) or bucket (V2)");
        }

        for (int i = 0; i < influx.Headers.Length; i++)
        {
            if (!HeaderPattern().IsMatch(influx.Headers[i]))
            {
                yield return new SettingFault(
                    $"Influx:Headers:{i}", $"'{influx.Headers[i]}' is no header; write one such as X-Site: north");
            }
        }

        if (influx.RetentionPolicy.Length > 0 && influx.Api != InfluxApi.V1)
        {
            yield return new SettingFault(
                "Influx:RetentionPolicy", $"is of InfluxDB 1.x, and Influx:Api is {influx.Api}; leave it empty");
        }

        if (influx.CaFile.Length > 0 && CaFault(influx) is { } cause)
        {
            yield return new SettingFault(
                "Influx:CaFile", $"cannot be read: {cause}; write the path of a PEM file with certificates");
        }
    }

    private static string? CaFault(InfluxOptions influx)
    {
        try
        {
            using SocketsHttpHandler handler = InfluxConnection.HandlerOf(influx);
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return cause.Message;
        }
    }

    [GeneratedRegex(@"^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ -~]*$")]
    private static partial Regex HeaderPattern();
}
