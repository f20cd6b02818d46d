using System.Text.Json;

namespace Telemetry.EndToEnd.Tests.Queries;

/// <summary>
/// Holds two answers against each other. Numbers are the same when their text is, or when they differ by less than
/// 1e-12 of the greater: sums are built in another order here than in influxd.
/// </summary>
internal static class AnswerComparison
{
    private const double Tolerance = 1e-12;

    /// <summary>Where the first difference is; empty when there is none.</summary>
    public static string FirstDifference(string expected, string found)
    {
        if (expected == found)
        {
            return "";
        }

        try
        {
            using JsonDocument left = JsonDocument.Parse(expected);
            using JsonDocument right = JsonDocument.Parse(found);
            return Compare(left.RootElement, right.RootElement, "$");
        }
        catch (JsonException)
        {
            return "$ is no JSON"; // chunks and CSV are compared as text
        }
    }

    private static string Compare(JsonElement left, JsonElement right, string place)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return Differ(left, right, place);
        }

        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                List<JsonProperty> leftProperties = [.. left.EnumerateObject()];
                List<JsonProperty> rightProperties = [.. right.EnumerateObject()];
                bool sameNames = leftProperties.Select(property => property.Name)
                    .SequenceEqual(rightProperties.Select(property => property.Name));
                return !sameNames
                    ? Differ(left, right, place)
                    : leftProperties.Zip(rightProperties)
                        .Select(pair => Compare(pair.First.Value, pair.Second.Value, $"{place}.{pair.First.Name}"))
                        .FirstOrDefault(difference => difference.Length > 0, "");
            case JsonValueKind.Array:
                return left.GetArrayLength() != right.GetArrayLength()
                    ? Differ(left, right, place)
                    : left.EnumerateArray().Zip(right.EnumerateArray())
                        .Select((pair, i) => Compare(pair.First, pair.Second, $"{place}[{i}]"))
                        .FirstOrDefault(difference => difference.Length > 0, "");
            case JsonValueKind.Number:
                return AreSame(left, right) ? "" : Differ(left, right, place);
            case JsonValueKind.String:
                return left.GetString() == right.GetString() ? "" : Differ(left, right, place);
            default:
                return left.GetRawText() == right.GetRawText() ? "" : Differ(left, right, place);
        }
    }

    private static bool AreSame(JsonElement left, JsonElement right)
    {
        (double a, double b) = (left.GetDouble(), right.GetDouble());
        return left.GetRawText() == right.GetRawText()
            || Math.Abs(a - b) <= Tolerance * Math.Max(Math.Abs(a), Math.Abs(b));
    }

    private static string Differ(JsonElement left, JsonElement right, string place) =>
        $"{place}: influxd {Shortened(left)}, here {Shortened(right)}";

    private static string Shortened(JsonElement element) =>
        element.GetRawText() is { Length: > 1500 } text ? text[..1500] + "…" : element.GetRawText();
}
