using System.Globalization;
using System.Text;

namespace Telemetry.Ingestion;

/// <summary>A payload around the place of its fault, for people: as text, and as a dump of its bytes.</summary>
/// <param name="Text">What stands around it on one line; control characters and what is no UTF-8 are dots.</param>
/// <param name="Caret">Characters of the text before the place.</param>
/// <param name="Dump">Lines of offset, bytes and characters; carets stand below the place.</param>
public sealed record PayloadExcerpt(string Text, int Caret, IReadOnlyList<string> Dump)
{
    private const int TextBytesEachSide = 60;
    private const int BytesPerLine = 16;
    private const int LinesEachSide = 4;
    private const int OffsetColumns = 10; // eight digits and two spaces

    /// <summary>The surroundings of a place; one behind the payload stands at its end.</summary>
    public static PayloadExcerpt Of(ReadOnlySpan<byte> payload, int offset)
    {
        int place = Math.Clamp(offset, 0, payload.Length);
        int from = CharacterStart(payload, Math.Max(0, place - TextBytesEachSide));
        int middle = CharacterStart(payload, place);
        int to = CharacterStart(payload, Math.Min(payload.Length, place + TextBytesEachSide));
        string before = Printable(payload[from..Math.Max(from, middle)]);
        return new PayloadExcerpt(before + Printable(payload[middle..to]), before.Length, DumpOf(payload, place));
    }

    private static List<string> DumpOf(ReadOnlySpan<byte> payload, int place)
    {
        var lines = new List<string>();
        int line = Math.Min(place, Math.Max(0, payload.Length - 1)) / BytesPerLine;
        int first = Math.Max(0, line - LinesEachSide);
        for (int i = first; i <= line + LinesEachSide && i * BytesPerLine < payload.Length; i++)
        {
            lines.Add(LineOf(payload, i * BytesPerLine));
            if (i == line)
            {
                lines.Add(new string(' ', OffsetColumns + (3 * (place - (i * BytesPerLine)))) + "^^");
            }
        }

        return lines;
    }

    private static string LineOf(ReadOnlySpan<byte> payload, int start)
    {
        ReadOnlySpan<byte> bytes = payload[start..Math.Min(payload.Length, start + BytesPerLine)];
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{start:x8}  ");
        foreach (byte one in bytes)
        {
            line.Append(CultureInfo.InvariantCulture, $"{one:x2} ");
        }

        line.Append(' ', 3 * (BytesPerLine - bytes.Length)).Append(' ');
        foreach (byte one in bytes)
        {
            line.Append(one is >= 0x20 and < 0x7F ? (char)one : '.');
        }

        return line.ToString();
    }

    /// <summary>Back to where a character of UTF-8 starts; at most three bytes, for it may be none.</summary>
    private static int CharacterStart(ReadOnlySpan<byte> payload, int place)
    {
        int start = place;
        while (start > 0 && place - start < 3 && start < payload.Length && (payload[start] & 0xC0) == 0x80)
        {
            start--;
        }

        return start;
    }

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(bytes));
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = char.IsControl(text[i]) || text[i] == '\uFFFD' ? '·' : text[i];
        }

        return text.ToString();
    }
}
