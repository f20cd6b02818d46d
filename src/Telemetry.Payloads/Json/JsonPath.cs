using System.Text;

namespace Telemetry.Payloads;

/// <summary>
/// Paths of a mapping cut into keys: keys joined by dots, a backslash before a character that belongs to a key and
/// would mean something else. Arrays are walked wherever one stands, so that <c>[]</c> behind a key is for the reader
/// only; <c>[1]</c> behind a key is a key of its own.
/// </summary>
internal static class JsonPath
{
    private const char Literal = '\uFFFF'; // no character; stands before those that a backslash made plain

    /// <summary>Any key; told from a key that is an asterisk by its identity.</summary>
    public static readonly byte[] Any = "*"u8.ToArray();

    public static byte[][] Cut(string path)
    {
        var keys = new List<byte[]>();
        var key = new StringBuilder();
        for (int i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\' && i + 1 < path.Length)
            {
                key.Append(Literal).Append(path[++i]);
            }
            else if (path[i] == '.')
            {
                AddKey(keys, key);
            }
            else
            {
                key.Append(path[i]);
            }
        }

        AddKey(keys, key);
        return [.. keys];
    }

    public static bool Matches(byte[] step, ReadOnlySpan<byte> key) =>
        ReferenceEquals(step, Any) || key.SequenceEqual(step);

    /// <summary>The name in braces of a key that stands for any key; null for a key that stands for itself.</summary>
    public static string? CaptureOf(byte[] key) =>
        key is [(byte)'{', .. byte[] name, (byte)'}'] ? Encoding.UTF8.GetString(name) : null;

    private static void AddKey(List<byte[]> keys, StringBuilder key)
    {
        string text = key.ToString();
        key.Clear();
        int places = keys.Count;
        while (text.EndsWith(']') && text.LastIndexOf('[') is >= 0 and int open && IsPlace(text, open))
        {
            if (text.Length - open > 2)
            {
                keys.Insert(places, Encoding.UTF8.GetBytes(text[open..]));
            }

            text = text[..open];
        }

        if (text.Length > 0)
        {
            string plain = text.Replace(Literal.ToString(), "", StringComparison.Ordinal);
            keys.Insert(places, text == "*" ? Any : Encoding.UTF8.GetBytes(plain));
        }
    }

    private static bool IsPlace(string text, int open) => text[(open + 1)..^1].All(char.IsAsciiDigit)
        && (open == 0 || text[open - 1] != Literal);
}
