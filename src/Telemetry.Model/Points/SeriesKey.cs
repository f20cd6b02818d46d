using System.Text;

namespace Telemetry.Model;

/// <summary>One tag of a series, without escapes.</summary>
public readonly record struct Tag(string Key, string Value);

/// <summary>
/// Measurement and tags as one canonical byte string: line-protocol form, tags sorted by key bytes, duplicates and
/// empty values removed (the last one wins). Equal series have equal keys; the key is also the prefix of the line that
/// writes the series.
/// </summary>
public static class SeriesKey
{
    /// <summary>Renders a key from names without escapes.</summary>
    public static byte[] Render(string measurement, IEnumerable<Tag> tags)
    {
        var sorted = new SortedDictionary<string, string>(Utf8OrderComparer.Instance);
        foreach (Tag tag in tags)
        {
            sorted[tag.Key] = tag.Value;
        }

        var key = new StringBuilder();
        AppendEscaped(key, measurement, escapesEquals: false);
        foreach ((string name, string value) in sorted)
        {
            if (value.TrimEnd('\\').Length == 0)
            {
                continue;
            }

            key.Append(',');
            AppendEscaped(key, name, escapesEquals: true);
            key.Append('=');
            AppendEscaped(key, value, escapesEquals: true);
        }

        return Encoding.UTF8.GetBytes(key.ToString());
    }

    /// <summary>Reads a key in line-protocol form, in any tag order, into names without escapes.</summary>
    /// <returns>The tags in the order in which they stand.</returns>
    public static IReadOnlyList<Tag> Parse(ReadOnlySpan<byte> key, out string measurement)
    {
        int end = IndexOfUnescaped(key, (byte)',');
        measurement = Unescape(end < 0 ? key : key[..end], escapesEquals: false);
        var tags = new List<Tag>();
        while (end >= 0)
        {
            key = key[(end + 1)..];
            end = IndexOfUnescaped(key, (byte)',');
            ReadOnlySpan<byte> tag = end < 0 ? key : key[..end];
            int equals = IndexOfUnescaped(tag, (byte)'=');
            if (equals > 0)
            {
                tags.Add(new Tag(Unescape(tag[..equals]), Unescape(tag[(equals + 1)..])));
            }
        }

        return tags;
    }

    /// <summary>Text of a tag key, tag value or field key without its escapes.</summary>
    public static string Unescape(ReadOnlySpan<byte> escaped) => Unescape(escaped, escapesEquals: true);

    private static string Unescape(ReadOnlySpan<byte> escaped, bool escapesEquals)
    {
        if (escaped.IndexOf((byte)'\\') < 0)
        {
            return Encoding.UTF8.GetString(escaped);
        }

        var plain = new byte[escaped.Length];
        int length = 0;
        for (int i = 0; i < escaped.Length; i++)
        {
            i += IsEscape(escaped[i..], escapesEquals) ? 1 : 0;
            plain[length++] = escaped[i];
        }

        return Encoding.UTF8.GetString(plain.AsSpan(0, length));
    }

    /// <summary>
    /// A backslash escapes a comma, a space and, outside of measurements, an equals sign; else it is text.
    /// </summary>
    private static bool IsEscape(ReadOnlySpan<byte> text, bool escapesEquals) =>
        text.Length > 1
        && text[0] == '\\'
        && (text[1] is (byte)',' or (byte)' ' || (text[1] == '=' && escapesEquals));

    private static int IndexOfUnescaped(ReadOnlySpan<byte> text, byte wanted)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == wanted && (i == 0 || text[i - 1] != '\\'))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// Line protocol has no way to write a control character in a name, nor a backslash at its end, where it would
    /// escape what follows: the first becomes a space, the second is left out.
    /// </summary>
    private static void AppendEscaped(StringBuilder key, string name, bool escapesEquals)
    {
        foreach (char c in name.TrimEnd('\\'))
        {
            char plain = char.IsAscii(c) && char.IsControl(c) ? ' ' : c;
            if (plain is ',' or ' ' || (plain == '=' && escapesEquals))
            {
                key.Append('\\');
            }

            key.Append(plain);
        }
    }

    /// <summary>Orders text as its UTF-8 bytes do, which is by code point and not by UTF-16 unit.</summary>
    private sealed class Utf8OrderComparer : IComparer<string>
    {
        public static readonly Utf8OrderComparer Instance = new();

        public int Compare(string? x, string? y) =>
            Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
    }
}
