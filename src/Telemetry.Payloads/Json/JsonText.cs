using System.Text;

namespace Telemetry.Payloads;

/// <summary>A scalar in the payload: of a string what stands between the quotes, of anything else its bytes.</summary>
internal readonly record struct JsonText(JsonKind Kind, int Start, int Bytes, bool IsEscaped)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> payload) => payload.Slice(Start, Bytes);

    /// <summary>
    /// Writes a string without its escapes; never longer than with them. An escaped half of a surrogate pair without
    /// the other half becomes U+FFFD.
    /// </summary>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> target)
    {
        int written = 0;
        while (true)
        {
            int plain = escaped.IndexOf((byte)'\\');
            int copied = plain < 0 ? escaped.Length : plain;
            escaped[..copied].CopyTo(target[written..]);
            written += copied;
            if (plain < 0)
            {
                return written;
            }

            escaped = escaped[plain..];
            if (escaped[1] == 'u')
            {
                Rune rune = ReadRune(ref escaped);
                written += rune.EncodeToUtf8(target[written..]);
            }
            else
            {
                target[written++] = PlainOf(escaped[1]);
                escaped = escaped[2..];
            }
        }
    }

    private static byte PlainOf(byte escape) => escape switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escape,
    };

    private static Rune ReadRune(ref ReadOnlySpan<byte> escaped)
    {
        char first = ReadUnit(escaped);
        escaped = escaped[6..];
        if (!char.IsHighSurrogate(first) || escaped.Length < 6 || escaped[0] != '\\' || escaped[1] != 'u')
        {
            return Rune.TryCreate(first, out Rune single) ? single : Rune.ReplacementChar;
        }

        if (!Rune.TryCreate(first, ReadUnit(escaped), out Rune pair))
        {
            return Rune.ReplacementChar;
        }

        escaped = escaped[6..];
        return pair;
    }

    /// <summary>The UTF-16 unit of <c>\uXXXX</c>, whose digits the tokenizer has checked.</summary>
    private static char ReadUnit(ReadOnlySpan<byte> escaped)
    {
        int unit = 0;
        foreach (byte digit in escaped.Slice(2, 4))
        {
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit & 0xDF) - 'A' + 10);
        }

        return (char)unit;
    }
}
