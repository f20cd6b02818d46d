using System.Globalization;
using System.Text;

namespace Telemetry.Ingestion;

/// <summary>
/// Text with places for topic levels: <c>{1}</c> is the first level, <c>{topic}</c> the whole name, <c>{client}</c> the
/// sender; <c>{3+}</c> is the third level and all behind it, joined by <c>_</c>. A level that is not there is empty
/// text.
/// </summary>
internal sealed class TopicTemplate
{
    private readonly string _text;

    public TopicTemplate(string text) => _text = text;

    /// <summary>True when the result depends on who sent the message.</summary>
    public bool NamesClient => _text.Contains("{client}", StringComparison.Ordinal);

    /// <summary>True when the result depends on the topic.</summary>
    public bool NamesTopic => _text.Replace("{client}", "", StringComparison.Ordinal).Contains('{');

    public bool IsEmpty => _text.Length == 0;

    public string Render(string topic, string client)
    {
        if (!_text.Contains('{'))
        {
            return _text;
        }

        string[] levels = topic.Split('/');
        var result = new StringBuilder();
        int position = 0;
        while (position < _text.Length)
        {
            int open = _text.IndexOf('{', position);
            int close = open < 0 ? -1 : _text.IndexOf('}', open);
            if (close < 0)
            {
                result.Append(_text.AsSpan(position));
                break;
            }

            result.Append(_text.AsSpan(position, open - position));
            result.Append(ValueOf(_text.AsSpan(open + 1, close - open - 1), topic, client, levels));
            position = close + 1;
        }

        return result.ToString();
    }

    private static string ValueOf(ReadOnlySpan<char> name, string topic, string client, string[] levels)
    {
        bool takesRest = name.EndsWith("+");
        if (int.TryParse(
            takesRest ? name[..^1] : name, NumberStyles.None, CultureInfo.InvariantCulture, out int level))
        {
            return level < 1 || level > levels.Length ? ""
                : takesRest ? string.Join('_', levels[(level - 1)..])
                : levels[level - 1];
        }

        return name switch
        {
            "topic" => topic,
            "client" => client,
            _ => "",
        };
    }
}
