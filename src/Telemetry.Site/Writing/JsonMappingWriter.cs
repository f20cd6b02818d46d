using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Site.Writing;

/// <summary>Writes the section <c>json</c> of a route: one mapping, or a list of them.</summary>
internal static class JsonMappingWriter
{
    public static void Write(YamlWriter route, JsonMapping json)
    {
        if (json.Others.Count == 0)
        {
            route.Child("json", section => WriteOne(section, json));
        }
        else
        {
            route.Children("json", [json, .. json.Others], WriteOne);
        }
    }

    private static void WriteOne(YamlWriter section, JsonMapping json)
    {
        section.Text("samples", json.Samples);
        section.Text("name", json.Name);
        section.Text("value", json.Value);
        if (json.TimeRest.Length > 0)
        {
            section.List("time", [json.Time, json.TimeRest]);
        }
        else
        {
            section.Text("time", json.Time);
        }

        section.Precision("precision", json.Precision, TimePrecision.Milliseconds);
        section.Text("zone", json.ZoneMinutes is { } minutes ? MappingWriter.ZoneOf(minutes) : "");
        section.Text("quality", json.Quality);
        if (json.HasStatusCodes)
        {
            section.Text("qualities", "opc-ua");
        }

        section.Map("qualities", json.Qualities.Select(pair => (pair.Key, QualityOf(pair.Value))));
        section.Text("unit", json.Unit);
        section.Map("tags", json.Tags.Select(tag => (tag.Key, tag.Value)));
        section.Lists("when", json.When.Select(condition => (condition.Path, ValuesOf(condition))));
        section.List("include", json.Include);
        section.List("exclude", json.Exclude);
        section.Text("names", json.Names);
        section.Map("rename", json.Rename.Select(pair => (pair.Key, pair.Value)));
        section.Map("words", json.Words.Select(pair => (pair.Key, TextOf(pair.Value))));
        section.Flag("text", json.KeepsText);
        section.List("invalid", json.Invalid.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
        section.Map("defaults", json.Defaults.Select(pair => (pair.Key, TextOf(pair.Value))));
        section.Text("separator", json.Separator, unless: "_");
        if (json.Bytes.Length > 0 && json.Layout is { } layout)
        {
            section.Text(json.IsHex ? "hex" : "base64", json.Bytes);
            section.Child("binary", child => MappingWriter.WriteBinary(child, layout));
        }
    }

    private static IReadOnlyList<string> ValuesOf(JsonCondition condition) =>
        condition.Values.Count == 0 ? ["*"] : condition.Values;

    private static string TextOf(JsonConstant constant) => constant.Type == FieldType.Boolean
        ? constant.Value == 1 ? "true" : "false"
        : constant.Value.ToString("R", CultureInfo.InvariantCulture);

    private static string QualityOf(byte quality) => quality switch
    {
        Quality.Good => "good",
        Quality.Uncertain => "uncertain",
        Quality.Bad => "bad",
        _ => quality.ToString(CultureInfo.InvariantCulture),
    };
}
