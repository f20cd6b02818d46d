using System.Text;
using Telemetry.Model;
using Telemetry.Site.Writing;

namespace Telemetry.Site;

/// <summary>
/// Writes a route as a site file has it, its bindings in the short form of name and signal. What is left at its default
/// is left out; reading the text gives an equal route.
/// </summary>
public static class RouteYaml
{
    /// <summary>A document with the one route in its section <c>routes</c>.</summary>
    /// <param name="route">The route.</param>
    /// <param name="comments">Lines to stand above it.</param>
    public static string Render(RouteDefinition route, params IReadOnlyList<string> comments)
    {
        var text = new StringBuilder();
        foreach (string comment in comments)
        {
            text.Append("# ").Append(WithoutControls(comment)).Append('\n');
        }

        text.Append("routes:\n");
        var writer = new YamlWriter(text, indent: 4);
        text.Append("  - name: ").Append(YamlWriter.Scalar(route.Name)).Append('\n');
        writer.Always("topic", route.Filter);
        writer.Always("decoder", route.Decoder);
        writer.Text("measurement", route.Measurement);
        writer.Map("tags", route.Tags.Select(tag => (tag.Key, tag.Value)));
        writer.Text("field", route.Field);
        writer.Text("gateway_key", route.GatewayKey);
        writer.Precision("precision", route.Precision, TimePrecision.Nanoseconds);
        MappingWriter.Write(writer, route);
        writer.Text("binding", route.Binding);
        writer.Map("bindings", route.Bindings.Select(binding => (binding.From, $"{binding.Asset}.{binding.Signal}")));
        writer.Map("units", route.Units.Select(unit => (unit.Key, unit.Value)));
        return text.ToString();
    }

    /// <summary>A comment may quote what a sender wrote, and ends with its line.</summary>
    private static string WithoutControls(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Select(c => char.IsControl(c) || c == '\uFEFF' ? ' ' : c));
}
