using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Telemetry.Service;

/// <summary>The curves in an answer of <c>/query</c>: each column of numbers of each series.</summary>
internal static class QueryCurves
{
    /// <summary>Functions and arithmetic whose results are not in the unit of the field.</summary>
    private const string KeepsNoUnit =
        @"\b(count|derivative|non_negative_derivative|integral|elapsed|quality|\w+_time|time_\w+|original|pow|ln|log\w*"
        + @"|exp|a?(sin|cos|tan)|atan2|sqrt)\s*\(|[\w)]\s*[*/%^]\s*[\w(]";

    /// <summary>Reads them.</summary>
    /// <param name="answer">The answer, with times as text.</param>
    /// <param name="statement">What was asked.</param>
    /// <param name="site">The answer of <c>/api/site</c>, which knows units; null when it gave none.</param>
    public static IReadOnlyList<PlotCurve> Read(JsonElement answer, string statement, JsonElement site)
    {
        List<PlotCurve> curves = [];
        string[] items = ItemsOf(statement);
        foreach (JsonElement result in answer.GetProperty("results").EnumerateArray())
        {
            if (result.TryGetProperty("series", out JsonElement series))
            {
                curves.AddRange(series.EnumerateArray().SelectMany(one => ReadSeries(one, items, site)));
            }
        }

        return curves;
    }

    private static IEnumerable<PlotCurve> ReadSeries(JsonElement series, string[] items, JsonElement site)
    {
        string[] columns = [.. series.GetProperty("columns").EnumerateArray().Select(name => name.GetString()!)];
        JsonElement rows = series.TryGetProperty("values", out JsonElement values) ? values : default;
        if (columns is not ["time", _, ..] || rows.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        string name = series.TryGetProperty("name", out JsonElement text) ? text.GetString()! : "";
        string tags = series.TryGetProperty("tags", out JsonElement pairs)
            ? string.Concat(pairs.EnumerateObject().Select(tag => $" {tag.Name}={tag.Value}"))
            : "";
        bool isAligned = items.Length == columns.Length - 1; // no * and no pattern among them
        for (int column = 1; column < columns.Length; column++)
        {
            string item = isAligned ? items[column - 1] : columns[column];
            bool hasAlias = Regex.IsMatch(item, @"\sAS\s", RegexOptions.IgnoreCase);
            PlotPoint[] points = [.. rows.EnumerateArray()
                .Select(row => new PlotPoint(TimeOf(row[0]), NumberOf(row[column])))
                .OrderBy(point => point.Time)];
            string title = $"{name}{tags} {(hasAlias ? columns[column] : item)}".Trim();
            yield return new PlotCurve(title, UnitOf(name, item, site), points);
        }
    }

    private static DateTimeOffset TimeOf(JsonElement time) =>
        DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture);

    private static double? NumberOf(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Number => cell.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    };

    /// <summary>What stands between SELECT and FROM, cut at the commas outside of parentheses.</summary>
    private static string[] ItemsOf(string statement)
    {
        Match match = Regex.Match(
            statement, @"^\s*SELECT\s+(?<items>.*?)\s+FROM\b", RegexOptions.IgnoreCase | RegexOptions.Singleline);
        return [.. Regex.Split(match.Groups["items"].Value, @",(?![^(]*\))").Select(item => item.Trim())];
    }

    /// <summary>
    /// The unit of the fields that an item names, when they have one and the same; what is counted or calculated has
    /// none that is known.
    /// </summary>
    private static string UnitOf(string measurement, string item, JsonElement site)
    {
        if (site.ValueKind != JsonValueKind.Object || Regex.IsMatch(item, KeepsNoUnit, RegexOptions.IgnoreCase))
        {
            return "";
        }

        string[] units = [.. site.GetProperty("signals").EnumerateArray()
            .Where(signal => signal.GetProperty("measurement").GetString() == measurement
                && Regex.IsMatch(item, $@"\b{Regex.Escape(signal.GetProperty("field").GetString()!)}\b"))
            .Select(signal => signal.GetProperty("unit").GetString()!)
            .Distinct()];
        return units is [var unit] ? unit : "";
    }
}
