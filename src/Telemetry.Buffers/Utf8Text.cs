using System.Text.Unicode;

namespace Telemetry.Buffers;

/// <summary>Validity of text on the wire.</summary>
public static class Utf8Text
{
    /// <summary>
    /// Whether <paramref name="text"/> is an MQTT UTF-8 string: well-formed UTF-8, so without surrogates
    /// [MQTT-1.5.4-1], and without U+0000 [MQTT-1.5.4-2]. Control characters and non-characters are legal, if unwise.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> text) => !text.Contains((byte)0) && Utf8.IsValid(text);
}
