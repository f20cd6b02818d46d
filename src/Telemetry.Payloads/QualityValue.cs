using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>Quality as gateways write it, read into an OPC byte.</summary>
internal static class QualityValue
{
    private const int OpcByteMax = 255;

    /// <summary>
    /// A scalar of JSON. Null is bad: the gateway has something to say of quality, and does not say good. One that does
    /// not stand there is good.
    /// </summary>
    public static byte Of(JsonKind kind, ReadOnlySpan<byte> text) => kind switch
    {
        JsonKind.True => OfBoolean(true),
        JsonKind.False => OfBoolean(false),
        JsonKind.Number => OfNumber(text),
        JsonKind.String => OfWord(text),
        JsonKind.Null => Quality.Bad,
        _ => Quality.Good,
    };

    /// <summary>A truth value: true is good, false is bad.</summary>
    public static byte OfBoolean(bool isGood) => isGood ? Quality.Good : Quality.Bad;

    /// <summary>
    /// A number up to 255 is an OPC byte. A larger one is a 32-bit OPC UA status code (OPC 10000-4 §7.39), whose two
    /// upper bits are 00 good, 01 uncertain, else bad. Anything else leaves the quality in doubt.
    /// </summary>
    public static byte OfNumber(ReadOnlySpan<byte> text)
    {
        if (!Utf8Number.TryParseUInt64(text, out ulong code) || code > uint.MaxValue)
        {
            return Quality.Uncertain;
        }

        return code <= OpcByteMax ? (byte)code : OfStatusCode((uint)code);
    }

    /// <summary>An OPC UA status code however small; anything else leaves the quality in doubt.</summary>
    public static byte OfStatusCode(ReadOnlySpan<byte> text) =>
        Utf8Number.TryParseUInt64(text, out ulong code) && code <= uint.MaxValue
            ? OfStatusCode((uint)code)
            : Quality.Uncertain;

    private static byte OfStatusCode(uint code) => (code >> 30) switch
    {
        0 => Quality.Good,
        1 => Quality.Uncertain,
        _ => Quality.Bad,
    };

    /// <summary>
    /// A word by its beginning, in any case: good or ok, bad, uncertain; also true, false and numbers written as text.
    /// An unknown word leaves the quality in doubt.
    /// </summary>
    public static byte OfWord(ReadOnlySpan<byte> word)
    {
        if (StartsWith(word, "good"u8) || StartsWith(word, "ok"u8) || StartsWith(word, "true"u8))
        {
            return Quality.Good;
        }

        return StartsWith(word, "bad"u8) || StartsWith(word, "false"u8) ? Quality.Bad : OfNumber(word);
    }

    /// <summary>The word is in lower case.</summary>
    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        if (text.Length < word.Length)
        {
            return false;
        }

        for (int i = 0; i < word.Length; i++)
        {
            if ((text[i] | 0x20) != word[i])
            {
                return false;
            }
        }

        return true;
    }
}
