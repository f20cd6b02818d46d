namespace Telemetry.Site.Reading;

/// <summary>What a topic filter (MQTT 5.0 §4.7.1) and a template over its levels may be.</summary>
internal static class TopicRules
{
    /// <summary>Says what is wrong with a filter and what to write; null when it is right.</summary>
    public static string? FaultOf(string filter)
    {
        if (filter.Length == 0 || filter.Contains('\0'))
        {
            return "it is empty or holds U+0000; write a topic filter such as plant/+/data";
        }

        string[] levels = filter.Split('/');
        for (int i = 0; i < levels.Length; i++)
        {
            if (levels[i].Contains('+') && levels[i].Length > 1)
            {
                return $"\"+\" must be a whole level, found \"{levels[i]}\"; write \"/+/\"";
            }

            if (levels[i].Contains('#') && (levels[i].Length > 1 || i < levels.Length - 1))
            {
                return $"\"#\" must be the whole last level, found \"{levels[i]}\" as level {i + 1}; end with \"/#\"";
            }
        }

        return null;
    }

    /// <summary>Says what is wrong with a template such as <c>{3}-{client}</c>; null when it is right.</summary>
    public static string? FaultOfTemplate(string template, string filter)
    {
        int position = 0;
        while (position < template.Length)
        {
            int open = template.IndexOfAny(['{', '}'], position);
            if (open < 0)
            {
                return null;
            }

            int close = template.IndexOf('}', open);
            if (template[open] == '}' || close < 0)
            {
                return $"brace at character {open + 1} has no partner; write {{1}}, {{client}} or {{topic}}";
            }

            string? fault = FaultOfPlace(template[(open + 1)..close], filter);
            if (fault is not null)
            {
                return fault;
            }

            position = close + 1;
        }

        return null;
    }

    private static string? FaultOfPlace(string name, string filter)
    {
        if (name is "client" or "topic")
        {
            return null;
        }

        if (!int.TryParse(name.EndsWith('+') ? name[..^1] : name, out int level) || level < 1)
        {
            return $"{{{name}}} is unknown; write {{1}}, {{2}}, …, {{2+}} for all from 2 on, {{client}} or {{topic}}";
        }

        int levelCount = filter.Split('/').Length;
        return filter.EndsWith('#') || level <= levelCount
            ? null
            : $"{{{level}}} is beyond the {levelCount} levels of the filter; write {{1}} to {{{levelCount}}}";
    }
}
