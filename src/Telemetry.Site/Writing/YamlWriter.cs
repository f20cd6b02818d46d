using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Site.Writing;

/// <summary>Writes the entries of one mapping of a site file, each on its line.</summary>
internal sealed class YamlWriter(StringBuilder text, int indent)
{
    private const int IndentStep = 2;

    /// <summary>Text as it can stand behind a key: plain where it is a word, else in double quotes.</summary>
    public static string Scalar(string value) =>
        value.Length > 0
        && char.IsAsciiLetter(value[0])
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
        && value is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off")
            ? value
            : Quoted(value);

    public void Always(string key, string value) => Line(key, Scalar(value));

    public void Text(string key, string value, string unless = "")
    {
        if (value != unless)
        {
            Line(key, Scalar(value));
        }
    }

    public void Number(string key, double? value, double? unless = null)
    {
        if (value != unless)
        {
            Line(key, value!.Value.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    public void Flag(string key, bool value)
    {
        if (value)
        {
            Line(key, "true");
        }
    }

    public void Precision(string key, TimePrecision value, TimePrecision? unless) =>
        Text(key, value == unless ? "" : PrecisionNames.Of(value));

    /// <summary>A mapping on one line; nothing when it is empty.</summary>
    public void Map(string key, IEnumerable<(string Key, string Value)> entries)
    {
        string joined = string.Join(", ", entries.Select(entry => $"{Scalar(entry.Key)}: {Scalar(entry.Value)}"));
        if (joined.Length > 0)
        {
            Line(key, $"{{{joined}}}");
        }
    }

    /// <summary>A list on one line; nothing when it is empty.</summary>
    public void List(string key, IEnumerable<string> items)
    {
        string joined = string.Join(", ", items.Select(Scalar));
        if (joined.Length > 0)
        {
            Line(key, $"[{joined}]");
        }
    }

    /// <summary>A mapping of lists on one line; nothing when it is empty.</summary>
    public void Lists(string key, IEnumerable<(string Key, IReadOnlyList<string> Items)> entries)
    {
        string joined = string.Join(
            ", ", entries.Select(entry => $"{Scalar(entry.Key)}: [{string.Join(", ", entry.Items.Select(Scalar))}]"));
        if (joined.Length > 0)
        {
            Line(key, $"{{{joined}}}");
        }
    }

    /// <summary>A list of child mappings.</summary>
    public void Children<T>(string key, IEnumerable<T> items, Action<YamlWriter, T> write)
    {
        Line(key, "");
        foreach (T item in items)
        {
            int start = text.Length;
            write(new YamlWriter(text, indent + (2 * IndentStep)), item);
            if (text.Length == start)
            {
                text.Append(' ', indent + IndentStep).Append("- {}\n");
            }
            else
            {
                text[start + indent + IndentStep] = '-';
            }
        }
    }

    /// <summary>A child mapping; <c>{}</c> when nothing is written into it.</summary>
    public void Child(string key, Action<YamlWriter> write)
    {
        int before = text.Length;
        Line(key, "");
        int start = text.Length;
        write(new YamlWriter(text, indent + IndentStep));
        if (text.Length == start)
        {
            text.Length = before;
            Line(key, "{}");
        }
    }

    private void Line(string key, string value)
    {
        text.Append(' ', indent).Append(Scalar(key)).Append(':');
        text.Append(value.Length > 0 ? " " : "").Append(value).Append('\n');
    }

    private static string Quoted(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in value)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' =>
                    string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
