namespace Telemetry.Store.InfluxQl;

/// <summary>Reads what stands after FROM and ON.</summary>
internal sealed class SourceParser(TokenReader tokens)
{
    /// <summary>Reads <c>FROM source {, source}</c> if it stands there.</summary>
    public IReadOnlyList<Source> ParseOptionalFrom() => tokens.TryTakeKeyword("FROM") ? ParseList() : [];

    /// <summary>Reads <c>ON database</c> if it stands there.</summary>
    public string ParseOptionalOn() => tokens.TryTakeKeyword("ON") ? tokens.RequireIdentifier() : "";

    /// <summary>Reads one source or several.</summary>
    public IReadOnlyList<Source> ParseList()
    {
        var sources = new List<Source>();
        do
        {
            sources.Add(ParseOne());
        }
        while (tokens.TryTakeSymbol(","));
        return sources;
    }

    /// <summary>Reads <c>[[database.][policy].]measurement</c>; the last part may be a regular expression.</summary>
    public Source ParseOne()
    {
        var names = new List<string>();
        while (true)
        {
            if (tokens.TryTakeRegex(out Token regex))
            {
                return Of(names, "", ExpressionParser.Compile(regex.Text));
            }

            if (tokens.Peek.IsSymbol(".") && names.Count == 1)
            {
                names.Add(""); // database..measurement
            }
            else
            {
                names.Add(tokens.RequireIdentifier());
            }

            if (names.Count == 3 || !tokens.TryTakeSymbol("."))
            {
                string measurement = names[^1];
                names.RemoveAt(names.Count - 1);
                return Of(names, measurement, null);
            }
        }
    }

    private static Source Of(
        List<string> qualifiers, string measurement, System.Text.RegularExpressions.Regex? pattern) =>
        new(
            qualifiers.Count > 1 ? qualifiers[0] : "",
            qualifiers.Count > 0 ? qualifiers[^1] : "",
            measurement,
            pattern);
}
