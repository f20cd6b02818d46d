using System.Globalization;
using System.Text.RegularExpressions;

namespace Telemetry.Recognition;

/// <summary>What the levels of a topic say by themselves.</summary>
public static class TopicShape
{
    private const int HexDigitsMin = 6; // half a MAC address, as firmware puts it behind names

    /// <summary>
    /// A filter for topics like this one: levels that look like the name of one device or message become <c>+</c>.
    /// </summary>
    public static string FilterOf(string topic) => FilterOf(topic.Split('/'), _ => false);

    internal static string FilterOf(IReadOnlyList<string> levels, Func<string, bool> isNamedInBody)
    {
        IEnumerable<string> general = levels.Select((level, i) =>
            (i > 0 && isNamedInBody(level)) || IsIdentifier(level) || level.Contains('+') || level.Contains('#')
                ? "+"
                : level);
        string filter = string.Join('/', general);
        return filter == "+" ? levels[0] : filter;
    }

    /// <summary>
    /// Digits, hexadecimal digits, a UUID, a MAC address, or a word with a number at its end: <c>gw01</c>,
    /// <c>esp32_A1B2C3</c>. A version such as <c>v3</c> is none.
    /// </summary>
    internal static bool IsIdentifier(string level) =>
        !Regex.IsMatch(level, @"^[vV]\d+(\.\d+)*$|^spBv1\.0$")
        && (level.All(char.IsAsciiDigit)
            || (level.Length >= HexDigitsMin && level.All(char.IsAsciiHexDigit) && level.Any(char.IsAsciiDigit))
            || Guid.TryParse(level, out _)
            || Regex.IsMatch(level, "^!?([0-9A-Fa-f]{2}[:-]?){4,}$")
            || Regex.IsMatch(level, @"^[\p{L}_-]+[_-]?[0-9A-Fa-f]*\d[0-9A-Fa-f]*$"));

    /// <summary>
    /// How many levels stand before those that a documented filter takes, since bridges put their own in front; -1 when
    /// it takes none.
    /// </summary>
    internal static int OffsetOf(string filter, IReadOnlyList<string> levels)
    {
        string[] wanted = filter.Split('/');
        bool isOpen = wanted[^1] == "#";
        int fixedCount = isOpen ? wanted.Length - 1 : wanted.Length;
        int offsetMax = wanted[0] == "+" ? 0 : levels.Count - fixedCount;
        for (int offset = 0; offset <= offsetMax; offset++)
        {
            if ((isOpen || offset + fixedCount == levels.Count)
                && Enumerable.Range(0, fixedCount).All(i => wanted[i] == "+" || wanted[i] == levels[offset + i]))
            {
                return offset;
            }
        }

        return -1;
    }

    /// <summary>A template whose levels count from further behind.</summary>
    internal static string Shift(string template, int by) => by == 0
        ? template
        : Regex.Replace(template, @"\{(\d+)", match =>
            "{" + (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) + by)
                .ToString(CultureInfo.InvariantCulture));
}
