using System.Text.RegularExpressions;

namespace Telemetry.Influx;

/// <summary>
/// Whether statements of InfluxQL only read, so that they may go to a server under our credentials. Says no in doubt:
/// a regular expression may hide a quote, so where there is a slash the verbs that change something may stand nowhere,
/// not even in quotes.
/// </summary>
public static partial class ReadOnlyStatements
{
    /// <summary>Why they may not be passed on; null when they may.</summary>
    public static string? FaultOf(string statements)
    {
        ArgumentNullException.ThrowIfNull(statements);
        bool hasSlash = statements.Contains('/', StringComparison.Ordinal);
        string bare = Quoted().Replace(statements, "''");
        if (bare.Contains("--", StringComparison.Ordinal) || bare.Contains("/*", StringComparison.Ordinal))
        {
            return "it holds a comment";
        }

        if (Changing().Match(hasSlash ? statements : bare) is { Success: true } verb)
        {
            return $"it holds {verb.Value.ToUpperInvariant()}, and only reading is passed on";
        }

        return bare.Split(';').FirstOrDefault(part => !string.IsNullOrWhiteSpace(part) && !Reading().IsMatch(part))
            is { } other
            ? $"a statement begins with '{other.Trim().Split(' ')[0]}', and only SELECT and SHOW are passed on"
            : null;
    }

    /// <summary>Text in single quotes and names in double quotes, with their escapes.</summary>
    [GeneratedRegex("""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*" """,
        RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(?:INTO|CREATE|DROP|DELETE|ALTER|GRANT|REVOKE|KILL|SET)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Changing();

    [GeneratedRegex(@"^\s*(?:SELECT|SHOW)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reading();
}
