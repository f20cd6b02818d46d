using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>How a gateway writes readings: five formats, as the routes of the default site read them.</summary>
internal static class PayloadFormat
{
    /// <summary>One line per asset in the canonical schema, times in nanoseconds.</summary>
    public const string LineProtocol = "line-protocol";

    /// <summary>One message per asset: an object of signals and a time in milliseconds.</summary>
    public const string JsonFlat = "json-flat";

    /// <summary>One message per gateway: an array of samples, each with its name, value, quality and time.</summary>
    public const string JsonValues = "json-values";

    /// <summary>One message per asset: a SenML pack (RFC 8428) with base name and base time.</summary>
    public const string Senml = "senml";

    /// <summary>One message per asset: a compact frame with a sequence number.</summary>
    public const string Frame = "frame";

    private static readonly JsonWriterOptions JsonOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True when a message carries one asset only.</summary>
    public static bool IsPerAsset(string format) => format is not (LineProtocol or JsonValues);

    /// <summary>The topic of readings of an asset.</summary>
    public static byte[] TopicOf(string format, string site, string gateway, Asset asset) => format switch
    {
        LineProtocol => Encoding.UTF8.GetBytes($"telegraf/{site}/{gateway}"),
        JsonValues => Encoding.UTF8.GetBytes($"iotgateway/{site}/{gateway}"),
        Senml or Frame => Encoding.UTF8.GetBytes($"{format}/{site}/{asset.Area}/{asset.Id}"),
        _ => Encoding.UTF8.GetBytes($"km-pilot/v1/{site}/{asset.Area}/{asset.Id}"),
    };

    /// <summary>What begins the lines of an asset.</summary>
    public static byte[] SeriesOf(string site, Asset asset) => SeriesKey.Render(
        asset.Type.Key, [new Tag("site", site), new Tag("area", asset.Area), new Tag("asset", asset.Id)]);

    /// <summary>Writes a line: <c>series field=value,… time</c>.</summary>
    public static void WriteLine(
        ArrayBufferWriter<byte> target, ReadOnlySpan<byte> series, ReadOnlySpan<Reading> readings, long time)
    {
        target.Write(series);
        for (int i = 0; i < readings.Length; i++)
        {
            target.Write(i == 0 ? " "u8 : ","u8);
            WriteText(target, readings[i].Name);
            target.Write("="u8);
            WriteNumber(target, readings[i].Value);
        }

        target.Write(" "u8);
        Span<byte> room = target.GetSpan(20); // a 64-bit number with its sign
        Utf8Formatter.TryFormat(time, room, out int written);
        target.Advance(written);
        target.Write("\n"u8);
    }

    /// <summary>Writes <c>{"time":ms,"signal":value,…}</c>.</summary>
    public static void WriteFlat(ArrayBufferWriter<byte> target, ReadOnlySpan<Reading> readings, long time)
    {
        using var json = new Utf8JsonWriter(target, JsonOptions);
        json.WriteStartObject();
        json.WriteNumber("time"u8, time / Timestamp.NanosecondsPerMillisecond);
        foreach (Reading reading in readings)
        {
            json.WriteNumber(reading.Name, reading.Value);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes <c>{"timestamp":ms,"values":[{"id":"ASSET.signal","v":value,"q":true,"t":ms},…]}</c>.</summary>
    public static void WriteValues(ArrayBufferWriter<byte> target, ReadOnlySpan<Reading> readings, long time)
    {
        using var json = new Utf8JsonWriter(target, JsonOptions);
        long milliseconds = time / Timestamp.NanosecondsPerMillisecond;
        json.WriteStartObject();
        json.WriteNumber("timestamp"u8, milliseconds);
        json.WriteStartArray("values"u8);
        foreach (Reading reading in readings)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, reading.Id);
            json.WriteNumber("v"u8, reading.Value);
            json.WriteBoolean("q"u8, true);
            json.WriteNumber("t"u8, milliseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>
    /// Writes <c>[{"bn":"ASSET/","bt":seconds,"n":"signal","u":"unit","v":value},{"n":…},…]</c>, the readings of one
    /// asset.
    /// </summary>
    public static void WriteSenml(ArrayBufferWriter<byte> target, ReadOnlySpan<Reading> readings, long time)
    {
        using var json = new Utf8JsonWriter(target, JsonOptions);
        json.WriteStartArray();
        for (int i = 0; i < readings.Length; i++)
        {
            json.WriteStartObject();
            if (i == 0)
            {
                json.WriteString("bn"u8, $"{readings[i].Signal.Asset.Id}/");
                json.WriteNumber("bt"u8, time / Timestamp.NanosecondsPerMillisecond / 1_000m);
            }

            json.WriteString("n"u8, readings[i].Name);
            json.WriteString("u"u8, readings[i].Unit);
            json.WriteNumber("v"u8, readings[i].Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(ArrayBufferWriter<byte> target, string text)
    {
        int written = Encoding.UTF8.GetBytes(text, target.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
        target.Advance(written);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> target, double value)
    {
        Span<byte> room = target.GetSpan(32); // 17 digits, sign, point and exponent
        Utf8Formatter.TryFormat(value, room, out int written);
        target.Advance(written);
    }
}
