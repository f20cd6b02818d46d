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

    /// <summary>
    /// Whether valid text has control characters, U+0001 to U+001F or U+007F to U+009F, which a receiver may refuse
    /// (MQTT 5 §1.5.4).
    /// </summary>
    public static bool HasControls(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAnyInRange((byte)0x01, (byte)0x1F) || text.Contains((byte)0x7F))
        {
            return true;
        }

        // U+0080 to U+009F are the two bytes C2 80 to C2 9F.
        for (int at = text.IndexOf((byte)0xC2); at >= 0 && at + 1 < text.Length;)
        {
            if (text[at + 1] <= 0x9F)
            {
                return true;
            }

            int next = text[(at + 1)..].IndexOf((byte)0xC2);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }
}
