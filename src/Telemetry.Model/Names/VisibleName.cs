using System.Buffers;
using System.Text;

namespace Telemetry.Model;

/// <summary>
/// A name as people see it: in Unicode's Normalization Form C, every kind of space a plain one, without characters that
/// have no width, and without space around it. Two names that look the same are the same.
/// </summary>
public static class VisibleName
{
    private const string Spaces =
        "\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000\t";

    // Soft hyphen, grapheme joiner, zero-width spaces and joiners, marks of direction, and the byte order mark.
    private const string Invisible =
        "\u00AD\u034F\u061C\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E"
        + "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\uFEFF";

    private static readonly SearchValues<char> ToReplace = SearchValues.Create(Spaces + Invisible);

    /// <summary>The name as people see it; as it came when nothing of it can be seen, and when it is long.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > Limits.VisibleNameCharactersMax)
        {
            return name;
        }

        string composed = NormalForm.Compose(name);
        string plain = composed.AsSpan().ContainsAny(ToReplace) ? Replaced(composed) : composed;
        string visible = plain.Trim(' ');
        return visible.Length == 0 ? name : visible;
    }

    private static string Replaced(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            if (Spaces.Contains(c))
            {
                plain.Append(' ');
            }
            else if (!Invisible.Contains(c))
            {
                plain.Append(c);
            }
        }

        return NormalForm.Compose(plain.ToString()); // a letter and its mark may have come together only now
    }
}
