using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>Writes the truth as JSON lines, one episode each, with times in ISO 8601.</summary>
public static class EpisodeLines
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes all episodes in the order in which they begin.</summary>
    public static void Write(TextWriter target, IEnumerable<Episode> episodes)
    {
        ArgumentNullException.ThrowIfNull(target);
        foreach (Episode episode in episodes)
        {
            target.Write(LineOf(episode));
            target.Write('\n');
        }
    }

    /// <summary>One episode as a JSON object.</summary>
    public static string LineOf(Episode episode)
    {
        ArgumentNullException.ThrowIfNull(episode);
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("id"u8, episode.Id);
        json.WriteString("mode"u8, episode.Mode.Id);
        json.WriteString("name"u8, episode.Mode.Name);
        json.WriteString("class"u8, FindingClassText.Of(episode.Mode.Class));
        json.WriteString("scale"u8, episode.Mode.Scale.ToString().ToLowerInvariant());
        json.WriteString("target"u8, episode.Target);
        json.WriteStartArray("signals"u8);
        foreach (SignalInstance signal in episode.Signals)
        {
            json.WriteStringValue(signal.Id);
        }

        json.WriteEndArray();
        json.WriteString("start"u8, TextOf(episode.Start));
        json.WriteString("full"u8, TextOf(episode.Full));
        json.WriteString("repaired"u8, TextOf(episode.Repaired));
        json.WriteString("end"u8, TextOf(episode.End));
        json.WriteNumber("severity"u8, episode.Severity);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A time in ISO 8601 to the millisecond.</summary>
    internal static string TextOf(long time) =>
        DateTimeOffset.UnixEpoch.AddTicks(time / 100).ToString(
        "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
