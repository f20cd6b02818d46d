using System.Text.Json;
using System.Text.RegularExpressions;
using Telemetry.Model;

namespace Telemetry.Influx;

/// <summary>One line that a server names in its refusal (InfluxDB 3.x).</summary>
/// <param name="Number">Its number in the body, from 1.</param>
/// <param name="Words">What is wrong with it.</param>
public readonly record struct RefusedLine(int Number, string Words);

/// <summary>A field that the server says to have with another type.</summary>
/// <param name="Measurement">Its measurement; empty when the server does not name it.</param>
/// <param name="Field">Its key.</param>
/// <param name="Type">The type it has there.</param>
public sealed record TypeConflict(string Measurement, string Field, FieldType Type);

/// <summary>
/// What a server's refusal (HTTP 400, 422) says of points, in the words of InfluxDB 1.6, 2.7 and 3.x as documented.
/// Words that are not among them are not about points, as far as we know: those of a proxy, say.
/// </summary>
public static partial class Refusal
{
    private static readonly string[] Known =
    [
        "unable to parse",
        "partial write",
        "field type conflict",
        "points beyond retention policy",
        "max-series-per-database",
        "max-values-per-tag",
        "invalid tag key",
        "invalid field name",
        "time outside range",
        "parsing failed for write_lp",
        "invalid column type",
        "line protocol",
    ];

    /// <summary>True when the words are such as a server has for points.</summary>
    public static bool IsOfPoints(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return Known.Any(known => words.Contains(known, StringComparison.Ordinal));
    }

    /// <summary>The field whose type an answer is about; null when it is about something else.</summary>
    public static TypeConflict? ConflictIn(string body)
    {
        string words = WordsOf(body);
        Match match = ConflictPattern().Match(words);
        match = match.Success ? match : ColumnPattern().Match(words);
        return match.Success && TypeOf(match.Groups["type"].Value) is { } type
            ? new TypeConflict(match.Groups["measurement"].Value, match.Groups["field"].Value, type)
            : null;
    }

    /// <summary>The lines that an answer of InfluxDB 3.x names; empty when it names none.</summary>
    public static IReadOnlyList<RefusedLine> LinesIn(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("data", out JsonElement data)
                ? [.. Entries(data).Select(LineOf).OfType<RefusedLine>()]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<JsonElement> Entries(JsonElement data) => data.ValueKind switch
    {
        JsonValueKind.Array => data.EnumerateArray(),
        JsonValueKind.Object => [data],
        _ => [],
    };

    private static RefusedLine? LineOf(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty("line_number", out JsonElement number)
        && number.ValueKind == JsonValueKind.Number
        && number.TryGetInt32(out int line)
        && line > 0
            ? new RefusedLine(line, entry.TryGetProperty("error_message", out JsonElement words) ? $"{words}" : "")
            : null;

    private static FieldType? TypeOf(string name) => name switch
    {
        "float" => FieldType.Float,
        "integer" => FieldType.Integer,
        "unsigned" or "uinteger" => FieldType.Unsigned,
        "boolean" => FieldType.Boolean,
        "string" => FieldType.String,
        _ => null,
    };

    /// <summary>What stands in the JSON of an answer: as <c>error</c> (1.x, 3.x) or <c>message</c> (2.x).</summary>
    private static string WordsOf(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && (root.TryGetProperty("error", out JsonElement words) || root.TryGetProperty("message", out words))
                ? $"{words}"
                : body;
        }
        catch (JsonException)
        {
            return body;
        }
    }

    /// <summary>
    /// <c>input field "v" on measurement "m" is type string, already exists as type float</c>
    /// </summary>
    [GeneratedRegex(
        """input field "(?<field>.+?)" on measurement "(?<measurement>.+?)" is type \w+, """
        + """already exists as type (?<type>\w+)""",
        RegexOptions.CultureInvariant | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ConflictPattern();

    /// <summary>
    /// <c>invalid column type for column 'v', expected iox::column_type::field::float, got …</c>
    /// </summary>
    [GeneratedRegex(
        @"invalid column type for column '(?<field>[^']+)', expected iox::column_type::field::(?<type>\w+)",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ColumnPattern();
}
