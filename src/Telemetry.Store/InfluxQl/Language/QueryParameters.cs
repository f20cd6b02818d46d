using System.Text.Json;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// The values of <c>$name</c> in a query: a JSON object of numbers, texts, booleans, or of objects with one entry that
/// says what the value is (<c>{"identifier": "cpu"}</c>; also string, regex, float, integer, duration). A value becomes
/// one token, so it can never be read as anything else.
/// </summary>
internal sealed class QueryParameters
{
    private readonly Dictionary<string, Token> _tokens = new(StringComparer.Ordinal);

    /// <summary>A query without parameters.</summary>
    public static QueryParameters None { get; } = new();

    /// <summary>Reads the <c>params</c> of a request.</summary>
    /// <exception cref="QueryRefusedException">It is no JSON object, or a value cannot stand in a query.</exception>
    public static QueryParameters Parse(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return None;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new QueryRefusedException(
                    $"expected an object of names and values, found {document.RootElement.ValueKind}");
            }

            var parameters = new QueryParameters();
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                parameters._tokens[property.Name] = TokenOf(property.Name, property.Value);
            }

            return parameters;
        }
        catch (JsonException fault)
        {
            throw new QueryRefusedException(fault.Message);
        }
    }

    /// <summary>The value in the place of its name.</summary>
    public Token Resolve(in Token name) => _tokens.TryGetValue(name.Text, out Token value)
        ? value with { Start = name.Start, End = name.End }
        : throw new QueryRefusedException($"missing parameter: {name.Text}");

    private static Token TokenOf(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Of(TokenKind.Text, value.GetString()!),
        JsonValueKind.Number => Of(NumberKindOf(value), value.GetRawText()),
        JsonValueKind.True => Of(TokenKind.Keyword, "TRUE"),
        JsonValueKind.False => Of(TokenKind.Keyword, "FALSE"),
        JsonValueKind.Object => NamedTokenOf(name, value),
        _ => throw new QueryRefusedException($"unable to bind parameter {name} with type {value.ValueKind}"),
    };

    private static Token NamedTokenOf(string name, JsonElement value)
    {
        List<JsonProperty> entries = [.. value.EnumerateObject()];
        if (entries is not [var entry])
        {
            throw new QueryRefusedException("bound object parameter value must have exactly one entry");
        }

        bool isText = entry.Value.ValueKind == JsonValueKind.String;
        bool isNumber = entry.Value.ValueKind == JsonValueKind.Number;
        bool isWhole = isNumber && NumberKindOf(entry.Value) == TokenKind.Integer;
        return entry.Name switch
        {
            "ident" or "identifier" when isText => Of(TokenKind.Identifier, entry.Value.GetString()!),
            "regex" when isText => Of(TokenKind.Regex, entry.Value.GetString()!),
            "string" when isText => Of(TokenKind.Text, entry.Value.GetString()!),
            "float" or "number" when isNumber => Of(TokenKind.Number, entry.Value.GetRawText()),
            "int" or "integer" when isWhole => Of(TokenKind.Integer, entry.Value.GetRawText()),
            "duration" when isWhole => Of(TokenKind.Duration, entry.Value.GetRawText() + "ns"),
            "duration" when isText => Of(TokenKind.Duration, entry.Value.GetString()!),
            _ => throw new QueryRefusedException(
                $"unable to bind parameter {name}: {entry.Value.GetRawText()} is no {entry.Name}"),
        };
    }

    private static TokenKind NumberKindOf(JsonElement number) =>
        number.TryGetInt64(out _) ? TokenKind.Integer : TokenKind.Number;

    private static Token Of(TokenKind kind, string text) => new(kind, text, 0, 0, IsQuoted: true);
}
