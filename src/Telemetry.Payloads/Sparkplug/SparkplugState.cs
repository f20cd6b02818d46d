using System.Text;
using System.Text.Json;

namespace Telemetry.Payloads;

/// <summary>
/// The STATE of a host application (Sparkplug 3.0 §6.4.26), JSON in UTF-8: whether it is online, and since when.
/// </summary>
public static class SparkplugState
{
    /// <summary>Its payload.</summary>
    /// <param name="isOnline">Birth or death.</param>
    /// <param name="timeMilliseconds">Since 1970.</param>
    public static byte[] Render(bool isOnline, long timeMilliseconds) => Encoding.ASCII.GetBytes(string.Create(
        null, $"{{\"online\":{(isOnline ? "true" : "false")},\"timestamp\":{timeMilliseconds}}}"));

    /// <summary>True for the payload of a death, whoever sent it.</summary>
    public static bool SaysOffline(ReadOnlySpan<byte> payload)
    {
        const int BytesMax = 1_024; // ours has fifty
        if (payload.Length > BytesMax)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(payload);
            return JsonDocument.TryParseValue(ref reader, out JsonDocument? document)
                && SaysOffline(document);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool SaysOffline(JsonDocument document)
    {
        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("online", out JsonElement online)
                && online.ValueKind == JsonValueKind.False;
        }
    }
}
