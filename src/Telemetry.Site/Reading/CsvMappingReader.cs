using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>Reads the section <c>csv</c> of a route: what the cells of a line are.</summary>
internal static class CsvMappingReader
{
    private static readonly string[] Keys =
        ["columns", "time", "quality", "tags", "delimiter", "decimal", "header", "precision", "zone"];

    private static readonly Dictionary<string, char> Delimiters = new(StringComparer.Ordinal)
    {
        ["comma"] = ',',
        ["semicolon"] = ';',
        ["tab"] = '\t',
        ["pipe"] = '|',
        ["space"] = ' ',
    };

    public static CsvMapping Read(Section route)
    {
        Section section = route.Child("csv", Keys);
        string[] columns = [.. section.Items("columns").Select(item => item.Text)];
        string[] tags = [.. section.Items("tags").Select(item => item.Text)];
        CheckColumns(section, columns, tags);
        string delimiter = section.Text("delimiter");
        bool isKnown = Delimiters.TryGetValue(delimiter, out char parts);
        if (delimiter.Length > 0 && !isKnown)
        {
            section.Report(
                "delimiter",
                $"cannot use delimiter \"{delimiter}\": unknown; write one of {string.Join(", ", Delimiters.Keys)}");
        }

        bool hasDecimalComma = ReadDecimalComma(section);
        if (hasDecimalComma && (parts == ',' || !isKnown))
        {
            section.Report(
                "decimal", "cannot tell a decimal comma from a delimiter; write delimiter: semicolon, or tab");
        }

        return new CsvMapping
        {
            Columns = columns,
            Time = section.Text("time"),
            Quality = section.Text("quality"),
            Tags = tags,
            Delimiter = isKnown ? parts : null,
            HasDecimalComma = hasDecimalComma,
            HasHeader = section.Flag("header", false),
            Precision = section.Has("precision")
                ? RouteReader.ReadPrecision(section, TimePrecision.Seconds)
                : null,
            ZoneMinutes = ReadZone(section),
        };
    }

    private static void CheckColumns(Section section, string[] columns, string[] tags)
    {
        foreach (string column in columns.Where(name => name.Length > 0).Distinct())
        {
            if (columns.Count(name => name == column) > 1)
            {
                section.Report("columns", $"cannot name two columns \"{column}\"; write another name, or \"\" for one");
            }
        }

        foreach ((string key, string name) in tags.Select(tag => ("tags", tag))
            .Append(("time", section.Text("time"))).Append(("quality", section.Text("quality"))))
        {
            if (name.Length > 0 && !columns.Contains(name))
            {
                section.Report(key, $"cannot find column \"{name}\"; {Suggestion.For(name, columns)}");
            }
        }
    }

    private static bool ReadDecimalComma(Section section)
    {
        string text = section.Text("decimal", "point");
        if (text is not ("point" or "comma"))
        {
            section.Report("decimal", $"cannot use decimal \"{text}\": unknown; write point or comma");
        }

        return text == "comma";
    }

    /// <summary>A fixed distance from UTC, such as +08:00.</summary>
    public static int? ReadZone(Section section)
    {
        string text = section.Text("zone");
        string digits = text.TrimStart('+', '-');
        bool isZone = text.Length > 0 && text[0] is '+' or '-'
            && TimeOnly.TryParseExact(digits, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        if (!isZone)
        {
            if (text.Length > 0)
            {
                section.Report("zone", $"cannot use zone \"{text}\"; write hours and minutes from UTC, such as +08:00");
            }

            return null;
        }

        var distance = TimeOnly.ParseExact(digits, "HH:mm", CultureInfo.InvariantCulture);
        int minutes = (distance.Hour * 60) + distance.Minute;
        return text[0] == '-' ? -minutes : minutes;
    }
}
