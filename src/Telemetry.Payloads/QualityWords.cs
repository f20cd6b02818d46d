using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Quality in words: the class by how the words begin, and what OPC knows beyond it by what else they say.
/// </summary>
internal static class QualityWords
{
    private const int LettersMax = 48; // UncertainNoCommunicationLastUsableValue has 39

    /// <summary>Reads words such as <c>Good</c>, <c>OK (0x0)</c>, <c>Bad, Not Connected</c>.</summary>
    /// <returns>False when the words begin like none of those that are known.</returns>
    public static bool TryRead(ReadOnlySpan<byte> words, out byte quality)
    {
        Span<byte> letters = stackalloc byte[LettersMax];
        int count = 0;
        foreach (byte b in words)
        {
            if (char.IsAsciiLetter((char)b) && count < LettersMax)
            {
                letters[count++] = (byte)(b | 0x20);
            }
        }

        ReadOnlySpan<byte> text = letters[..count];
        quality = text.StartsWith("good"u8) || text.StartsWith("ok"u8) || text.StartsWith("true"u8)
                || text.SequenceEqual("valid"u8)
            ? OfGood(text)
            : text.StartsWith("bad"u8) || text.StartsWith("false"u8) || text.StartsWith("invalid"u8)
                || text.StartsWith("error"u8) || text.StartsWith("fail"u8)
            ? OfBad(text)
            : OfUncertain(text);
        return quality != Quality.Uncertain || text.StartsWith("uncertain"u8);
    }

    private static byte OfGood(ReadOnlySpan<byte> text) =>
        Has(text, "localoverride"u8) ? (byte)216 : Quality.Good;

    private static byte OfBad(ReadOnlySpan<byte> text) =>
        Has(text, "configuration"u8) ? (byte)4
        : Has(text, "notconnected"u8) ? (byte)8
        : Has(text, "devicefailure"u8) ? (byte)12
        : Has(text, "sensorfailure"u8) ? (byte)16
        : Has(text, "lastknown"u8) ? (byte)20
        : Has(text, "comm"u8) ? (byte)24
        : Has(text, "outofservice"u8) ? (byte)28
        : Has(text, "waiting"u8) ? (byte)32
        : Quality.Bad;

    private static byte OfUncertain(ReadOnlySpan<byte> text) =>
        Has(text, "lastusable"u8) || text.StartsWith("stale"u8) ? (byte)68
        : Has(text, "notaccurate"u8) ? (byte)80
        : Has(text, "unitsexceeded"u8) ? (byte)84
        : Has(text, "subnormal"u8) ? (byte)88
        : Quality.Uncertain;

    private static bool Has(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part) => text.IndexOf(part) >= 0;
}
