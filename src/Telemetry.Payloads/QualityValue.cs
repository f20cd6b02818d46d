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
    /// A number up to 255 is an OPC byte. A larger one is a 32-bit OPC UA status code (OPC 10000-4 §7.39), see
    /// <see cref="OpcUaStatus"/>. Anything else leaves the quality in doubt.
    /// </summary>
    public static byte OfNumber(ReadOnlySpan<byte> text)
    {
        if (!Utf8Number.TryParseUInt64(text, out ulong code) || code > uint.MaxValue)
        {
            return Quality.Uncertain;
        }

        return code <= OpcByteMax ? (byte)code : OpcUaStatus.OpcByteOf((uint)code);
    }

    /// <summary>An OPC UA status code however small; anything else leaves the quality in doubt.</summary>
    public static byte OfStatusCode(ReadOnlySpan<byte> text) =>
        Utf8Number.TryParseUInt64(text, out ulong code) && code <= uint.MaxValue
            ? OpcUaStatus.OpcByteOf((uint)code)
            : Quality.Uncertain;

    /// <summary>
    /// Words in any case, see <see cref="QualityWords"/>, and numbers written as text. What is neither leaves the
    /// quality in doubt.
    /// </summary>
    public static byte OfWord(ReadOnlySpan<byte> word) =>
        QualityWords.TryRead(word, out byte quality) ? quality : OfNumber(word);
}
